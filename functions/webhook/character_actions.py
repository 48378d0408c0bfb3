"""The buttons under previews of characters and chats that a person brought, and the links of shared characters."""

from functions.webhook.context import Method, UpdateContext
from functions.webhook.queueing import queue_greeting, queue_job
from troupe import choices
from troupe.characters.character import Character
from troupe.characters.ids import in_metrics
from troupe.clock import now_ms
from troupe.conversations.jobs.brought_chats import DropChatJob, ImportChatJob
from troupe.conversations.jobs.characters import ExportCardJob, IntroduceJob, OwnerJob
from troupe.observability import count


def talk(context: UpdateContext, character_id: str, share_token: str = "") -> Method:
    if not Character.may_choose(context.person.user_id, character_id, share_token):
        return context.say(context.texts.old_button)
    user = choices.choose(context.person, character_id)
    queue_greeting(context, character_id, user.generation(character_id) if user else 0)
    count("CharactersChosen", character=in_metrics(character_id))
    return context.typing()


def introduce(context: UpdateContext, character_id: str, share_token: str) -> Method:
    """For a person who followed the link of a shared character: they see whom they meet before they begin."""
    queue_job(context, IntroduceJob, character_id=character_id, share_token=share_token)
    return context.typing()


def act_as_owner(context: UpdateContext, character_id: str, action: str) -> Method:
    """:param action: of `OwnerJob`; the reply function finds out whether they are the owner"""
    queue_job(context, OwnerJob, character_id=character_id, action=action, message_id=context.message_id)
    return context.typing()


def export(context: UpdateContext, character_id: str, *, as_json: bool) -> Method:
    queue_job(context, ExportCardJob, character_id=character_id, as_json=as_json)
    return context.typing()


def import_chat(context: UpdateContext, digest: str, character_id: str) -> Method:
    from troupe.telegram.card_texts import card_texts  # noqa: PLC0415 - loaded when needed, as in `context`

    queue_job(
        context,
        ImportChatJob,
        digest=digest,
        character_id=character_id,
        message_id=context.message_id,
        asked_at=now_ms(),
    )
    return context.say(card_texts(context.language_tag).importing)


def drop_chat(context: UpdateContext, digest: str) -> Method:
    queue_job(context, DropChatJob, digest=digest, message_id=context.message_id)
    return context.typing()
