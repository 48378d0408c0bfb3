"""Logs errors of the model's server: the server's own message, without the person's text."""

import re

from functions.llm_reply.llm import error_table
from functions.llm_reply.llm.errors import MAX_MESSAGE, RefusedRequestError
from functions.llm_reply.prompting.prompt import Prompt
from troupe.observability import logger

# Errors that pass by themselves, or that the person can end.
OF_NO_INTEREST = {error_table.FILTERED, error_table.CONTEXT, error_table.RATE_LIMIT, error_table.TIMEOUT}
# This many words in a row that are also in the prompt count as a quotation.
QUOTED_WORDS = 3
SECRET = re.compile(r"\bsk-[\w*.-]+|\bBearer\s+\S+|\b(?=[\w-]*\d)[\w-]{24,}")
LEFT_OUT = "…"


def log_refused(error: RefusedRequestError, prompt: Prompt) -> None:
    """Logs errors that only the operator can end: a key, the account, or an error that no row of the table fits."""
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
    """Cuts the message and removes quotations of the prompt: a provider may repeat the person's text."""
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
