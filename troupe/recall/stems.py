"""Word stems, so that "bees" finds "bee" and "сестре" finds "сестра".

Russian follows the Snowball algorithm (snowballstem.org/algorithms/russian). English takes the inflections off and the
commonest suffixes, and knows irregular verbs and plurals. A stem need be no word: it only has to be the same for all
forms of one.
"""

import re
from functools import lru_cache

IRREGULAR = """\
go went gone goes|buy bought|bring brought|think thought|teach taught|catch caught|fight fought|seek sought|
see saw seen|do did done does|have had has|make made|take took taken|give gave given|get got gotten|come came|
become became|say said|tell told|feel felt|keep kept|sleep slept|leave left|meet met|lose lost|win won|find found|
hold held|stand stood|understand understood|hear heard|read|run ran|begin began begun|drink drank drunk|
sing sang sung|swim swam swum|ring rang rung|write wrote written|drive drove driven|ride rode ridden|
rise rose risen|speak spoke spoken|break broke broken|choose chose chosen|wear wore worn|tear tore torn|
know knew known|grow grew grown|fly flew flown|throw threw thrown|draw drew drawn|show shown|fall fell fallen|
eat ate eaten|forget forgot forgotten|hide hid hidden|bite bit bitten|build built|send sent|spend spent|lend lent|
pay paid|sell sold|sit sat|shoot shot|light lit|lead led|feed fed|shake shook shaken|steal stole stolen|
wake woke woken|freeze froze frozen|swear swore sworn|dig dug|hang hung|stick stuck|strike struck|bear bore born|
child children|man men|woman women|foot feet|tooth teeth|mouse mice|goose geese|person people|wife wives|knife knives|
life lives|leaf leaves|wolf wolves|half halves|shelf shelves|scarf scarves|mum mom mother mommy|dad father daddy|
kid kids|bike bicycle|photo photograph picture pic|movie film|tv television|favorite favourite|color colour|
grandma grandmother granny|grandpa grandfather|kitty cat|puppy dog doggo pup|pa papa|auntie aunt|sis sister|bro brother|
marriage married marry|
человек люди людей людям людьми людях|ребенок ребенка ребенку ребенком дети детей детям детьми детях|
мама мать матери матерью мамы маме маму мамой мамочка мамуля|папа отец отца отцу отцом папы папе папу папой папочка|
идти иду идет идут идем шел шла шли пойти пойду пойдет пойдем пошел пошла пошли сходить схожу сходил сходила сходили|
ехать еду едет едут едем поехать поеду поедет поедем поехал поехала поехали съездить съездил съездила съездили|
звать зовут звали зову зовет назвать назвал назвала назвали назову|
муж мужа мужу мужем|друг друга другу другом друзья друзей друзьям друзьями друге|сын сына сыну сыном сынок|
дочь дочери дочерью дочка дочку дочке дочки дочкой|брат брата брату братом братья братьев братик|
купить купил купила купили куплю купим купит|жить живу живет живешь живем живут жил жила жили|
есть ем ешь ест едим едят ел ела ели съел съела|пить пью пьет пьешь пил пила пили выпил|
расти растет рос росла росли вырасти вырос выросла выросли вырастет|
уйти ушел ушла ушли уйду уходить ухожу|взять взял взяла взяли возьму беру брать|
бабушка бабушки бабушке бабушку бабушкой бабуля бабушек|дедушка дед деда деду дедушки дедушке дедушку дедушкой|
собака собаки собаке собаку собакой собак пес пса псу щенок щенка|день дня дню днем дни дней дням|
попасть попал попала попали попаду попадать|хлопнуть хлопнул хлопнула|дать дал дала дали дам даю дает давать|
выйти вышел вышла вышли выйду выходить выхожу|надеть надел надела надену|разойтись разошлись разошелся разошлась|
ждать жду ждет ждем ждал ждала ждали|сдать сдал сдала сдали сдаю сдам сдавать|слечь слег слегла слегли|
болеть болею болеет болел болела заболеть заболел заболела|
опухнуть опух опухла опухло|сесть сел села сели сяду|сидеть сижу сидит сидим сидел сидела|
терпеть терплю терпит терпел терпела|переносить переношу|грызть грызу грыз грызла|просить прошу|
год года году годом годы лет|кот кота коту котом кошка кошки кошке кошку кошкой котенок котенка кошек котов"""
_BASE = {form: group.split()[0] for group in IRREGULAR.replace("\n", "").split("|") for form in group.split()}

