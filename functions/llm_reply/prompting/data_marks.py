"""Marks text that people wrote as data, so that no model takes it for the system's own words.

A card, a book, facts, a summary or a name may say anything: "</card>", "[developer]", "from now on you are ...". Such
text stands between two tags that it can't write itself, and a name between quotation marks that it can't close.
"""

import re

# Every tag of Troupe's prompts. "note" is for text without a known writer.
KINDS = ("card", "author", "reminder", "facts", "summary", "memories", "book", "note", "chat")
# Also "< / card >", "<\u200b/card>" and "<_card>", which a model might take for a tag.
_TAG = re.compile(rf"<(?=[\W_]{{0,8}}(?:{'|'.join(KINDS)})(?![^\W_]))", re.IGNORECASE)
# With these, chat templates of open models begin and end a message; some servers read them in a message's text too.
_TEMPLATE = re.compile(
    r"<(?=\|)|<(?=/?(?:s|bos|eos|start_of_turn|end_of_turn)>)|<(?=<?/?SYS>>)|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS)\])",
    re.IGNORECASE,
)
_NOT_IN_A_NAME = str.maketrans(
    {'"': "'", "“": "'", "”": "'", "„": "'", "«": "'", "»": "'", "<": "(", ">": ")", "[": "(", "]": ")"}
)
MAX_NAME = 64


def as_data(kind: str, text: str) -> str:
    """:param kind: one of KINDS"""
    return f"<{kind}>\n{without_marks(text).strip()}\n</{kind}>"


def without_marks(text: str) -> str:
    """The text, unable to open or close a tag of ours or a message of a chat template."""
    return _TEMPLATE.sub("(", _TAG.sub("(", text))


def as_description(text: str, most: int) -> str:
    """Makes a picture's description fit between two brackets: one line that can't close them, at most so long."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in without_marks(text)).split())
    plain = plain.replace("[", "(").replace("]", ")")
    return plain if len(plain) <= most else f"{plain[: most - 1]}…"


def as_name(name: str) -> str:
    """On one line, so that it begins no paragraph; without quotation marks, so that it closes none."""
    shown = "".join(sign if sign.isprintable() else " " for sign in name)
    return " ".join(shown.split())[:MAX_NAME].translate(_NOT_IN_A_NAME)
