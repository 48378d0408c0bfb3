"""A text as the words that are looked up: stems, numbers and names, without the words that stand in every text."""

import re

from troupe.recall.stems import stem

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
_STOP = """\
a an the and or but if so as at by for from in into of off on onto out over to up with about than then that this these
those there here it its it's he him his she her hers they them their we us our i i'm i've i'd i'll me my mine myself you
your yours you're you've you'd you'll he's she's we're they're that's there's what's who's is am are was were be been
being do does did don't doesn't didn't have has had having haven't hasn't hadn't will would shall should can could may
might must won't wouldn't can't cannot couldn't shouldn't isn't aren't wasn't weren't not no nor yes yeah yep ok okay oh
ah wow hey hi hello what which who whom whose when where why how all any both each few more most other some such only
own same too very just also even still again once ever really quite let let's got get gets getting gonna wanna well
и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было вот от меня еще нет о
из ему теперь когда даже ну ли если уже или ни быть был была были него до вас нибудь опять уж вам ведь там потом себя
ничего ей может они тут где есть надо ней для мы тебя их чем сам чтоб чтобы без будто чего раз тоже себе под будет ж
тогда кто этот того потому этого какой какая какие какое каких каким какую каком совсем ним здесь этом мой моя мое мои
моего моей моих моим моему моем мою тем этой этим этих эти эта это свою своей свой свое своих свои своим об тебе тобой
твой твоя твое твои твоего твоей твоих твою твоему твоем нас нам вами нами ними мной мною ним хотя ой ага привет очень
просто как-то кого кому кем куда откуда почему зачем сколько чей чья чье чьи который которая которое которые ли
"""
STOP = frozenset(_STOP.split())
# "It's late, I'm afraid" and "I'm afraid not" are about no fear.
_REGRET = re.compile(
    r"(?:,\s*i(?:['’]m| am) afraid(?=\s*(?:[.,;:!?…]|$))|\bi(?:['’]m| am) afraid (?:so|not)\b)", re.IGNORECASE
)
# "I", "my", "я", "мне": the person speaks of themself. "You", "ты": of the character.
ABOUT_SPEAKER = frozenset(
    "i me my mine i'm i've i'd i'll myself я мне меня мной мой моя мое мои моего моей моих мою".split()
)
ABOUT_LISTENER = frozenset(
    "you your yours you're you've you'd ты тебя тебе тобой твой твоя твое твои твоего твоей твою".split()
)


# Characters of the longest word: anything longer is no word.
MAX_WORD = 40


def plain_words(text: str) -> list[str]:
    """In lower case, in their order, stop words included."""
    return [word[:MAX_WORD].replace("’", "'") for word in _WORD.findall(text.lower().replace("ё", "е"))]


def terms(text: str) -> list[str]:
    """The stems of the words that say something, in their order."""
    return [stem(word) for word in plain_words(_REGRET.sub("", text)) if word not in STOP]
