"""A character whose card has no greeting opens the conversation by itself."""

import asyncio

from functions.llm_reply import settings
from functions.llm_reply.llm.booked_model import BookedModel
from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.llm.generation import Request
from functions.llm_reply.llm.usage import record_usage
from functions.llm_reply.messaging.greetings import Greeting, macros_of
from functions.llm_reply.prompting.cards import lore_of
from functions.llm_reply.prompting.opening import opening_prompt
from functions.llm_reply.queue_work.batch import PostponedError, Task
from functions.llm_reply.queue_work.storing import until_stored
from troupe.characters.card import Card
from troupe.conversations.conversation import Conversation
from troupe.conversations.jobs.answering import GreetJob
from troupe.observability import count
from troupe.spending.ledger import Spender
from troupe.spending.limits import LimitReachedError
from troupe.telegram.texts import texts
from troupe.users import User


async def improvise(
    job: GreetJob, task: Task, model: BookedModel, *, user: User | None, card: Card, conversation: Conversation
) -> Greeting:
    """Asked for once: the text is stored before it is sent. If the model fails, the bot says who is there.

    :raises PostponedError: another attempt may bring an opening
    """
    if conversation.greeting:
        return Greeting(0, str(conversation.greeting), str(conversation.greeting))
    if task.left_s() < settings.model_timeout_s + settings.telegram_timeout_s:
        raise PostponedError(0)
    lore = await asyncio.to_thread(lore_of, job.character_id)
    macros = macros_of(card, job.language, user, str(conversation.conversation_id))
    prompt = opening_prompt(card, lore, macros, job.language, job.person_id)
    try:
        spender = Spender(job.person_id, settings.limits.of(user))
        generated = await model.generate(Request(prompt, settings.model_timeout_s), spender)
    except (ModelError, LimitReachedError) as error:
        if isinstance(error, ModelError) and task.receive_count < error.failure.tries:
            raise PostponedError(error.failure.wait_s(task.receive_count), error.failure.name) from error
        return Greeting(0, texts(job.language).waits.format(name=macros.char), "")
    record_usage(generated.usage)
    await until_stored(conversation.update, [Conversation.greeting.set(generated.text)])
    count("OpeningsImprovised")
    return Greeting(0, generated.text, generated.text)
