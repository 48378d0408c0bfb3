"""Tables that read well at a terminal and in Markdown alike."""

from collections.abc import Sequence


def show(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    rule = ["-" * width for width in widths]
    return "\n".join("| " + " | ".join(map(str.ljust, row, widths)) + " |" for row in (head, rule, *rows))
