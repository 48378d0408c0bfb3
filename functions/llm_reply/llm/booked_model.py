"""The model as every job asks it: within the limits, and with what it costs booked."""

from dataclasses import replace

from functions.llm_reply.llm.bill import Bill
from functions.llm_reply.llm.booking import reserved, settle
from functions.llm_reply.llm.embeddings import Embeddings
from functions.llm_reply.llm.fallback import ModelWithFallback
from functions.llm_reply.llm.generation import Generated, Request
from troupe.spending.ledger import Spender


class BookedModel:
    """`embeddings`: the model for vectors, if there is one."""

    def __init__(self, model: ModelWithFallback, embeddings: Embeddings | None = None) -> None:
        self._model = model
        self.embeddings = embeddings

    async def generate(self, request: Request, spender: Spender) -> Generated:
        """As `ModelWithFallback.generate`.

        :raises LimitReachedError: the model was not asked
        """
        bill = Bill(request.prompt, request.max_tokens)
        booking = await reserved(spender, bill.estimate)
        error: BaseException | None = None
        try:
            return await self._model.generate(replace(request, on_piece=bill.add))
        except BaseException as failed:
            error = failed
            raise
        finally:
            await settle(booking, bill.cost(error))
