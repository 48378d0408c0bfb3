"""Message entities: their ranges in UTF-16 units, and the entities that Telegram finds in plain text."""

import re

from local.simulator.refusal import Json, bad_request

# https://core.telegram.org/bots/api#messageentity: the types that a bot can send
SENDABLE = frozenset(
    [
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "date_time",
    ]
)
# Telegram finds links and commands inside these entities, but not inside code or a link.
_AROUND = frozenset({"bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote"})
FOUND_IN_TEXT = re.compile(
    r"(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<url>(?:https?://|tg://|t\.me/|www\.)[^\s<>\"]*[^\s<>\".,;:!?)\]'])"
    r"|(?<![\w@/])(?P<mention>@[A-Za-z]\w{3,31})"
    r"|(?<![\w#])(?P<hashtag>#\w*[^\W\d]\w*)"
    r"|(?<![\w/.<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{3,31})?)(?![\w/])"
)


def utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def found_in(text: str, given: list[Json] | None = None) -> list[Json]:
    """The given entities, plus the commands, links, addresses, mentions and hashtags in the text."""
    entities = list(given or [])
    taken = [(each["offset"], each["offset"] + each["length"]) for each in entities if each["type"] not in _AROUND]
    for match in FOUND_IN_TEXT.finditer(text):
        offset = utf16_length(text[: match.start()])
        end = offset + utf16_length(match.group())
        if match.lastgroup and not any(start < end and offset < stop for start, stop in taken):
            entities.append({"type": match.lastgroup, "offset": offset, "length": end - offset})
    return sorted(entities, key=lambda each: (each["offset"], -each["length"]))


def check(text: str, entities: list[Json]) -> None:
    """:raises Refused: an unknown type, or a range that ends outside of the text or inside a symbol"""
    boundaries = _boundaries(text)
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if entity["type"] not in SENDABLE:
            raise bad_request("can't parse MessageEntity: unsupported entity type specified")
        if start < 0 or entity["length"] <= 0:
            raise bad_request("receive an entity with incorrect offset or length")
        if end > max(boundaries):
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends after the end of the text at UTF-16 offset {end}"
            )
        if start not in boundaries or end not in boundaries:
            raise bad_request(
                f"entity beginning at UTF-16 offset {start} ends in a middle of a UTF-16 symbol at UTF-16 offset {end}"
            )
        if entity["type"] == "text_link" and not entity.get("url"):
            raise bad_request("can't parse MessageEntity: text_link has no url")


def _boundaries(text: str) -> set[int]:
    boundaries, position = {0}, 0
    for character in text:
        position += utf16_length(character)
        boundaries.add(position)
    return boundaries


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Strips white space at both ends, as Telegram does, and moves or shrinks the entities to fit."""
    shift = utf16_length(text) - utf16_length(text.lstrip())
    text = text.strip()
    length = utf16_length(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        end = min(entity["offset"] + entity["length"] - shift, length)
        if start < end:
            kept.append(entity | {"offset": start, "length": end - start})
    return text, kept