MIN_STEM = 4
_VOWELS = "аеиоуыэюя"
_GERUND = re.compile(r"(?:(?<=[ая])(?:вшись|вши|в)|(?:ившись|ывшись|ивши|ывши|ив|ыв))$")
_REFLEXIVE = re.compile(r"(?:ся|сь)$")
_ADJECTIVE = re.compile(r"(?:ими|ыми|его|ого|ему|ому|ее|ие|ые|ое|ей|ий|ый|ой|ем|им|ым|ом|их|ых|ую|юю|ая|яя|ою|ею)$")
_PARTICIPLE = re.compile(r"(?:(?<=[ая])(?:ем|нн|вш|ющ|щ)|(?:ивш|ывш|ующ))$")
_VERB = re.compile(
    r"(?:(?<=[ая])(?:ете|йте|ешь|нно|ла|на|ли|ем|ло|но|ет|ют|ны|ть|й|л|н)"
    r"|(?:уйте|ейте|ила|ыла|ена|ите|или|ыли|ило|ыло|ено|ует|уют|ены|ить|ыть|ишь|ей|уй|ил|ыл|им|ым|ен|ят|ит|ыт|ую|ю))$"
)
_NOUN = re.compile(
    r"(?:иями|ями|ами|ией|иям|ием|иях|ев|ов|ие|ье|еи|ии|ей|ой|ий|ям|ем|ам|ом|ах|ях|ию|ью|ия|ья|а|е|и|й|о|у|ы|ь|ю|я)$"
)
_DERIVED = re.compile(r"ость?$")
_SUPERLATIVE = re.compile(r"ейше?$")
_FLEETING = re.compile(r"(?<=[^аеиоуыэюя])[ео]([кцн])$")
_LABIAL = re.compile(r"[бвмпф]л$")
_CYRILLIC = re.compile(r"[а-я]")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """:param word: in lower case, "ё" written as "е"."""
    return _russian(word) if _CYRILLIC.search(word) else _english(word)


def _russian(word: str) -> str:
    if word in _BASE:
        return _BASE[word]
    start = next((place + 1 for place, letter in enumerate(word) if letter in _VOWELS), len(word))
    second = _second_region(word)
    head, tail = word[:start], word[start:]
    shorter = _GERUND.sub("", tail)
    tail = _inflected(_REFLEXIVE.sub("", tail)) if shorter == tail else shorter
    tail = tail.rstrip(_VOWELS)
    if _DERIVED.search(word[second:][: len(head + tail) - second]):
        tail = _DERIVED.sub("", tail)
    if tail.endswith("нн"):
        return head + tail[:-1]
    tail = _SUPERLATIVE.sub("", tail).removesuffix("ь").rstrip(_VOWELS)
    # "Люблю" and "любил", "куплю" and "купил"; "парень" and "парня", "подарок" and "подарка".
    whole = head + (tail[:-1] if _LABIAL.search(tail) else tail)
    return _FLEETING.sub(r"\1", whole) if len(whole) > MIN_STEM else whole


def _inflected(tail: str) -> str:
    shorter = _ADJECTIVE.sub("", tail)
    if shorter != tail:
        return _PARTICIPLE.sub("", shorter)
    shorter = _VERB.sub("", tail)
    return shorter if shorter != tail else _NOUN.sub("", tail)


def _second_region(word: str) -> int:
    """Where the region begins that Snowball calls R2."""
    found, was_vowel = 0, False
    for place, letter in enumerate(word):
        is_vowel = letter in _VOWELS
        if was_vowel and not is_vowel:
            found += 1
            if found == 2:  # noqa: PLR2004 - R2 is R1 of R1
                return place + 1
        was_vowel = is_vowel
    return len(word)


_ENGLISH_VOWEL = re.compile(r"[aeiouy]")
_SUFFIXES = re.compile(
    r"(?:ational|ization|isation|fulness|ousness|iveness|ation|ition|ingly|edly|ement|ance|ence|able|ible|ment|ness|"
    r"tion|sion|ally|ical|ious|eous|ity|ful|ous|ive|ize|ise|ist|ism|ant|ent|ion|ial|al|ly|er|or|ic)$"
)


def _english(word: str) -> str:
    word = word.removesuffix("'s").removesuffix("'")
    if word in _BASE:
        return _BASE[word]
    word = _singular(word)
    if word in _BASE:
        return _BASE[word]
    word = _without_tense(word)
    if word in _BASE:
        return _BASE[word]
    shorter = _SUFFIXES.sub("", word)
    if len(shorter) >= MIN_STEM:
        word = _SUFFIXES.sub("", shorter) if len(_SUFFIXES.sub("", shorter)) >= MIN_STEM else shorter
    if len(word) > MIN_STEM - 1 and word[-1] in "ey":
        word = word[:-1].rstrip("i")
    return word.removesuffix("i") if len(word) >= MIN_STEM else word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > MIN_STEM:
        return word[:-3] + "y"
    if re.search(r"(?:ss|x|z|ch|sh)es$", word):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:  # noqa: PLR2004 - "gas", "bus"
        return word[:-1]
    return word


def _without_tense(word: str) -> str:
    for suffix in ("ing", "ed"):
        rest = word.removesuffix(suffix)
        if rest == word or len(rest) < 2 or not _ENGLISH_VOWEL.search(rest):  # noqa: PLR2004 - "bring", "red"
            continue
        if rest.endswith("i") and suffix == "ed":
            return rest[:-1] + "y"
        if len(rest) > 2 and rest[-1] == rest[-2] and rest[-1] not in "lsz":  # noqa: PLR2004 - "running"
            return rest[:-1]
        return _BASE.get(rest, rest)
    return word
