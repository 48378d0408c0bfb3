# ruff: noqa: RUF001 - Russian text is Russian
"""Signs of self-harm in a person's own words, found without any server: for when moderation is down, slow or off.

The list is short and about the writer alone: "I", not "he". Moderation finds far more. Texts are compared in lower case
and without punctuation, apostrophes and the dots of Russian letters.
"""

import re

# The writer says it of themself. A space stands for any white space and punctuation.
_PHRASES = (
    r"(kill|killing|hurt|hurting|cut|cutting|harm|harming|hang|hanging) myself",
    r"(want|wanna|wish|going|gonna|ready|like|plan|planning) (to )?(just )?(die|be dead)( right now| tonight| today)?",
    r"(end|ending|take|taking) (it all|my (own )?life)",
    r"commit(ting)? suicide",
    r"(i am|im|feel|feeling|been) (really |so |very )?suicidal",
    r"(better off|rather be) dead",
    r"(dont|do not|didnt|not) (really )?(want|wanna|wish) (to )?(live|be alive|exist|wake up)( any ?more)?",
    r"no (reason|point) (to|in) (live|living|go on|going on)( any ?more)?",
    r"(cant|cannot|can not) (live|go on) (like this|any ?more)",
    r"wish i (was|were) (dead|never born)",
    r"wish i had never been born",
    r"(убью|убить|убиваю|порежу|порезать|режу|резать|повешу|повесить) себя",
    r"(повешусь|повеситься|зарежусь|застрелюсь|утоплюсь|отравлюсь|самоубьюсь|выпилюсь|роскомнадзорнусь)",
    r"(покончу|покончить|кончаю|кончить) (с собой|с жизнью)",
    r"свести счеты с жизнью",
    r"(совершу|совершить) (самоубийство|суицид)",
    r"(хочу|хочется|готова?|решила?|собираюсь) (просто |уже |сейчас |сегодня )?(умереть|сдохнуть)",
    r"не (хочу|хочется|могу) (больше |уже )?(жить|просыпаться|существовать)( больше)?",
    r"(жить|просыпаться) (больше |уже )?не (хочу|хочется)( больше)?",
    r"(лучше бы|хоть бы) (я )?(умер|умерла|сдох|сдохла|не родился|не родилась)",
    r"(нет|не вижу) (больше |никакого )?смысла (больше )?жить",
    r"(мысли|думаю) о (самоубийстве|суициде)",
    r"(прыгну|спрыгну|выпрыгну|выброшусь) (из окна|с крыши|с моста)",
)
# Phrases that look like one of the signs and are none.
_NO_CAUSES = (
    "laughter|laughing|boredom|embarrassment|shame|cringe|cuteness|hunger|thirst|heat|cold|curiosity|happiness|joy|envy"
    "|jealousy|old age|смеха|смеху|хохота|скуки|стыда|умиления|счастья|любопытства|голода|жажды|жары|холода|зависти"
    "|восторга|старости"
)
_HARMLESS = (
    rf"(die|dying|dead|умереть|сдохнуть) (of|from|with|от|со|с) ({_NO_CAUSES})",
    r"(die|dying) laughing",
    r"to die for(?! real)",
    r"умереть за ",
    r"(kill|killing) myself laughing",
    r"(cut|cutting) myself (a |an |some |off |short|shaving|cooking|loose)",
    r"(hurt|hurting|harm) myself (at|playing|training|running|skiing|on the)",
    r"не (хочу|хочется|могу) (больше |уже )?(жить|существовать) (в|во|на|с|со|у|вместе|рядом|там|тут|здесь) (?!эт|так)",
    r"не могу (больше )?жить без",
    r"(dont|do not|didnt) (really )?(want|wanna) (to )?live (in|with|here|there|at|near|on)\b(?! (this|pain|such))",
    r"(cant|cannot|can not) live without",
    r"(take|taking) my life (in|into|to|seriously)",
)
# They turn a phrase into its opposite if they stand just before it.
_NEGATIONS = re.compile(
    r"\b(dont|do not|didnt|did not|wont|will not|wouldnt|would not|never|not|no longer|isnt|arent|wasnt|не)"
    r"( (really|actually|even|ever|going|trying|about|want|wanna|plan|think of|собираюсь|хочу|буду|стану))?( to)? ?$"
)
_SIGNS = re.compile(rf"\b(?:{'|'.join(_PHRASES)})\b")
_NOT_SIGNS = re.compile(rf"\b(?:{'|'.join(_HARMLESS)})")
# Separators between two thoughts of one text.
_STOPS = re.compile(r"[.!?;,:\n()«»\"“”*|]+")
_MAX_NEGATION = 40


def shows_signs(text: str) -> bool:
    return any(_is_said(clause) for clause in _clauses(text))


def _is_said(clause: str) -> bool:
    plain = _NOT_SIGNS.sub("|", clause)
    return any(
        not _NEGATIONS.search(plain[max(0, found.start() - _MAX_NEGATION) : found.start()])
        for found in _SIGNS.finditer(plain)
    )


def _clauses(text: str) -> list[str]:
    # Dots that trail off end no thought: "I want to... die".
    lower = re.sub(r"\.{2,}|…", " ", text.casefold().replace("ё", "е"))
    return [" ".join(re.sub(r"[\W_]+", " ", re.sub(r"['’‘`´]", "", part)).split()) for part in _STOPS.split(lower)]
