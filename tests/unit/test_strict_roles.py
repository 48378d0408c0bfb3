"""Prompts for strict servers: one system message, then user and assistant in turn, the person's words last."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from functions.llm_reply.llm.roles import alternating
from functions.llm_reply.prompting.prompt import AtDepth, ChatMessage, Exchange, Prompt, conversation
from troupe.characters.card import Card
from troupe.characters.macros import Macros

CARD = b'{"spec": "chara_card_v3", "spec_version": "3.0", "data": {"name": "Odo", "post_history_instructions": "PHI"}}'
WITHOUT = CARD.replace(b"PHI", b"")
AT_DEPTH = st.builds(
    AtDepth,
    st.integers(-1, 9),
    st.builds(ChatMessage, st.sampled_from(["developer", "user", "assistant"]), st.just("deep")),
)
EXCHANGES = st.lists(st.builds(Exchange, st.sampled_from(["", "said"]), st.sampled_from(["", "answered"])), max_size=4)


@given(
    st.sampled_from([CARD, WITHOUT]), st.sampled_from(["", "Hello."]), EXCHANGES, st.sampled_from(["", "The newest."]),
    st.lists(st.just("woken"), max_size=2), st.lists(AT_DEPTH, max_size=3),
)  # fmt: skip
def test_roles_alternate_wherever_a_cards_lines_stand(
    card: bytes, greeting: str, past: list[Exchange], message: str, before: list[str], deep: list[AtDepth]
) -> None:
    lines = conversation(
        Card.parse(card).data, Macros("Odo", "Anna"), remembered="", greeting=greeting, past=past,
        message=Exchange(message, ""), before_message=before, at_depth=deep,
    )  # fmt: skip
    system, *turns = alternating(Prompt("You are Odo.", lines, cache_key="", person=""))

    assert system.role == "system"
    assert all(one.role != other.role for one, other in pairwise(turns))
    assert not turns or (turns[0].role, turns[-1].role) == ("user", "user")
    if message and not any(at.line.role == "user" and at.depth <= 0 for at in deep):
        assert turns[-1].text.endswith("The newest.")
