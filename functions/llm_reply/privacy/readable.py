"""An export as a page to read: one file without scripts, that a browser shows from the disk."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from html import escape

from functions.llm_reply.privacy.data_category import Row
from functions.llm_reply.prompting.cards import card_of
from troupe.telegram.privacy_texts import PrivacyTexts

HEAD = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }}
article {{ border-top: 1px solid #8886; padding: .75rem 0 }}
p, dd, li {{ white-space: pre-wrap; overflow-wrap: anywhere; margin: .25rem 0 }}
dt {{ font-weight: 600; margin-top: .5rem }} dd {{ margin-left: 0 }}
time, small {{ color: #888 }} blockquote {{ margin: .25rem 0; padding-left: .75rem; border-left: 3px solid #8886 }}
img {{ max-width: 12rem }}
</style></head><body><h1>{title}</h1>
"""


def page(rows: Mapping[str, Sequence[Row]], said: PrivacyTexts, language: str, date: str) -> bytes:
    title = escape(said.export_title.format(date=date))
    pieces = [HEAD.format(language=language, title=title)]
    for name, of_table in rows.items():
        pieces.append(f"<h2>{escape(said.categories[name])}</h2>\n")
        pieces += (_turn(row, said, language) if name == "turns" else _record(row) for row in of_table)
    return "".join([*pieces, "</body></html>\n"]).encode()


def _turn(row: Row, said: PrivacyTexts, language: str) -> str:
    return f"<article>{''.join(_said_in(row, said, language))}</article>\n"


def _said_in(row: Row, said: PrivacyTexts, language: str) -> Iterator[str]:
    yield f"<time>{_time(row['received_at'])}</time>"
    quote = row.get("quote")
    if quote:
        quoted = escape(str(quote.get("text", "")))
        yield f"<blockquote><small>{escape(said.quoted)}</small><p>{quoted}</p></blockquote>"
    if row.get("seen"):
        yield f"<p><small>[{escape(str(row['kind']))}: {escape(str(row['seen']))}]</small></p>"
    words = row["text"] or f"[{row['kind']}]"
    yield f"<p><b>{escape(said.wrote)}:</b> {escape(words)}</p>"
    if row.get("answer"):
        yield f"<p><b>{escape(_name(row, language))}:</b> {escape(row['answer'])}</p>"
    others = [answer for answer in row.get("alternatives") or [] if answer != row.get("answer")]
    if others:
        told = "".join(f"<li>{escape(answer)}</li>" for answer in others)
        yield f"<small>{escape(said.other_answers)}</small><ol>{told}</ol>"


def _name(row: Row, language: str) -> str:
    character_id = str(row.get("character_id") or "")
    card = card_of(character_id) if character_id else None
    return card.locale(language).name if card else character_id


def _record(row: Row) -> str:
    told = "".join(f"<dt>{escape(name)}</dt><dd>{_value(name, value)}</dd>" for name, value in row.items())
    return f"<article><dl>{told}</dl></article>\n"


def _value(name: str, value: object) -> str:
    if isinstance(value, str) and value.startswith("data:image/"):
        return f'<img alt="{escape(name)}" src="{escape(value)}">'
    if name.endswith("_at") and isinstance(value, int):
        return _time(value)
    return escape(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1))


def _time(at_ms: float) -> str:
    """`expires_at` alone is in seconds: 10**11 of them are the year 5138, and as milliseconds 1973."""
    seconds = at_ms / 1000 if at_ms > 10**11 else at_ms
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
