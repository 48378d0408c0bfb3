"""Errors of the model's server in the log: its own words, without the person's."""

import re

from functions.llm_reply.llm import error_table
from functions.llm_reply.llm.errors import MAX_MESSAGE, RefusedRequestError
from functions.llm_reply.prompting.prompt import Prompt
from troupe.observability import logger

# They pass, or the person can do something about them.
OF_NO_INTEREST = {error_table.FILTERED, error_table.CONTEXT, error_table.RATE_LIMIT, error_table.TIMEOUT}
# So many words in a row that stand in the prompt too are taken for a quotation.
QUOTED_WORDS = 3
SECRET = re.compile(r"\bsk-[\w*.-]+|\bBearer\s+\S+|\b(?=[\w-]*\d)[\w-]{24,}")
LEFT_OUT = "…"


def log_refused(error: RefusedRequestError, prompt: Prompt) -> None:
    """For the operator, who alone can do something about it: a key, the account, or an error that no row knows yet."""
    if error.failure.name in OF_NO_INTEREST:
        return
    said = error.said
    told = {
        "failure": error.failure.name,
        "status": said.status,
        "code": said.code[:MAX_MESSAGE],
        "said": scrubbed(said.message, prompt),
    }
    logger.warning("The model's server refuses a request", extra=told)


def scrubbed(message: str, prompt: Prompt) -> str:
    """Cut, and without what it quotes of the prompt: a provider may repeat what a person has written."""
    message = SECRET.sub(LEFT_OUT, message[: 10 * MAX_MESSAGE])
    for line in prompt.lines:
        if line.text.strip():
            message = message.replace(line.text.strip(), LEFT_OUT)
    known = _rows_of_words(
        " ".join([prompt.instructions, *(line.text for line in prompt.lines), prompt.speakers.person])
    )
    words = message.split()
    quoted: set[int] = set()
    for start in range(len(words)):
        if _plain(words[start : start + QUOTED_WORDS]) in known:
            quoted.update(range(start, start + QUOTED_WORDS))
    name = prompt.speakers.person
    kept = [LEFT_OUT if place in quoted or (name and name in word) else word for place, word in enumerate(words)]
    return " ".join(kept)[:MAX_MESSAGE]


def _rows_of_words(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    return {_plain(words[start : start + QUOTED_WORDS]) for start in range(len(words) - QUOTED_WORDS + 1)}


def _plain(words: list[str]) -> tuple[str, ...]:
    return tuple(re.sub(r"\W+", "", word).lower() for word in words)
