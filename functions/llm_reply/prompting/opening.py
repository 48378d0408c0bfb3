"""The prompt for the first words of a character whose card has no greeting."""

from functions.llm_reply.prompting import house
from functions.llm_reply.prompting.book.lines import Lore
from functions.llm_reply.prompting.book.waking import Scene
from functions.llm_reply.prompting.prompt import Exchange, Prompt, Speakers, conversation, instructions
from troupe.characters.card import Card
from troupe.characters.macros import Macros
from troupe.pseudonym import pseudonym
from troupe.telegram.texts import texts


def opening_prompt(card: Card, lore: Lore, macros: Macros, language: str, person_id: int) -> Prompt:
    data, passages = card.data_in(language), lore.at(Scene(()), macros)
    lines = conversation(
        data,
        macros,
        remembered="",
        greeting="",
        past=(),
        message=Exchange("", ""),
        instead=house.OPEN.format(language=texts(language).name),
    )
    return Prompt(
        instructions(data, macros, passages.steady("before"), passages.steady("after")),
        lines,
        cache_key="opening",
        person=pseudonym(person_id),
        speakers=Speakers(macros.char, macros.user),
    )
