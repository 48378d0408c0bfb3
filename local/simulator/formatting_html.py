"""https://core.telegram.org/bots/api#html-style"""

import html
import re

from local.simulator.entities import utf16_length
from local.simulator.refusal import Json, Refused, bad_request

TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-zA-Z-]*)(?P<attributes>[^<>]*)>")
ATTRIBUTE = re.compile(r"""([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")


def parse_html(source: str) -> tuple[str, list[Json]]:
    text, position = "", 0
    entities: list[Json] = []
    open_tags: list[tuple[str, Json]] = []
    while (start := source.find("<", position)) != -1:
        text += html.unescape(source[position:start])
        tag = TAG.match(source, start)
        if not tag:
            raise _cant_parse(f"Unclosed start tag at byte offset {len(source[:start].encode())}")
        name, position = tag["name"].lower(), tag.end()
        if not tag["close"]:
            open_tags.append((name, _entity(name, tag["attributes"], utf16_length(text), start)))
            continue
        if not open_tags or open_tags[-1][0] != name:
            raise _cant_parse(f"Unmatched end tag at byte offset {len(source[:start].encode())}")
        entity = open_tags.pop()[1]
        entity["length"] = utf16_length(text) - entity["offset"]
        if entity["length"]:
            entities.append(entity)
    if open_tags:
        raise _cant_parse(f'Can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return text + html.unescape(source[position:]), _joined(entities)


def _entity(name: str, attributes: str, offset: int, start: int) -> Json:
    given = {
        match[1].lower(): html.unescape(match[2] or match[3] or match[4] or "")
        for match in ATTRIBUTE.finditer(attributes)
    }
    if name not in TYPES or (name == "span" and given.get("class") != "tg-spoiler"):
        raise _cant_parse(f'Unsupported start tag "{name}" at byte offset {start}')
    entity: Json = {"type": TYPES[name], "offset": offset}
    if name == "a":
        entity["url"] = given.get("href", "")
    elif name == "tg-emoji":
        entity["custom_emoji_id"] = given.get("emoji-id", "")
    elif name == "blockquote" and "expandable" in given:
        entity["type"] = "expandable_blockquote"
    elif name == "code" and given.get("class", "").startswith("language-"):
        entity["language"] = given["class"].removeprefix("language-")
    return entity


def _joined(entities: list[Json]) -> list[Json]:
    """A `code` with a language right inside a `pre` names the language of the `pre`."""
    inner = {(each["offset"], each["length"]): each for each in entities if "language" in each}
    kept = []
    for entity in entities:
        twin = inner.get((entity["offset"], entity["length"]))
        if entity["type"] == "pre" and twin:
            kept.append(entity | {"language": twin["language"]})
        elif entity["type"] != "code" or "language" not in entity:
            kept.append(entity)
    return kept


def _cant_parse(reason: str) -> Refused:
    return bad_request(f"can't parse entities: {reason}")
