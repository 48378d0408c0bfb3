"""The model as every job asks it: within the limits, and with what it costs booked."""

from collections.abc import Callable

from functions.llm_reply.llm.bill import Bill
from functions.llm_reply.llm.booking import reserved, settle
from functions.llm_reply.llm.client import MAX_OUTPUT_TOKENS, Generated
from functions.llm_reply.llm.embeddings import Embeddings
from functions.llm_reply.llm.fallback import ModelWithFallback
from functions.llm_reply.llm.interruption import Interruption
from functions.llm_reply.prompting.prompt import Prompt
from troupe.spending.ledger import Spender


class BookedModel:
    """`embeddings`: the model for vectors, if there is one."""

    def __init__(self, model: ModelWithFallback, embeddings: Embeddings | None = None) -> None:
        self._model = model
        self.embeddings = embeddings

    async def generate(
        self,
        prompt: Prompt,
        on_text: Callable[[str], None],
        timeout_s: float,
        max_tokens: int = MAX_OUTPUT_TOKENS,
        *,
        spender: Spender,
        interruption: Interruption | None = None,
    ) -> Generated:
        """As `ModelWithFallback.generate`.

        :raises LimitReachedError: the model was not asked
        """
        bill = Bill(prompt, max_tokens)
        booking = await reserved(spender, bill.estimate)
        error: BaseException | None = None
        try:
            return await self._model.generate(
                prompt, on_text, timeout_s, max_tokens, on_piece=bill.add, interruption=interruption
            )
        except BaseException as failed:
            error = failed
            raise
        finally:
            await settle(booking, bill.cost(error))
