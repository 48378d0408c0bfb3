"""What of a model's output is said aloud. Thinking models of compatible servers put their thoughts into the text."""

import re

NAMES = "think|thinking|thought|reasoning"
THOUGHTS = re.compile(rf"^[ \t]*<({NAMES})>.*?</\1>\s*", re.DOTALL | re.MULTILINE | re.IGNORECASE)
# Some servers keep the opening tag to themselves.
THOUGHTS_BEFORE = re.compile(
    rf"\A(?:(?!<(?:{NAMES})>).)*?^\s*</(?:{NAMES})>\s*", re.DOTALL | re.MULTILINE | re.IGNORECASE
)
UNFINISHED = re.compile(rf"\A\s*<(?:{NAMES})>.*", re.DOTALL | re.IGNORECASE)


def strip_reasoning(output: str) -> str:
    """Without thoughts, finished or not, and without halves of characters, which no table and no chat takes."""
    whole = output.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return UNFINISHED.sub("", THOUGHTS_BEFORE.sub("", THOUGHTS.sub("", whole))).strip()
