# ruff: noqa: RUF001 - Russian text is Russian
"""An answer in character without a model, made of the character's words, the person's, and earlier messages."""

import hashlib
import re
from collections import Counter
from random import Random

from local.llm.memory import Memory, remember
from local.llm.phrases import CALLBACKS, LOOKS, NOTE, OPENERS, PROMPTS, REACTIONS
from local.llm.prompt import Prompt
from local.llm.sight import described
from local.llm.voice import language_of, own_gestures, own_phrases

_OCCASIONS = tuple(
    (occasion, re.compile(pattern, re.IGNORECASE))
    for occasion, pattern in (
        (
            "name asked",
            r"what['’]?(?:s| is) my name|(?:remember|know) my name|как меня зовут|(?:помнишь|знаешь).*мо[её] имя",
        ),
        (
            "liking asked",
            r"what (?:do|did) I (?:say I )?(?:really )?(?:like|love|enjoy)|что (?:я (?:люблю|обожаю)|мне нравится)",
        ),
        ("hello", r"^\W*(?:hi|hello|hey|good (?:morning|evening|day)|привет|здравствуй|добр\w+ (?:день|утро|вечер))"),
        ("thanks", r"\b(?:thanks?|thank you|спасибо|благодарю)\b"),
        ("bye", r"\b(?:bye|goodbye|see you|farewell|пока|до свидания|прощай)\W*$"),
        ("question", r"\?\s*\W*$"),
    )
)
_DESCRIBE = "Describe in "
_LABEL = re.compile(r"\[[^\]\n]*\]")
_MAX_ECHO = 9  # words
_CALLBACK_CHANCE = 0.4
_GESTURE_CHANCE = 0.5


class Improvisation:
    """The same prompts in the same order give the same answers. A repeated prompt gets another answer."""

    def __init__(self) -> None:
        self._asked: Counter[bytes] = Counter()

    def __call__(self, prompt: Prompt) -> str:
        digest = hashlib.sha256(prompt.rendered().encode()).digest()
        self._asked[digest] += 1
        return improvise(prompt, Random(digest * self._asked[digest]))  # noqa: S311 - variety, not secrecy


def improvise(prompt: Prompt, dice: Random) -> str:
    # A label in brackets, as of a photo, is in nobody's words.
    said = [_LABEL.sub("", message.text) for message in prompt.messages if message.role == "user"]
    if prompt.instructions.startswith(_DESCRIBE):
        return (
            described(
                prompt.pictures, "ru" if language_of(prompt.instructions[len(_DESCRIBE) :][:8]) == "ru" else "en"
            ).capitalize()
            + "."
        )
    language = next(filter(None, map(language_of, reversed(said))), "en")
    sentences = [_opening(prompt, language, dice), _reaction(said, language, dice)]
    if prompt.pictures:
        sentences.append(LOOKS[language].format(described(prompt.pictures, language)))
    name = remember(said).name
    if name and name not in sentences[-1] and dice.random() < _CALLBACK_CHANCE:
        sentences.append(dice.choice(CALLBACKS[language]).format(name))
    if not sentences[-1].endswith("?"):
        sentences.append(dice.choice(PROMPTS[language]))
    answer = " ".join(sentences)
    return answer if _answered_before(prompt) else f"{answer}\n\n{NOTE[language]}"


def _opening(prompt: Prompt, language: str, dice: Random) -> str:
    """One of the character's phrases, or a general one once they have all been used in this conversation."""
    earlier = " ".join(message.text for message in prompt.messages[1:] if message.role == "assistant")
    own = [phrase for phrase in own_phrases(prompt, language) if phrase not in earlier]
    phrase = dice.choice(own or OPENERS[language])
    gestures = [gesture for gesture in own_gestures(prompt, language) if gesture not in earlier]
    return f"{dice.choice(gestures)} {phrase}" if gestures and dice.random() < _GESTURE_CHANCE else phrase


def _reaction(said: list[str], language: str, dice: Random) -> str:
    last = said[-1] if said else ""
    occasion, words = _occasion(last, remember(said), remember(said[-1:]))
    return dice.choice(REACTIONS[language][occasion]).format(words or _echo(last))


def _occasion(last: str, known: Memory, new: Memory) -> tuple[str, str | None]:
    occasion = next((name for name, pattern in _OCCASIONS if pattern.search(last)), "statement")
    if occasion == "name asked":
        return (occasion, known.name) if known.name else ("name unknown", None)
    if occasion == "liking asked":
        return (occasion, known.liking) if known.liking else ("liking unknown", None)
    if new.name:
        return "name told", new.name
    if new.liking:
        return "liking told", new.liking
    return (occasion, None) if language_of(last) else ("wordless", None)


def _echo(text: str) -> str:
    """The person's last sentence, shortened, without characters that a formatter reads as markup."""
    plain = re.sub(r"[*_`~\[\]<>|#\\“”«»{}]", "", text)
    sentences = [part.strip() for part in re.split(r"[.!?…\n]+", plain) if part.strip()]
    words = (sentences or [""])[-1].split()
    return " ".join(words[:_MAX_ECHO]) + ("…" if len(words) > _MAX_ECHO else "")


def _answered_before(prompt: Prompt) -> bool:
    """An assistant message before the person's first message is a greeting; after it, an answer."""
    roles = [message.role for message in prompt.messages]
    return "assistant" in roles[roles.index("user") :] if "user" in roles else False
