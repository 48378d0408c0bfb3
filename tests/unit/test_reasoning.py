"""A model's reasoning is left out of the character's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.llm_reply.llm.reasoning import Reasoning
from functions.llm_reply.llm.speech import MAX_CHARACTERS, Speech, to_sentence_end
from functions.llm_reply.prompting.prompt import Speakers

SAID = "Hello friend!"
OUTPUTS = [
    ("<think>He wants pizza.\n\nOr not.</think>\n\nHello friend!", SAID),
    ("<thinking>one</thinking>\n<think>two</think>Hello friend!", SAID),
    ("Well.\n<think>What now?</think>\nHello!", "Well.\nHello!"),
    ("Hello<think>What now?</think> friend!", SAID),
    ("Hello friend!<think>and the tokens ran out", SAID),
    ("<think>He wants pizza, and the tokens ran out", ""),
    # The server keeps the opening to itself.
    ("He wants pizza.\n</think>\n\nHello friend!", SAID),
    ("Okay, the user greets me.</think>\n\nHello friend!", SAID),
    ("Okay, the user greets me.</think>Hello friend!", SAID),
    ("<think>One <think>two</think> three</think>\nHello friend!", SAID),
    ("<think>I was told to use <think>.</think>\nHello friend!", SAID),
    ("<think>A stray ` tick.</think>Hello friend!", SAID),
    # Magistral, Seed, MiniMax, Kimi, Cohere, Gemma, Skywork
    ("[THINK]The user greets me.[/THINK]Hello friend!", SAID),
    ("<seed:think>The user greets me.</seed:think>Hello friend!", SAID),
    ("<mm:think>The user greets me.</mm:think>Hello friend!", SAID),
    ("◁think▷The user greets me.◁/think▷Hello friend!", SAID),
    ("<|START_THINKING|>x<|END_THINKING|><|START_RESPONSE|>Hello friend!<|END_RESPONSE|>", SAID),
    ("<|channel>thought\nx<channel|>Hello friend!", SAID),
    ("<|begin_of_thought|>x<|end_of_thought|><|begin_of_solution|>Hello friend!<|end_of_solution|>", SAID),
    # gpt-oss, and a server that swallows its tokens
    (
        "<|channel|>analysis<|message|>x<|end|><|start|>assistant<|channel|>final<|message|>Hello friend!<|return|>",
        SAID,
    ),
    ("<|channel|>commentary<|message|>x<|end|>\n<|channel|>final<|message|>Hello friend!", SAID),
    ("analysisUser greets.assistantfinalHello friend!", SAID),
    # ChatML, Llama 3, Gemma, Llama 2, DeepSeek
    ("Hello friend!<|im_end|>\n<|im_start|>user\nHi", SAID),
    ("<|im_start|>assistant\nHello friend!<|im_end|>", SAID),
    ("<|start_header_id|>assistant<|end_header_id|>\n\nHello friend!<|eot_id|>", SAID),
    ("<start_of_turn>model\nHello friend!<end_of_turn>", SAID),
    ("Hello friend!</s>", SAID),
    ("Hello friend! [INST] And then? [/INST] Then", SAID),
    ("Hello friend!<｜end▁of▁sentence｜>", SAID),
    # No token at all
    ("I <think> so, and `</think>` closes it.", "I <think> so, and `</think>` closes it."),
    ("<s>never</s> always", "<s>never</s> always"),
    ("1 < 2 [really] <b>bold</b>", "1 < 2 [really] <b>bold</b>"),
    ("  Hello friend!\n", SAID),
    ("broken \ud83d here, \ud83d\ude00 whole", "broken \ufffd here, 😀 whole"),
]


def in_pieces(output: str, size: int, speakers: Speakers = Speakers()) -> Speech:  # noqa: B008 - frozen
    speech = Speech(speakers)
    reasoning = Reasoning(speech)
    for start in range(0, len(output), size):
        reasoning.feed(output[start : start + size])
    reasoning.finish()
    return speech


def answer_in(output: str) -> str:
    return in_pieces(output, max(1, len(output))).text


@pytest.mark.parametrize(("output", "said"), OUTPUTS)
def test_thoughts_and_tokens_stay_behind_however_the_output_is_cut_into_pieces(output: str, said: str) -> None:
    assert {in_pieces(output, size).text for size in (1, 2, 3, 7, 1000)} == {said}


@pytest.mark.parametrize("output", [output for output, said in OUTPUTS if said == SAID and "think" in output.lower()])
def test_a_preview_never_shows_a_thought_that_was_opened(output: str) -> None:
    speech = Speech(Speakers())
    reasoning = Reasoning(speech)
    opened = output.lstrip()[0] in "<[◁"
    for character in output:
        reasoning.feed(character)
        assert not opened or SAID.startswith(speech.text)


@given(st.lists(st.sampled_from(["<think>", "</think>", "\n", "a", " ", "<b>"])).map("".join))
def test_saying_it_twice_changes_nothing_once_thoughts_are_gone(output: str) -> None:
    said = answer_in(output)
    if "think>" not in said:
        assert answer_in(said) == said


marks = ["<think>", "</think>", "<|channel|>", "<|message|>", "final", "`", "\n", "a", " ", "<", "|", ">", "[THINK]",
         "<|im_end|>", "</s>", "\ud83d", "\ude00"]  # fmt: skip


@given(st.lists(st.sampled_from(marks)).map("".join), st.integers(1, 5))
def test_any_output_in_any_pieces_is_said_the_same(output: str, size: int) -> None:
    assert in_pieces(output, size).text == answer_in(output)
    answer_in(output).encode()


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("Mario: Mamma mia, hello!", "Mamma mia, hello!"),
        ("**Mario:** Mamma mia!", "Mamma mia!"),
        ("*Mario*: Mamma mia!", "Mamma mia!"),
        ("Mario: Mamma mia!\nAnn: Hi Mario, how are you?\nMario: I'm-a great!", "Mamma mia!"),
        ("Mamma mia!\n\nUser: hi", "Mamma mia!"),
        ("Mamma mia!\nMario: And off we go.", "Mamma mia!\nAnd off we go."),
        ("Ann: come here, quick!", "Ann: come here, quick!"),
        ("Listen, Ann: it is late.", "Listen, Ann: it is late."),
    ],
)
def test_the_characters_name_is_trimmed_and_a_line_of_the_persons_ends_it(output: str, said: str) -> None:
    assert {in_pieces(output, size, Speakers("Mario", "Ann")).text for size in (1, 5, 100)} == {said}


@pytest.mark.parametrize("space", ["\n" * 60_000, " \n" * 30_000, "\t" * 60_000])
def test_endless_space_is_a_gap(space: str) -> None:
    said = in_pieces(f"Hello{space}end", 50).text
    assert said.split() == ["Hello", "end"]
    assert len(said) < 60


def test_an_endless_answer_ends_with_a_sentence() -> None:
    speech = in_pieces("And then it rained. " * 22_500, 100)
    assert speech.ended
    assert len(speech.text) <= MAX_CHARACTERS
    assert speech.text.endswith("rained.")


def test_a_text_without_a_place_to_stop_ends_in_dots() -> None:
    assert to_sentence_end("Once upon a time there") == "Once upon a time there…"
    assert to_sentence_end("Once. Upon a time! And") == "Once. Upon a time!"


# With work that grew as the square of the output, each of these would take minutes.
@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "hostile", ["\n", " \n", "*a ", "<", "`", "<think>", "</think>", "<|channel|>", "[", "Mario: \n", "\ud83d", "a`<|"]
)
def test_the_work_grows_with_the_output_and_no_faster(hostile: str) -> None:
    in_pieces("Hello " + hostile * (400_000 // len(hostile)), 40, Speakers("Mario", "Ann"))
