# ruff: noqa: RUF001 - Russian text is Russian
"""The character's name and own phrases, found in the instructions and the greeting."""

import re

from local.llm.prompt import Prompt

_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_PROPER = r"([A-ZА-ЯЁ][\w.'’-]*(?: (?:of |the |da |de |von |van )?[A-ZА-ЯЁ][\w.'’-]*){0,3})"
_NAMES = (
    re.compile(rf"^[#*\s-]*(?i:name|character|имя|персонаж)[*\s]*:[*\s]*{_PROPER}", re.MULTILINE),
    re.compile(rf"(?:You are|You're|Ты|Вы)(?: —| -)? [\"“«]?{_PROPER}"),
)
_GESTURE = re.compile(r"\*[^*\n]{3,80}\*")
_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]+")
_MIN_PHRASE, _MAX_PHRASE = 2, 14  # words


def language_of(text: str) -> str | None:
    """Returns "ru" or "en", by the letters in the text; None without letters."""
    if _CYRILLIC.search(text):
        return "ru"
    return "en" if _LETTER.search(text) else None


def character_name(instructions: str) -> str | None:
    for pattern in _NAMES:
        found = pattern.search(instructions)
        if found:
            return found[1].rstrip(".,'")
    return None


def own_phrases(prompt: Prompt, language: str) -> list[str]:
    """The character's sentences in this language, without questions, which would need an answer first."""
    sentences = [
        sentence.strip(' _"«»“”')
        for words in _spoken(prompt)
        for sentence in _SENTENCE.findall(_GESTURE.sub("\n", words).replace("*", ""))
    ]
    return [
        sentence
        for sentence in dict.fromkeys(sentences)
        if language_of(sentence) == language
        and _MIN_PHRASE <= len(sentence.split()) <= _MAX_PHRASE
        and not sentence.endswith("?")
    ]


def own_gestures(prompt: Prompt, language: str) -> list[str]:
    """The character's gestures between asterisks, with the asterisks."""
    found = [gesture for words in _spoken(prompt) for gesture in _GESTURE.findall(words)]
    return [gesture for gesture in dict.fromkeys(found) if language_of(gesture) == language]


def _spoken(prompt: Prompt) -> list[str]:
    """The greeting, and the character's lines in the example dialogue."""
    name = character_name(prompt.instructions)
    speakers = {"{{char}}"} | ({name, name.split()[0], name.split()[-1]} if name else set())
    spoken = [message.text for message in prompt.messages[:1] if message.role == "assistant"]
    for line in prompt.instructions.splitlines():
        speaker, colon, words = line.strip().partition(":")
        if colon and speaker.strip(" *_-") in speakers:
            spoken.append(words)
    return [words for words in spoken if "{{" not in words]
