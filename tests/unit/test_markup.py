"""Models' Markdown becomes readable text and Telegram's entities."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.llm_reply.formatting.inline import inline
from functions.llm_reply.formatting.markup import formatted
from functions.llm_reply.formatting.split import draft, split


def shown(source: str) -> tuple[str, list[tuple[str, str]]]:
    """The text of a short answer, and what of it is formatted how."""
    (part,) = split(source)
    units = part.text.encode("utf-16-le")
    return part.text, [
        (str(entity.type), units[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le"))
        for entity in part.entities
    ]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("*puts it down* **Sit**, eat.", "puts it down Sit, eat.", [("italic", "puts it down"), ("bold", "Sit")]),
        ("_leans in_ and ***wow***", "leans in and wow", [("italic", "leans in"), ("bold", "wow"), ("italic", "wow")]),
        ("**all *of* it**", "all of it", [("bold", "all of it"), ("italic", "of")]),
        ("*a **b***", "a b", [("italic", "a b"), ("bold", "b")]),
        ("*«Ну что ж»,* — сказал он.", "«Ну что ж», — сказал он.", [("italic", "«Ну что ж»,")]),
        ("*He bows.*Welcome!", "He bows.Welcome!", [("italic", "He bows.")]),
        ("*says 2*3*4 is 24*", "says 2*3*4 is 24", [("italic", "says 2*3*4 is 24")]),
        ("他*挥手*说", "他挥手说", [("italic", "挥手")]),
        ("*улыбается*😀 *да*", "улыбается😀 да", [("italic", "улыбается"), ("italic", "да")]),
        ("😀 *action*", "😀 action", [("italic", "action")]),
        ("*He looks up.\n\nIt opens.* Oh", "He looks up.\n\nIt opens. Oh", [("italic", "He looks up.\n\nIt opens.")]),
        ("* sighs *\nWell.", "sighs\nWell.", [("italic", "sighs")]),
        ("~~no~~ ||the butler||", "no the butler", [("strikethrough", "no"), ("spoiler", "the butler")]),
        ("`a*b*` and ``x ` y``", "a*b* and x ` y", [("code", "a*b*"), ("code", "x ` y")]),
        ("```py\na = 1 * 2\n```\nSo.", "a = 1 * 2\nSo.", [("pre", "a = 1 * 2")]),
        ("Look: ```\nx\n\ny```\nSo.", "Look: \nx\n\ny\nSo.", [("pre", "x\n\ny")]),
        ("```\nnever closed *x*", "never closed *x*", [("pre", "never closed *x*")]),
        ("*he types `ls -l` fast*", "he types ls -l fast",
         [("italic", "he types"), ("code", "ls -l"), ("italic", "fast")]),
        ("> To be *or*\n> not\nSo he said.", "To be or\nnot\nSo he said.",
         [("blockquote", "To be or\nnot"), ("italic", "or")]),
        ("## The *plan* ##\nGo", "The plan\nGo", [("bold", "The plan"), ("italic", "plan")]),
        ("* one\n+ two\n1. **three**", "• one\n• two\n1. three", [("bold", "three")]),
        ("One.\n***\nTwo.\n---\nThree.", "One.\n———\nTwo.\n———\nThree.", []),
        ("[a *b*](https://x.org/a_(b)) now", "a b now", [("text_link", "a b"), ("italic", "b")]),
        ("<b>b</b> <I>i</I> <u>u</u><br>&lt;ok&gt;", "b i u\n<ok>",
         [("bold", "b"), ("italic", "i"), ("underline", "u")]),
    ],
)  # fmt: skip
def test_markup_becomes_entities(source: str, text: str, entities: list[tuple[str, str]]) -> None:
    assert shown(source) == (text, entities)


@pytest.mark.parametrize(
    ("mark", "styles"),
    [
        ("*", ["italic"]), ("**", ["bold"]), ("***", ["bold", "italic"]), ("****", None),
        ("_", ["italic"]), ("__", ["bold"]), ("___", ["bold", "italic"]), ("____", None),
        ("~", None), ("~~", ["strikethrough"]), ("~~~", None), ("|", None), ("||", ["spoiler"]), ("|||", None),
    ],
)  # fmt: skip
def test_a_run_of_marks_has_a_meaning_up_to_its_length_and_none_beyond_it(mark: str, styles: list[str] | None) -> None:
    text, entities = shown(f"He {mark}bows low{mark} now")

    assert text == ("He bows low now" if styles else f"He {mark}bows low{mark} now")
    assert sorted(entities) == [(style, "bows low") for style in styles or []]


@pytest.mark.parametrize(
    "source",
    [
        "- Hello, he said.\n- Who are you?",
        "— Привет.\n– Здравствуй.",
        "2*3*4 = 24, a*b*c, 5 * 3 and snake_case_name",
        "^_^ hello ^_^ T_T -_- >_<",
        ">:( he grumbled",
        r"Who knows ¯\_(ツ)_/¯",
        "Name: ____, age: ____.",
        "I <3 you, 1 < 2 > 0, <smiles> </b>",
        "AT&T & Co; R&D",
        "#hashtag and C# and # ",
        "[laughs] (really) [x](javascript:alert)",
        "$x^2$ costs $5 and ~5 minutes, a || b",
        "1) one\n2) two",
    ],
)
def test_prose_that_only_looks_like_markup_stays_unchanged(source: str) -> None:
    assert shown(source) == (source.strip(), [])


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("*sighs and never closes it", "*sighs and never closes it", []),
        ("**Note: half *done", "**Note: half *done", []),
        ("**bold *odd** rest", "bold *odd rest", [("bold", "bold *odd")]),
        ("*sighs\n\n*smiles* Hi", "*sighs\n\nsmiles Hi", [("italic", "smiles")]),
        ("*one _two* three_", "one _two three_", [("italic", "one _two")]),
        ("<b>one <i>two</b>", "one <i>two", [("bold", "one <i>two")]),
        ("a ` b", "a ` b", []),
        ("it `was\n\nnot` code", "it `was\n\nnot` code", []),
        (r"\*no action\*", "*no action*", []),
        ("***", "———", []),
        ("```\n```", "```\n```", []),
        ("<br>", "<br>", []),
    ],
)
def test_odd_markup_arrives_readable(source: str, text: str, entities: list[tuple[str, str]]) -> None:
    assert shown(source) == (text, entities)


def test_links_and_code_say_where_and_in_which_language() -> None:
    link, code = split("[x](https://a.b/?c=d&e)\n```c++\n1\n```")[0].entities
    assert link.url == "https://a.b/?c=d&e"
    assert code.language == "c++"


@pytest.mark.parametrize(
    ("so_far", "text", "kinds"),
    [
        ("", "", []),
        ("*", "", []),
        ("*puts the spa", "puts the spa", ["italic"]),
        ("*puts the spanner down*", "puts the spanner down", ["italic"]),
        ("**So", "So", ["bold"]),
        ("***So", "So", ["bold", "italic"]),
        ("**So*", "So", ["bold"]),
        ("a `code wi", "a code wi", ["code"]),
        ("```py\nprint(", "print(", ["pre"]),
        ("> quoted *wor", "quoted wor", ["blockquote", "italic"]),
        ("<i>leans</", "leans", ["italic"]),
        ("5 *apples\n\nMore of the stor", "5 *apples\n\nMore of the stor", []),
    ],
)
def test_a_growing_text_shows_no_half_markup(so_far: str, text: str, kinds: list[str]) -> None:
    part = draft(so_far)
    assert (part.text, [str(entity.type) for entity in part.entities]) == (text, kinds)


def test_a_growing_draft_never_takes_back_text_that_it_showed() -> None:
    answer = "*puts the spanner down* Mamma **mia**. ~~No~~ *really*!\n\n> quoted `code` here\n\n_the end_"
    before = ""
    for end in range(len(answer)):
        text = draft(answer[:end]).text
        assert text.startswith(before)
        before = text
    assert split(answer)[0].text.startswith(before)


MARKS = [
    "*",
    "**",
    "***",
    "_",
    "__",
    "~~",
    "||",
    "`",
    "```\n",
    "\n```\n",
    "\n> ",
    "\n# ",
    "\n* ",
    "\n- ",
    "[",
    "](",
    ")",
    "\\",
]
SPACES = [" ", " ", "\n", "\n\n", "", ". ", ", ", "! ", "… ", "» ", '"']
WORDS = ["word", "слово", "é", "e\u0301", "👩‍👩‍👧", "🇷🇺", "7", "x", "漢字"]
odd = st.lists(st.sampled_from(MARKS + SPACES + WORDS), max_size=80).map("".join)
odder = st.lists(
    st.sampled_from([*MARKS, *SPACES, *WORDS, "<b>", "</b>", "<i>", "</i>", "<br>", "&lt;", "[x](https://a.b)", "\r"]),
    max_size=80,
).map("".join)


def letters(text: str) -> list[str]:
    return [character for character in text if character.isalnum()]


@given(odd)
@settings(max_examples=5 * settings().max_examples)
def test_no_word_is_lost_with_any_marks(source: str) -> None:
    parts = split(source)
    # The word after a fence is the language of the code, and not in the text.
    languages = [str(entity.language) for part in parts for entity in part.entities if entity.language]
    assert sorted(letters("".join([*languages, *(part.text for part in parts)]))) == sorted(letters(source))


@given(st.one_of(odder, st.text()), st.booleans())
@settings(max_examples=8 * settings().max_examples)
def test_every_entity_is_one_that_telegram_takes(source: str, growing: bool) -> None:
    text, spans = formatted(source, growing=growing)
    assert bool(text.strip()) == bool(source.strip()) or growing
    for number, outer in enumerate(spans):
        assert 0 <= outer.start < outer.end <= len(text)
        assert text[outer.start : outer.end] == text[outer.start : outer.end].strip()
        for inner in spans[number + 1 :]:
            assert inner.start >= outer.end or inner.end <= outer.end, "they overlap"
            if inner.start < outer.end:
                assert inner.kind != outer.kind
                assert outer.kind not in ("code", "pre")
                assert inner.kind not in ("code", "pre") or outer.kind == "blockquote"


@given(st.text(alphabet="abc дэ.,!?\n—-()«»"))
def test_text_without_markup_stays_as_it_is(source: str) -> None:
    assert inline(source) == (source, [])
