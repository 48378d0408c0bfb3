"""The product events of a change of a row. The text of a message is never among their properties."""

import json
from typing import Any

from amplitude import BaseEvent

from troupe.pseudonym import keyed_hash, pseudonym

Row = dict[str, Any]


def user_events(old: Row, new: Row) -> list[BaseEvent]:
    """The row before and after the change; empty before it was made."""
    found = []
    # An owner can block or admit a person who has not come yet: that row has no time of registration.
    if "registered_at" in new and "registered_at" not in old:
        found.append(_event("registered", new, new["user_id"], new["registered_at"], {}))
    if _changed("chosen_at", old, new):
        character = {"character": new["character_id"], "previous": old.get("character_id")}
        found.append(_event("character_selected", new, new["user_id"], new["chosen_at"], character))
    if _changed("brought_at", old, new):
        found.append(_event("character_brought", new, new["user_id"], new["brought_at"], {}))
    if _changed("form", old, new):
        form = json.loads(new["form"])
        about = {"is_new": form["is_new"], "why": form["why"] or None}
        found.append(_event(f"form_{form['step']}", new, new["user_id"], form["at"], about))
    if _changed("imported_at", old, new):
        found.append(_event("chat_imported", new, new["user_id"], new["imported_at"], {}))
    return found


def turn_events(old: Row, new: Row) -> list[BaseEvent]:
    """The row before and after the change; empty before it was made."""
    if new["message_id"] < 0:
        # A turn of an imported chat, which was written elsewhere; or a row of `kept_words`, which is no message.
        return []
    person, about = new["person_id"], _about(new)
    found = []
    if _is_settled(new) and not _is_settled(old):
        # Telegram rounds the time of sending down to whole seconds. The message was sent before it came in.
        sent = min(int(new["received_at"]), int(new["sent_s"]) * 1000 + 999)
        found.append(_event("message_sent", new, person, sent, about))
    if _changed("answered_at", old, new):
        waited = {"waited_ms": int(new["answered_at"] - new["received_at"])}
        found.append(_event("reply_received", new, person, new["answered_at"], about | _cost(new) | waited))
    if _changed("delivered_at", old, new):
        waited = {"waited_ms": int(new["delivered_at"] - new["received_at"])}
        name = "picture_sent" if new.get("drawing") else "reply_sent"
        found.append(_event(name, new, person, new["delivered_at"], about | waited | _drawn(new)))
    if _changed("spoken_at", old, new):
        spoken = {"spoken_seconds": json.loads(new["speech"])["seconds"]} if new.get("speech") else {}
        found.append(_event("reply_spoken", new, person, new["spoken_at"], about | spoken))
    if _changed("failed_at", old, new):
        found.append(_event("reply_failed", new, person, new["failed_at"], about | {"reason": new["failure"]}))
    return found


def _is_settled(turn: Row) -> bool:
    """True if the addressee is known: the reply function notes it when the turn's job comes."""
    return bool(turn) and bool(turn.get("character_id") or turn["status"] != "received")


def _about(turn: Row) -> Row:
    sound = {"seconds": json.loads(turn["sound"])["seconds"]} if turn.get("sound") else {}
    picture = {"pictures": 1} if turn.get("picture") else {}
    return {"character": turn.get("character_id"), "kind": turn["kind"], "length": len(turn["text"])} | sound | picture


def _drawn(turn: Row) -> Row:
    """The picture's subject, and how long the server drew; empty for an answer in words."""
    if not turn.get("drawing"):
        return {}
    usage: Row = json.loads(turn.get("usage") or "{}")
    of = json.loads(turn["drawing"])["of"]
    return {"of": of, "model": usage.get("model"), "seconds": round(int(usage.get("total_ms") or 0) / 1000, 1)}


def _cost(turn: Row) -> Row:
    """Model, tokens and the model's times, as the reply function recorded them."""
    usage: Row = json.loads(turn.get("usage") or "{}")
    return usage | {"reply_length": len(turn.get("answer") or "")}


def _changed(field: str, old: Row, new: Row) -> bool:
    return new.get(field) is not None and new[field] != old.get(field)


def _event(name: str, row: Row, person: Any, time_ms: Any, properties: Row) -> BaseEvent:
    """The insert id is made of the change alone: Amplitude keeps one of several events with the same id."""
    key = f"{name}:{person}:{row.get('chat_id', '')}:{row.get('message_id', '')}:{time_ms}"
    language = row.get("language")
    return BaseEvent(
        event_type=name,
        user_id=pseudonym(int(person)),
        time=int(time_ms),
        insert_id=keyed_hash(key),
        language=language,
        event_properties={
            name: value for name, value in (properties | {"language": language}).items() if value is not None
        },
    )
