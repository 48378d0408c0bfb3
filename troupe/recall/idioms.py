"""Idioms by what they mean, so that "When was I fired?" finds "they showed me the door".

An idiom belongs to kinds of things (kinds.py): a line that holds it is found by them, and a message that holds it asks
for them. Its words stand in a text in this order and in any form, with at most one other word between two of them;
articles and possessives are left out on both sides. These are common idioms about what people tell of themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice

from troupe.recall.stems import stem
from troupe.recall.words import plain_words

_IDIOMS = """\
=quit @job: get the sack, give the sack, get the boot, get the axe, get the chop, show the door, pink slip, let go, lay
 off, lose job, out of work, between jobs, hand in notice, give notice, walk out, step down, call it quits, выставить
 за дверь, указать на дверь, показать на дверь, потерять работу, остаться без работы, лишиться работы, попасть под
 сокращение, по собственному желанию, хлопнуть дверью, дать расчет, выйти на пенсию
=earn @job: make money, make a living, earn a living, earn bread, earn a crust, bring home the bacon, pay the bills,
 make ends meet, day job, nine to five, line of work, работать кем, зарабатывать на хлеб, зарабатывать на жизнь,
 кормить семью, сводить концы с концами, добывать хлеб
=wife @partner: better half, other half, significant other, old lady, ball and chain, share a bed, share a roof, вторая
 половина, вторая половинка, спутник жизни, спутница жизни, делить кров, делить постель, гражданский муж, гражданская
 жена
=wedding: tie the knot, walk down the aisle, get hitched, pop the question, on one knee, say yes, say I do, exchange
 rings, exchange vows, accept proposal, ask hand, выйти замуж, сделать предложение, предложить руку, просить руки,
 сыграть свадьбу, под венец, надеть кольцо, сказать да, связать жизнь, согласиться на предложение, встать на колено
@partner: fall in love, head over heels, love at first sight, go out with, go steady, seeing someone, break up, split
 up, on the rocks, drift apart, go separate ways, old flame, влюбиться по уши, без памяти, с первого взгляда, разойтись
 как, крутить роман, закрутить роман, дать отставку, остаться друзьями, разбить сердце
=folks @family: old man, old folks, mum and dad, flesh and blood, next of kin, close to home, отчий дом, родная кровь,
 кровь от крови, предки дома
=kid @birthday @child: have a baby, bun in the oven, in the family way, with child, due date, we are expecting, I am
 expecting, expecting a baby, give birth, baby be born, little one, bundle of joy, on the way, patter of feet, в
 положении, ждать ребенка, ждать малыша, ждать пополнения, на сносях, родить ребенка, появиться на свет, у меня роды,
 когда роды, пополнение в семье, срок родов, принести в подоле
=die: kick the bucket, pass away, bite the dust, six feet under, breathe last, push up daisies, lose father, lose
 mother, lose husband, lose wife, lose grandmother, lose grandfather, gone to a better place, отдать концы, уйти из
 жизни, уйти в мир, приказать долго жить, сыграть в ящик, не стало, отойти в мир, испустить дух, проводить в последний
 путь
=joy: over the moon, on cloud nine, in seventh heaven, on top of the world, walk on air, tickled pink, happy as a clam,
 jump for joy, make my day, на седьмом небе, вне себя от радости, на верху блаженства, прыгать от радости, сиять от
 счастья, душа поет
=sorrow: feel blue, down in the dumps, in low spirits, heavy heart, cry eyes out, under a cloud, lump in throat, heart
 sank, кошки скребут, руки опустились, как в воду опущенный, выплакать все глаза, нет лица, на душе тяжело, повесить
 нос, места не находить
=dread @fear: scared stiff, scared to death, get cold feet, give the creeps, heart in mouth, hair stand on end, shake
 like a leaf, blood run cold, душа в пятки, волосы дыбом, мороз по коже, мурашки по коже, поджилки трясутся, кровь
 стынет, до смерти боюсь
=quarrel: at each other throats, bury the hatchet, cross swords, not on speaking terms, have words, на ножах, как кошка
 с собакой, перемыть кости, выяснять отношения, бить посуду, не разговариваем
=ill @health: under the weather, out of sorts, off color, run down, come down with, on the mend, clean bill of health,
 catch a cold, at death door, слечь с, свалиться с температурой, на больничном, еле на ногах, идти на поправку, встать
 на ноги, подхватить вирус, ломит кости
