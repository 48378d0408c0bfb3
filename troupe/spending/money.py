"""Money is counted in nanodollars: whole numbers, so that sums are exact."""

# The cheapest token, one at $0.01 per million, costs ten of them.
NANODOLLARS = 1_000_000_000


def nanodollars(dollars: float) -> int:
    return round(dollars * NANODOLLARS)


def dollars(nanodollars: float) -> float:
    return nanodollars / NANODOLLARS
