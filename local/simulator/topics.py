"""Topics of a chat: a topic that the bot can't write to refuses the call, in one of Telegram's wordings."""

from typing import Literal

from local.simulator.refusal import Json, bad_request
from local.simulator.state import Chat

TopicError = Literal["TOPIC_CLOSED", "TOPIC_DELETED", "TOPIC_ID_INVALID", "message thread not found"]


def topic_fields(topic: object) -> Json:
    """The fields of a message in this topic; none for None, a message outside of topics."""
    return {} if topic is None else {"message_thread_id": topic, "is_topic_message": True}


def check_topic(chat: Chat, topic: object) -> None:
    """:raises Refused: the topic was closed or deleted, or the chat never had it"""
    error = "" if topic is None else chat.topics.get(str(topic), "message thread not found")
    if error:
        raise bad_request(error)
