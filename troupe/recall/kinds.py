"""Kinds of things, so that "Do you remember my family?" finds "my daughter", and "страны" finds "Испания".

A kind has words that ask for it, before the colon, and words that are examples of it. Each line that holds an example
is indexed under the kind as well.
"""

from collections import defaultdict
from functools import cache

from troupe.recall.stems import stem

_KINDS = """\
family relative parent родственник семья родня родители: mother father sister brother son daughter husband wife kid
 child parent grandmother grandfather aunt uncle cousin niece nephew family мать отец сестра брат сын дочь муж жена
 ребенок дети бабушка дедушка тетя дядя племянник племянница семья родители сестренка
child kid ребенок дети: son daughter kid child baby toddler twin сын дочь ребенок дети малыш близнецы сынишка
sibling: brother sister twin брат сестра
partner relationship romantic spouse dating личный пара отношения: husband wife boyfriend girlfriend fiance fiancee
 married wedding divorce single engaged date dating breakup муж жена парень девушка жених невеста свадьба развод
 женат замужем помолвка расстаться встречаться
friend company друг подруга приятель: friend buddy pal roommate colleague neighbor neighbour teammate друг подруга
 приятель сосед соседка коллега
pet animal питомец животное зверь: dog cat kitten hamster parrot rabbit guinea turtle goldfish horse snake lizard
 ferret bird собака кот хомяк попугай кролик черепаха рыбка лошадь змея ящерица хорек птица такса овчарка
job work career profession occupation position employer работа профессия карьера должность специальность: engineer
 teacher doctor nurse lawyer programmer developer designer chef cook driver accountant manager writer journalist
 architect barista job work office boss company hired promotion internship resign salary инженер учитель учительница
 врач медсестра юрист программист разработчик дизайнер повар водитель бухгалтер менеджер писатель журналист
 архитектор бариста работать офис начальник фирма компания уволиться повышение стажировка зарплата
study school education degree учеба школа образование вуз: university college school degree exam course class
 student major thesis diploma lecture seminar workshop университет институт колледж школа экзамен курс студент
 студентка диплом лекция факультет сессия
sport exercise workout fitness training спорт тренировка упражнение: football soccer basketball tennis volleyball
 hockey yoga swim run marathon gym boxing karate taekwondo kickboxing judo climbing cycling skiing surfing dance
 pilates jog hike kayak snowboard golf bowling футбол баскетбол теннис волейбол хоккей йога плавание плавать бег
 бегать марафон спортзал бокс карате дзюдо скалолазание лыжи серфинг танцы пилатес поход сноуборд боулинг
martial единоборство: karate taekwondo kickboxing judo boxing aikido jiujitsu карате дзюдо бокс айкидо самбо
hobby activity pastime leisure recreational interest хобби увлечение увлекаться досуг: paint draw knit pottery
 photography garden chess guitar piano violin read write sing dance cook bake fish hike camp swim run game puzzle
 sew cycling bowling рисовать вязать гончарный фотография сад шахматы гитара пианино скрипка читать писать петь
 танцевать готовить печь рыбалка поход плавать бегать игра шить велосипед
instrument music musical инструмент музыка музыкальный: guitar piano violin drum flute cello saxophone trumpet
 ukulele clarinet band concert song album гитара пианино скрипка барабан флейта виолончель саксофон труба кларнет
 аккордеон концерт песня группа альбом
food eat meal dish cuisine snack еда блюдо кушать поесть: pizza pasta sushi soup salad bread cheese chicken fish
 steak rice cake cookie burger taco curry chocolate dumpling pancake breakfast lunch dinner recipe пицца паста суши
 суп салат хлеб сыр курица рыба стейк рис торт печенье бургер шоколад пельмени блины борщ завтрак обед ужин рецепт
 каша
drink beverage напиток пить: coffee tea beer wine juice cocktail milk cocoa lemonade whisky кофе чай пиво вино сок
 коктейль молоко какао лимонад виски
allergy diet food аллергия диета: allergic allergy vegan vegetarian gluten lactose nut аллергия аллергик веган
 вегетарианец вегетарианка глютен лактоза орехи
health illness medical condition injury здоровье болезнь болеть травма: sick flu fever headache migraine asthma
 diabetes hospital surgery operation doctor allergy ankle knee injury injured broken pain therapy болезнь заболеть
 грипп температура мигрень астма диабет больница операция врач аллергия колено травма сломать боль терапия
book read author novel reading книга автор роман читать: book novel poem story author series chapter fantasy read
 библиотека книга роман стихи рассказ автор глава читать фантастика
film show series watch cinema фильм сериал кино смотреть: movie film series episode documentary cinema actor trilogy
 фильм сериал серия кино актер мультфильм
game gaming игра играть: game chess console nintendo playstation xbox minecraft poker puzzle tournament rpg игра
 шахматы приставка турнир головоломка
country страна: spain italy france germany japan china india brazil canada mexico england uk usa russia ukraine
 poland turkey greece portugal norway sweden finland thailand vietnam korea australia egypt ireland scotland
 argentina netherlands испания италия франция германия япония китай индия бразилия канада мексика англия россия
 украина польша турция греция португалия норвегия швеция финляндия таиланд вьетнам корея австралия египет ирландия
 грузия армения
city place town город место: london paris berlin rome madrid tokyo york chicago seattle boston lisbon prague vienna
 amsterdam barcelona moscow petersburg kazan istanbul москва петербург питер казань лондон париж берлин рим мадрид
 токио лиссабон прага вена барселона стамбул сочи новосибирск екатеринбург тбилиси
state: california texas florida oregon washington ohio hawaii alaska colorado nevada utah arizona york carolina
 tennessee texas georgia montana
trip travel vacation holiday visit journey поездка путешествие отпуск каникулы: trip travel vacation holiday flight
 ticket hotel beach camping roadtrip cruise museum airport поездка путешествие отпуск перелет билет отель пляж море
 поход музей аэропорт съездить вернуться
home live house apartment address move дом жить квартира адрес переезд: apartment house flat rent move landlord
 neighborhood квартира дом снимать переехать аренда район комната общежитие
car vehicle transport машина транспорт: car truck van motorcycle bicycle scooter bus train машина автомобиль
 мотоцикл велосипед самокат автобус поезд
birthday age old born день рождения возраст родиться: birthday born turn anniversary рождение родиться юбилей
 исполниться исполнилось
event celebration party событие праздник: party wedding concert festival conference parade fundraiser tournament
 ceremony reunion gala fair свадьба концерт фестиваль конференция парад юбилей вечеринка турнир выставка
fear afraid scare страх бояться фобия: afraid fear scared terrified phobia spider height бояться страх фобия пауков
 высота
dream plan goal want hope мечта план цель мечтать планировать: dream plan goal hope want wish мечта мечтать план
 цель хотеть надеяться собираться
like love favorite enjoy prefer любить нравиться любимый: love like favorite enjoy adore prefer любить обожать
 любимый нравиться предпочитать
hate dislike ненавидеть: hate dislike despise ненавидеть терпеть
art paint artwork искусство картина: painting paint sculpture drawing canvas gallery pottery watercolor картина
 рисунок скульптура галерея акварель холст
color цвет: red blue green yellow purple orange black white pink brown grey turquoise красный синий зеленый желтый
 фиолетовый оранжевый черный белый розовый коричневый серый бирюзовый голубой
buy purchase shopping gift present купить покупка подарок: buy bought new gift present store ordered купить подарить
 подарок заказать новый магазин
money donate help volunteer charity деньги помощь волонтер: donate volunteer charity shelter fundraiser homeless
 nonprofit благотворительность приют волонтер пожертвовать
stress relax destress calm cope стресс расслабляться успокоиться: relax calm meditate therapy yoga peaceful unwind
 bath расслабиться медитация терапия спокойный йога отдохнуть
feel feeling emotion mood чувствовать чувство настроение: happy sad angry lonely anxious tired proud nervous excited
 depressed счастливый грустно злой одиноко тревога устать гордиться нервничать
promise agree обещать обещание договориться: promise swear agree обещать поклясться договориться
name call имя звать: name named call called nickname имя звать назвать кличка прозвище
meet places appointment встреча встретиться: meet meeting cafe pub restaurant bar park встретиться встреча кафе
 ресторан бар парк
"""


def _frozen(table: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    return {word: frozenset(kinds) for word, kinds in table.items()}


@cache
def _tables() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """Kinds by the stems that ask for them, and by the stems of their examples."""
    asked: defaultdict[str, set[str]] = defaultdict(set)
    examples: defaultdict[str, set[str]] = defaultdict(set)
    for line in _KINDS.replace("\n ", " ").splitlines():
        heads, _, members = line.partition(":")
        kind = "@" + heads.split()[0]
        for word in heads.split():
            asked[stem(word)].add(kind)
        for word in members.split():
            examples[stem(word)].add(kind)
    return _frozen(asked), _frozen(examples)


def kinds_asked_for(word: str) -> frozenset[str]:
    """:param word: a stem"""
    return _tables()[0].get(word, frozenset())


def kinds_of(word: str) -> frozenset[str]:
    return _tables()[1].get(word, frozenset())
