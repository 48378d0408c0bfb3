"""What the bot itself says, as opposed to its characters: in English and in Russian."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Texts:
    welcome: str
    menu: str
    choose: str
    menu_button: str
    help: str
    choose_first: str
    words_only: str
    edited: str
    unknown_command: str
    unknown_character: str
    old_button: str
    apology: str
    refused: str
    retry: str
    retrying: str
    character_gone: str
    another: str
    go_on: str
    take_back: str
    another_greeting: str
    undo_restart: str
    restarted: str
    restart_undone: str
    nothing_newer: str
    still_answering: str
    no_other: str
    language: str
    language_set: str
    as_telegram: str
    memory: str
    no_memory: str
    memory_story: str
    memory_facts: str
    forget: str
    forget_story: str
    forgotten: str
    remembered: str
    too_many_facts: str


ENGLISH = Texts(
    welcome=(
        "Hi, {name}! This is Troupe: a company of characters you can talk to right here in Telegram.\n\n"
        "Pick one, say hello, and they will answer in their own voice and remember what you told them.\n\n"
        "They are played by an AI, so what they say is made up. Please don't take it for fact or advice."
    ),
    menu="Who would you like to talk to? Your conversations are kept: you can always come back to them.",
    choose="Choose a character",
    menu_button="Characters",
    help=(
        "Just write, and your character answers. To change your last message, edit it, and they answer anew.\n\n"
        "/menu - talk to somebody else. Each conversation is kept and goes on where you left it.\n"
        "/again - another answer; swipe between them with the buttons\n"
        "/continue - let them go on\n"
        "/undo - take the last exchange back\n"
        "/memory - what they remember of you. /memory and some words: remember this\n"
        "/restart - begin this conversation anew; it can be undone\n"
        "/language - English, Russian\n"
        "/start - the welcome once more\n\n"
        "The characters are played by an AI. They understand text in any language, but not voice or pictures."
    ),
    choose_first="Nobody is on stage yet. Choose a character first, then write to them.",
    words_only="I can only read text so far. Tell it in words?",
    edited="I've already read the first version. If it matters, send it as a new message.",
    unknown_command="I don't know that command. /help lists the ones I do.",
    unknown_character="There is no such character here. Choose one of these:",
    old_button="This button is from an earlier time. Send /menu for a fresh one.",
    apology="Sorry, I lost my thread and couldn't answer that.",
    refused="That one I can't answer. Shall we talk about something else?",
    retry="Try again",
    retrying="Trying again...",
    character_gone="This character has left the stage. Choose another one:",
    another="Another",
    go_on="Go on",
    take_back="Undo",
    another_greeting="Another greeting",
    undo_restart="Undo the restart",
    restarted="A clean slate. Nothing is lost: the old conversation comes back with the button below.",
    restart_undone="We are back where we were.",
    nothing_newer="There is nothing to do that to yet.",
    still_answering="One moment: the last answer is still on its way.",
    no_other="No other answer came to mind. Let's keep this one.",
    language="Which language should I speak? The characters answer in whatever you write.",
    language_set="From now on in English.",
    as_telegram="As in Telegram",
    memory="What {name} remembers",
    no_memory=(
        "{name} remembers what you have said lately, and nothing beyond it yet.\n\n"
        "To have something remembered for good, write it behind the command: /memory I keep bees"
    ),
    memory_story="From the story so far",
    memory_facts="You asked to remember",
    forget="Forget {number}",
    forget_story="Forget the story so far",
    forgotten="Forgotten.",
    remembered="{name} will remember that. To correct it: /memory {number} and the new words.",
    too_many_facts="That is more than anybody can remember. Forget something first: /memory",
)

RUSSIAN = Texts(
    welcome=(
        "Привет, {name}! Это Troupe - труппа персонажей, с которыми можно поговорить прямо в Telegram.\n\n"
        "Выберите кого-нибудь и напишите пару слов: вам ответят своим голосом и запомнят, что вы рассказали.\n\n"
        "Роли исполняет ИИ, всё сказанное - вымысел. Не принимайте его за факты или советы."
    ),
    menu="С кем хотите поговорить? Разговоры сохраняются: к любому можно вернуться.",
    choose="Выбрать персонажа",
    menu_button="Персонажи",
    help=(
        "Просто пишите - персонаж ответит. Если исправите своё последнее сообщение, он ответит заново.\n\n"
        "/menu - поговорить с кем-то другим. Каждый разговор сохраняется и продолжится с того же места.\n"
        "/again - другой ответ; листать ответы можно кнопками\n"
        "/continue - пусть продолжает\n"
        "/undo - отменить последнюю реплику и ответ\n"
        "/memory - что о вас помнят. /memory и несколько слов: запомнить это\n"
        "/restart - начать этот разговор заново; можно передумать\n"
        "/language - русский, английский\n"
        "/start - приветствие ещё раз\n\n"
        "Роли исполняет ИИ. Он понимает текст на любом языке, но не голос и не картинки."
    ),
    choose_first="На сцене пока никого. Сначала выберите персонажа, а потом пишите ему.",
    words_only="Пока я понимаю только текст. Расскажете словами?",
    edited="Первую версию я уже прочитал. Если правка важна, пришлите её новым сообщением.",
    unknown_command="Такой команды нет. Все команды - в /help.",
    unknown_character="Такого персонажа здесь нет. Выберите кого-нибудь из этих:",
    old_button="Эта кнопка уже не работает. Отправьте /menu, и появится новая.",
    apology="Простите, ответ не получился: потерялась нить разговора.",
    refused="На это ответить не получится. Поговорим о чём-нибудь другом?",
    retry="Попробовать ещё раз",
    retrying="Пробую ещё раз...",
    character_gone="Этот персонаж ушёл со сцены. Выберите другого:",
    another="Иначе",
    go_on="Дальше",
    take_back="Отменить",
    another_greeting="Другое приветствие",
    undo_restart="Вернуть разговор",
    restarted="Начинаем с чистого листа. Ничего не потеряно: прежний разговор можно вернуть кнопкой ниже.",
    restart_undone="Вернулись туда, где были.",
    nothing_newer="Пока не к чему это применить.",
    still_answering="Минутку: последний ответ ещё в пути.",
    no_other="Другого ответа не нашлось. Оставим этот.",
    language="На каком языке мне говорить? Персонажи отвечают на том, на котором вы пишете.",
    language_set="Теперь по-русски.",
    as_telegram="Как в Telegram",
    memory="Что помнит {name}",
    no_memory=(
        "{name} помнит то, о чём вы говорили недавно, и пока больше ничего.\n\n"
        "Чтобы что-то запомнилось навсегда, напишите это после команды: /memory У меня есть пчёлы"
    ),
    memory_story="Из разговора до сих пор",
    memory_facts="Вы просили запомнить",
    forget="Забыть {number}",
    forget_story="Забыть прошлый разговор",
    forgotten="Забыто.",
    remembered="{name} это запомнит. Исправить можно так: /memory {number} и новые слова.",
    too_many_facts="Столько никто не запомнит. Сначала забудьте что-нибудь: /memory",
)


def interface_language(tag: str | None) -> str:
    """The language we speak to a person whose Telegram has this IETF tag: "ru" or "en"."""
    return "ru" if tag and tag.lower().split("-")[0] == "ru" else "en"


def texts(language: str | None) -> Texts:
    return RUSSIAN if interface_language(language) == "ru" else ENGLISH
