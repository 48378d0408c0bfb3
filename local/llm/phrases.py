# ruff: noqa: RUF001 - Russian text is Russian
"""The offline model's phrases, by language and occasion. `{}` is the name, the liking or the person's words."""

NOTE = {
    "en": "*Offline model: I only improvise. With `OPENAI_API_KEY` set, a real one answers.*",
    "ru": "*Это офлайн-модель: я только импровизирую. С `OPENAI_API_KEY` ответит настоящая.*",
}
LOOKS = {"en": "I see what you sent: {}.", "ru": "Вижу, что ты прислал: {}."}
OPENERS = {
    "en": ("Well, well.", "Ha, look who is talking to me!", "Let me think about that.", "Ah, now it gets interesting."),
    "ru": ("Так-так.", "Ха, вот это разговор!", "Дай-ка подумать.", "О, становится интересно."),
}
REACTIONS = {
    "en": {
        "name asked": ("Of course I remember: you are {}.", "How could I forget? {}!", "{}. See, I do listen."),
        "name unknown": (
            "You have not told me your name yet. What is it?",
            "Your name? You have kept it to yourself so far.",
        ),
        "liking asked": ("You told me yourself: “{}”.", "I kept that in mind: “{}”. Right?"),
        "liking unknown": ("You have not told me what you like. Go on, tell me!",),
        "name told": ("{}! A fine name, I will remember it.", "Good to meet you, {}.", "{}, then. I shall not forget."),
        "liking told": ("“{}”? I will keep that in mind.", "So it is “{}” for you. We will get along."),
        "hello": ("Hello to you too!", "Good to see you here.", "At last somebody to talk to!"),
        "thanks": ("Any time.", "Do not mention it.", "It was a pleasure."),
        "bye": ("Until next time!", "Come back soon, I will be here.", "Farewell, and take care."),
        "question": (
            "“{}”, you ask? I have wondered about that myself.",
            "“{}”: a question I would ask too. My answer changes with the weather.",
            "You want to know “{}”. What would you say yourself?",
        ),
        "statement": (
            "“{}”: I like how you put it.",
            "“{}”, you say. Tell me more!",
            "“{}”? I did not see that coming.",
        ),
        "wordless": ("That says more than words.", "I see. And in words?"),
    },
    "ru": {
        "name asked": ("Конечно помню: тебя зовут {}.", "Разве такое забудешь? {}!", "{}. Видишь, я слушаю."),
        "name unknown": ("Мы ещё не знакомы по имени. Как тебя зовут?", "Имя? Его ты пока держишь в тайне."),
        "liking asked": ("Твои слова: «{}».", "Помню-помню: «{}». Верно?"),
        "liking unknown": ("Этого я пока не знаю. Ну же, расскажи!",),
        "name told": ("{}! Прекрасное имя, запомню.", "Приятно познакомиться, {}.", "Значит, {}. Не забуду."),
        "liking told": ("«{}»? Буду иметь в виду.", "Значит, «{}». Мы поладим."),
        "hello": ("И тебе привет!", "Хорошо, что ты здесь.", "Наконец-то есть с кем поговорить!"),
        "thanks": ("Всегда пожалуйста.", "Не стоит благодарности.", "Мне только в радость."),
        "bye": ("До встречи!", "Возвращайся скорее, я буду здесь.", "Прощай и береги себя."),
        "question": (
            "«{}»? Меня это тоже занимает.",
            "«{}»: хороший вопрос. Мой ответ меняется вместе с погодой.",
            "Тебе интересно, «{}». А что скажешь ты?",
        ),
        "statement": ("«{}»: хорошо сказано.", "«{}», говоришь. Расскажи ещё!", "«{}»? Вот это поворот."),
        "wordless": ("Это красноречивее слов.", "Понимаю. А словами?"),
    },
}
CALLBACKS = {
    "en": ("I have not forgotten, {}.", "Just between us, {}.", "You see, {}, I was listening."),
    "ru": ("Я помню, {}.", "Между нами, {}.", "Видишь, {}, память у меня хорошая."),
}
PROMPTS = {
    "en": (
        "And what brings you here today?",
        "What happens next?",
        "Tell me: what would you have done?",
        "Shall we go on?",
    ),
    "ru": ("А что привело тебя сюда?", "И что же дальше?", "Скажи, а что на это ответишь ты?", "Продолжим?"),
}