=allergy @allergy: bring out in spots, come out in spots, break out in hives, break out in spots, come out in a rash,
 bring out in a rash, puff up, throat close, eyes water, покрыться сыпью, покрыться пятнами, весь в пятнах, вся в
 пятнах, в пятнах, опухнуть от, чихать от, чесаться от, слезиться глаза
=tired: worn out, dead on feet, run ragged, burn out, out on feet, dog tired, running on empty, hit the hay, hit the
 sack, без задних ног, валиться с ног, выжатый лимон, язык на плечо, клевать носом, нет сил, без сил
@study: hit the books, burn the midnight oil, pull an all nighter, learn by heart, finals week, take finals, sit an
 exam, drop out, play truant, грызть гранит, ночь перед экзаменом, завалить сессию, провалить экзамен, прогуливать
 пары, сдать сессию, выучить назубок
@car =drive: set of wheels, four wheels, behind the wheel, hit the road, moving violation, за рулем, сесть за руль,
 железный конь, четыре колеса
=cash @money: cost an arm and a leg, break the bank, tighten belt, in the red, in debt, up to ears in debt, flat broke,
 penny pincher, cost a fortune, rolling in it, на мели, в копеечку, по уши в долгах, затянуть пояс, деньги на ветер,
 куры не клюют, без гроша, в кармане пусто, жить в долг, за душой ни гроша
=relocate @home: put down roots, up sticks, pull up stakes, fly the nest, move house, settle down, pack bags, new
 place, свить гнездо, пустить корни, собрать чемоданы, сидеть на чемоданах, сменить адрес, обзавестись жильем
=adore: have a soft spot, sweet tooth, cup of tea, can't get enough, crazy about, mad about, nuts about, keen on, fond
 of, apple of eye, за уши не оттащить, пальчики оближешь, души не чаять, без ума от, по вкусу, по душе, слюнки текут
@hate: can't stand, can't bear, get on nerves, drive up the wall, pet peeve, hate guts, sick and tired of, на дух не
 переношу, терпеть не могу, видеть не могу, с души воротит, действовать на нервы, поперек горла
@drink: hit the bottle, drown sorrows, on the wagon, fall off the wagon, hair of the dog, under the influence, заложить
 за воротник, уйти в запой, под мухой, не просыхать, завязать с выпивкой
@promise: give word, cross heart, keep word, pinky swear, дать слово, зуб даю, держать слово, честное слово
@friend =pal: thick as thieves, get on like a house, joined at the hip, birds of a feather, не разлей вода, душа в
 душу, друзья детства, правая рука, пуд соли
"""
_LEFT_OUT = frozenset(
    "a an the my your his her our their its мой моя мое мои моего моей моих моему моим мою твой твоя твое твои наш "
    "наша наше наши свой своя свое свои свою своей своего своих".split()
)
# Other words that may stand between two words of an idiom.
MAX_GAP = 1


def _words(text: str) -> list[str]:
    return [stem(word) for word in plain_words(text) if word not in _LEFT_OUT]


def _table() -> dict[str, list[tuple[tuple[str, ...], frozenset[str]]]]:
    """Idioms and their kinds, by the first word."""
    found: defaultdict[str, list[tuple[tuple[str, ...], frozenset[str]]]] = defaultdict(list)
    for line in _IDIOMS.replace("\n ", " ").splitlines():
        kinds, _, listed = line.partition(": ")
        for idiom in listed.split(","):
            first, *others = _words(idiom)
            found[first].append((tuple(others), frozenset(f"@{kind.removeprefix('@')}" for kind in kinds.split())))
    return dict(found)


# Made while the function starts, when it has a whole processor.
_BY_FIRST = _table()


def idioms_in(text: str) -> list[tuple[frozenset[str], frozenset[str]]]:
    """The stems of each idiom that the text holds, with the kinds of things that it stands for."""
    words = _words(text)
    return [
        (frozenset((word, *others)), kinds)
        for place, word in enumerate(words)
        for others, kinds in _BY_FIRST.get(word, ())
        if _follow(others, words, place + 1)
    ]


def _follow(wanted: Iterable[str], words: Sequence[str], start: int) -> bool:
    for word in wanted:
        near = list(islice(words, start, start + MAX_GAP + 1))
        if word not in near:
            return False
        start += near.index(word) + 1
    return True
