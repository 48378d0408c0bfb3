"""A request to the model, and the answer that it brings."""

from collections.abc import Callable
from dataclasses import dataclass

from functions.llm_reply.llm.interruption import Interruption, Why
from functions.llm_reply.llm.stream_events import Piece, Unseen, Usage
from functions.llm_reply.prompting.prompt import Prompt

# The limit is generous, because a cut answer is worse than a long one. The prompt asks for short answers.
MAX_OUTPUT_TOKENS = 2000


@dataclass(frozen=True)
class Request:
    """`on_text` is called with the whole answer so far, each time it grows; `on_piece` with all that comes."""

    prompt: Prompt
    timeout_s: float
    max_tokens: int = MAX_OUTPUT_TOKENS
    on_text: Callable[[str], None] = lambda _: None
    on_piece: Callable[[Piece], None] = lambda _: None
    interruption: Interruption | None = None


@dataclass(frozen=True)
class Generated:
    """The answer and what it cost: model, tokens (input, cached, written to the cache, output), and times from the
    request in milliseconds.

    `is_refusal`: the model has declined, in its own words. `stopped`: it was interrupted, and its text may be empty.
    `unseen`: why it was asked without the prompt's pictures.
    """

    text: str
    usage: Usage
    is_refusal: bool = False
    stopped: Why | None = None
    unseen: Unseen | None = None
