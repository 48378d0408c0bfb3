"""Makes text of other programs fit to be stored, sent and shown."""

# Letters and symbols that look like nothing at all: Hangul fillers and the empty Braille pattern.
BLANKS = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800"}


def without_lone_surrogates(text: str) -> str:
    """JSON can carry half of a surrogate pair, and neither a table nor a queue takes it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def is_blank(text: str) -> bool:
    """True if nothing of the text is visible. Python calls controls, zero-width signs and separators unprintable."""
    return not any(sign.isprintable() and not sign.isspace() and sign not in BLANKS for sign in text)
