"""parse_mode gives the entities Telegram gives, and refuses what doesn't parse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.helpers import escape_markdown

from local.simulator.formatting import parse
from local.simulator.refusal import Json, Refused


def entity(kind: str, offset: int, length: int, **extra: str) -> Json:
    return {"type": kind, "offset": offset, "length": length} | extra


@pytest.mark.parametrize(
    ("source", "mode", "text", "entities"),
    [
        ("😀<b>a<i>b</i></b> &lt;", "HTML", "😀ab <", [entity("italic", 3, 1), entity("bold", 2, 2)]),
        ('<a href="https://a.b/?c&amp;d">x</a>', "HTML", "x", [entity("text_link", 0, 1, url="https://a.b/?c&d")]),
        ('<pre><code class="language-py">1</code></pre>', "HTML", "1", [entity("pre", 0, 1, language="py")]),
        ("<blockquote expandable>q</blockquote>", "HTML", "q", [entity("expandable_blockquote", 0, 1)]),
        ('<span class="tg-spoiler">s</span>', "html", "s", [entity("spoiler", 0, 1)]),
        ("*a _b_* ~c~", "MarkdownV2", "a b c", [("italic", 2, 1), ("bold", 0, 3), ("strikethrough", 4, 1)]),
        ("__u__ ||s|| `c\\`d`", "MarkdownV2", "u s c`d", [("underline", 0, 1), ("spoiler", 2, 1), ("code", 4, 3)]),
        ("[x\\.y](https://a.b/\\)c)", "MarkdownV2", "x.y", [entity("text_link", 0, 3, url="https://a.b/)c")]),
        ("```py\nprint()\n```", "MarkdownV2", "print()\n", [entity("pre", 0, 8, language="py")]),
        ("a\n>*q*\n>r\nz", "MarkdownV2", "a\nq\nr\nz", [("bold", 2, 1), ("blockquote", 2, 4)]),
    ],
)
def test_marked_up_text_becomes_text_and_entities(
    source: str, mode: str, text: str, entities: list[Json | tuple[str, int, int]]
) -> None:
    expected = [each if isinstance(each, dict) else entity(*each) for each in entities]
    assert parse(source, mode) == (text, expected)


@pytest.mark.parametrize(
    ("source", "mode"),
    [
        ("<b>a", "HTML"),
        ("a</b>", "HTML"),
        ("<b><i>a</b></i>", "HTML"),
        ("<h1>a</h1>", "HTML"),
        ("1 < 2", "HTML"),
        ("The end.", "MarkdownV2"),
        ("*a", "MarkdownV2"),
        ("*a _b* c_", "MarkdownV2"),
        ("`a", "MarkdownV2"),
        ("[a]", "MarkdownV2"),
        ("a", "Word"),
    ],
)
def test_what_does_not_parse_is_refused(source: str, mode: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(source, mode)
    assert refused.value.code == 400


@given(st.text())
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    clean = text.replace("\0", "")
    assert parse(escape_markdown(clean, version=2), "MarkdownV2") == (clean, [])
