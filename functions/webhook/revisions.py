"""Another answer, going on, taking back, editing: what a person does to the newest turn of the chat."""

from functions.webhook.scene import Method, Scene
from troupe.conversations import jobs, turns
from troupe.conversations.model import conversation_id
from troupe.conversations.turns import Turn
from troupe.users import now_ms


def another(scene: Scene, message_id: int | None = None) -> Method:
    """:param message_id: the turn that the pressed button belongs to; a command means the newest"""
    turn = _newest(scene, message_id)
    if turn is None:
        return _too_late(scene)
    if turns.ask_again(turn, scene.update_id):
        _queue(turn, scene)
        return scene.typing()
    return scene.say(scene.said.still_answering if turn.status in turns.OPEN else scene.said.nothing_newer)


def go_on(scene: Scene, message_id: int | None = None) -> Method:
    """A turn of its own, without words: everything that keeps an answer safe keeps this one safe too."""
    turn = _newest(scene, message_id)
    if turn is None or turn.status != turns.DELIVERED or not scene.message_id:
        return _too_late(scene)
    silent = Turn(
        scene.chat_id,
        scene.message_id,
        update_id=scene.update_id,
        thread_id=scene.thread_id,
        conversation_id=turn.conversation_id,
        character_id=turn.character_id,
        language=scene.language_tag,
        kind="continue",
        sent_s=now_ms() // 1000,
        received_at=now_ms(),
    )
    stored = turns.receive(silent)
    if stored.status not in turns.OPEN:
        return _too_late(scene)
    _queue(stored, scene)
    return scene.typing()


def take_back(scene: Scene, message_id: int | None = None) -> Method:
    """The exchange leaves the chat and the character's memory; it stays in the table."""
    turn = _newest(scene, message_id)
    if turn is None or not turns.withdraw(turn):
        return _too_late(scene)
    words = [int(turn.message_id)] if turn.kind == "text" else []
    command = [] if scene.callback_id else [scene.message_id]
    return {
        "method": "deleteMessages",
        "chat_id": scene.chat_id,
        "message_ids": sorted({*words, *turn.reply_ids, *command}),
    }


def edit(scene: Scene, text: str) -> Method:
    """What waits for its answer is answered as it stands now. Editing the newest message asks again; an older one has
    been answered, and the talk has gone on from there.
    """
    if text and turns.reword(scene.chat_id, scene.message_id, text, scene.update_id):
        return scene.typing()
    turn = _newest(scene, scene.message_id)
    if turn is None or turn.kind != "text" or not text or not turns.ask_again(turn, scene.update_id, text):
        return scene.say(scene.said.edited)
    _queue(turn, scene)
    return scene.typing()


def current_conversation(scene: Scene) -> str | None:
    character_id = scene.user.character_id
    if not character_id:
        return None
    return conversation_id(scene.chat_id, scene.thread_id, character_id, scene.user.generation(character_id))


def _newest(scene: Scene, message_id: int | None) -> Turn | None:
    turn = turns.newest(scene.chat_id)
    return turn if turn and message_id in (None, int(turn.message_id)) else None


def _too_late(scene: Scene) -> Method:
    return scene.say(scene.said.old_button if scene.callback_id else scene.said.nothing_newer)


def _queue(turn: Turn, scene: Scene) -> None:
    job = jobs.AnswerJob(int(turn.chat_id), int(turn.message_id), scene.update_id)
    jobs.enqueue(job, f"answer:{scene.update_id}")
