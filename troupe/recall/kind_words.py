"""Words of everyday kinds of things, in English and Russian.

A line names a kind: before the colon, words that ask for it, behind it, examples. Behind "=" stand words for one thing.
A line that begins with a space goes on with the line before.
"""

KINDS = """\
family relative parent родственник семья родня родители: mother father sister brother son daughter husband wife kid
 child parent grandmother grandfather aunt uncle cousin niece nephew family мать отец сестра брат сын дочь муж жена
 ребенок дети бабушка дедушка тетя дядя племянник племянница семья родители сестренка folk folks stepmother
 stepfather отчим мачеха внук внучка старики родные малыш малышка
child kid ребенок дети: son daughter kid child baby toddler twin сын дочь ребенок дети малыш близнецы сынишка
sibling: brother sister twin брат сестра
partner relationship romantic spouse dating личный пара отношения: husband wife boyfriend girlfriend fiance fiancee
 married wedding divorce single engaged date dating breakup муж жена парень девушка жених невеста свадьба развод
 женат замужем помолвка расстаться встречаться girl lover beloved better half missus благоверный благоверная супруг
 супруга любимый
friend company друг подруга приятель: friend buddy pal roommate colleague neighbor neighbour teammate друг подруга
 приятель сосед соседка коллега
pet animal питомец животное зверь: dog cat kitten hamster parrot rabbit guinea turtle goldfish horse snake lizard
 ferret bird собака кот хомяк попугай кролик черепаха рыбка лошадь змея ящерица хорек птица такса овчарка greyhound
 poodle labrador terrier spaniel mutt goose duck goat pony борзая пудель лабрадор терьер спаниель дворняга гусь утка
 коза
job work career profession occupation position employer работа профессия карьера должность специальность: engineer
 teacher doctor nurse lawyer programmer developer designer chef cook driver accountant manager writer journalist
 architect barista job work office boss company hired promotion internship resign salary инженер учитель учительница
 врач медсестра юрист программист разработчик дизайнер повар водитель бухгалтер менеджер писатель журналист
 архитектор бариста работать офис начальник фирма компания уволиться повышение стажировка зарплата builder baker
 butcher carpenter plumber electrician mechanic pilot sailor fisherman farmer gardener beekeeper florist tailor
 hairdresser waiter waitress bartender cashier clerk secretary stenographer receptionist translator librarian editor
 publisher actor actress director producer musician composer tuner painter sculptor potter glassblower jeweller
 blacksmith locksmith surveyor geologist botanist biologist chemist physicist mathematician astronomer psychologist
 therapist psychiatrist surgeon dentist vet paramedic midwife pharmacist firefighter policeman detective soldier
 officer judge notary banker economist analyst consultant coach tutor professor lecturer courier guard cleaner nanny
 earn wage living employed строитель пекарь мясник плотник сантехник электрик механик пилот моряк рыбак фермер
 садовник пчеловод флорист портной парикмахер официант официантка бармен кассир секретарь стенографистка переводчик
 библиотекарь редактор актер актриса режиссер музыкант композитор настройщик художник скульптор гончар стеклодув
 ювелир кузнец слесарь геодезист геолог ботаник биолог химик физик математик астроном психолог психиатр хирург
 стоматолог ветеринар фельдшер акушерка фармацевт пожарный полицейский следователь солдат офицер судья нотариус
 банкир экономист аналитик консультант тренер репетитор профессор курьер охранник уборщица няня зарабатывать
 трудиться заработок служить
study school education degree учеба школа образование вуз: university college school degree exam course class
 student major thesis diploma lecture seminar workshop университет институт колледж школа экзамен курс студент
 студентка диплом лекция факультет сессия зачет зубрить finals midterm homework
sport exercise workout fitness training спорт тренировка упражнение: football soccer basketball tennis volleyball
 hockey yoga swim run marathon gym boxing karate taekwondo kickboxing judo climbing cycling skiing surfing dance
 pilates jog hike kayak snowboard golf bowling футбол баскетбол теннис волейбол хоккей йога плавание плавать бег
 бегать марафон спортзал бокс карате дзюдо скалолазание лыжи серфинг танцы пилатес поход сноуборд боулинг backgammon
 curling fencing archery badminton squash croquet rugby cricket baseball handball rowing sailing diving gymnastics
 wrestling weightlifting skating snooker darts triathlon equestrian polo parkour aerobics crossfit нарды керлинг
 фехтование стрельба бадминтон сквош крокет самбо регби бейсбол гандбол гребля парус ныряние гимнастика борьба
 штанга коньки дартс триатлон верховой паркур аэробика настольный занятие
martial единоборство: karate taekwondo kickboxing judo boxing aikido jiujitsu карате дзюдо бокс айкидо самбо
hobby activity pastime leisure recreational interest хобби увлечение увлекаться досуг: paint draw knit pottery
 photography garden chess guitar piano violin read write sing dance cook bake fish hike camp swim run game puzzle
 sew cycling bowling рисовать вязать гончарный фотография сад шахматы гитара пианино скрипка читать писать петь
 танцевать готовить печь рыбалка поход плавать бегать игра шить велосипед
instrument music musical инструмент музыка музыкальный: guitar piano violin drum flute cello saxophone trumpet
 ukulele clarinet band concert song album гитара пианино скрипка барабан флейта виолончель саксофон труба кларнет
 аккордеон концерт песня группа альбом theremin banjo oboe harpsichord mandolin bassoon zither lute harp organ viola
 bass accordion harmonica trombone tuba bagpipe sitar xylophone keyboard balalaika терменвокс банджо гобой клавесин
 мандолина фагот цитра лютня арфа орган альт контрабас гармошка тромбон туба волынка ксилофон балалайка баян
food eat meal dish cuisine snack еда блюдо кушать поесть: pizza pasta sushi soup salad bread cheese chicken fish
 steak rice cake cookie burger taco curry chocolate dumpling pancake breakfast lunch dinner recipe пицца паста суши
 суп салат хлеб сыр курица рыба стейк рис торт печенье бургер шоколад пельмени блины борщ завтрак обед ужин рецепт
 каша stew tart pie kebab omelette porridge sandwich noodle potato tomato mushroom pumpkin aubergine eggplant onion
 lentil bean pepper garlic apple banana cherry strawberry plum melon honey jam ice sausage bacon ham lamb pork beef
 turkey shrimp lobster oyster похлебка кнедлики плов пирог хинкали драники шашлык омлет бутерброд лапша картошка
 картофель помидор гриб тыква баклажан лук чечевица фасоль перец чеснок яблоко банан вишня клубника слива дыня мед
 варенье мороженое колбаса бекон ветчина баранина свинина говядина индейка креветка уха солянка голубцы вареники
 сырники оливье окрошка
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
 шахматы приставка турнир головоломка backgammon checkers scrabble monopoly dominoes cards нарды шашки домино карты
 монополия
country страна: spain italy france germany japan china india brazil canada mexico england uk usa russia ukraine
 poland turkey greece portugal norway sweden finland thailand vietnam korea australia egypt ireland scotland
 argentina netherlands испания италия франция германия япония китай индия бразилия канада мексика англия россия
 украина польша турция греция португалия норвегия швеция финляндия таиланд вьетнам корея австралия египет ирландия
 грузия армения
city place town город место: london paris berlin rome madrid tokyo york chicago seattle boston lisbon prague vienna
 amsterdam barcelona moscow petersburg kazan istanbul москва петербург питер казань лондон париж берлин рим мадрид
 токио лиссабон прага вена барселона стамбул сочи новосибирск екатеринбург тбилиси porto bergen ghent leeds utrecht
 malmo tbilisi manchester liverpool edinburgh dublin glasgow bristol oxford cambridge brussels antwerp rotterdam
 hamburg munich cologne frankfurt zurich geneva milan naples venice florence turin athens budapest warsaw krakow
 bucharest sofia belgrade zagreb oslo stockholm copenhagen helsinki riga tallinn vilnius kyiv odessa minsk yerevan
 baku cairo dubai mumbai delhi beijing shanghai seoul bangkok singapore sydney melbourne toronto montreal vancouver
 miami dallas houston denver phoenix atlanta philadelphia washington vegas angeles francisco orleans havana lima rio
 псков суздаль выборг ереван томск алматы омск самара уфа пермь воронеж ростов волгоград краснодар саратов тюмень
 тула рязань ярославль тверь калуга смоленск владимир иркутск хабаровск владивосток красноярск челябинск нижний
 калининград мурманск архангельск вологда новгород минск киев одесса рига таллин вильнюс баку ташкент астана бишкек
 душанбе варшава краков будапешт афины милан венеция флоренция неаполь мюнхен гамбург стокгольм хельсинки осло
 дублин
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
 высота dread panic horror frightened moth snake ужас паника панический паниковать мотылек страшно пугать
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
wedding = wedding marry marriage wed bride groom knot ceremony vow honeymoon свадьба жениться пожениться расписаться
 венчаться обвенчаться загс замуж медовый
wife spouse = wife spouse husband partner жена супруга муж супруг благоверная благоверный
girl = daughter girl дочь дочка малышка девочка
boy = son boy lad сын сынок мальчик малыш
folks = parent parents folk folks mother father родители старики мать отец предки
reside = live reside dwell settle stay lodge home жить обитать проживать поселиться обосноваться
relocate = move relocate resettle переехать перебраться переселиться переезд уехать
sorrow = sad sadness blue down gloomy miserable melancholy depressed unhappy tearful heartbroken грустно грусть
 грустный тоска тоскливо тосковать хандра хандрить уныние печаль печально плакать депрессия подавленный
joy = happy joy glad delighted thrilled excited счастье счастливый рад радость радостный в восторге восторг
dread = afraid fear scare terrify dread phobia frighten бояться страх страшно пугать ужас паника панический
 опасаться
die = die dead death pass away late funeral lose умереть смерть скончаться похороны погибнуть умер умерла не стало
 стало
allergy reaction = allergy allergic peanut nut hives rash swell throat pollen аллергия аллергик арахис орех сыпь
 опухнуть горло пыльца крапивница
earn = work job earn bread living trade profession career wage employ работать работа профессия трудиться
 зарабатывать служить хлеб должность
adore = love like favorite adore enough fond crazy prefer любить любимый обожать нравиться предпочитать готовый
 объедение
practise = play practise practice rehearse train exercise играть упражняться репетировать тренироваться заниматься
 занятие тренировка
grow = grow childhood raise youth born grew рос вырасти расти детство юность родиться
quit = quit leave resign fire sack laid dismissed redundant уволиться уйти бросить уволить сократить
ill = ill sick disease unwell flu cold fever болеть болезнь заболеть простуда простудиться больной нездоровиться
pal = friend pal buddy mate друг подруга приятель товарищ дружить
cash = money cash pay salary price cost debt owe деньги платить плата цена стоить долг зарплата
quarrel = argue quarrel fight row fall out conflict ссора поссориться ругаться скандал спор
buy = buy purchase order shop get купить заказать приобрести покупка
drive = car drive vehicle автомобиль машина водить ехать тачка
tired = tired exhausted weary sleepy worn усталый устать уставший измотанный сонный
kid = kid child toddler baby infant ребенок дети малыш младенец
exam = exam test finals midterm экзамен зачет сессия
flat = flat apartment house home place квартира дом жилье жилище новоселье
film = film movie cinema кино фильм
trip = trip travel journey vacation holiday tour поездка путешествие отпуск каникулы съездить
"""
