"""The bot's texts for its owners, in Russian."""

from troupe.telegram.owner_texts.catalogue import OwnerTexts

RUSSIAN = OwnerTexts(
    commands={
        "stats": "Владельцу: люди, деньги, ошибки, модель",
        "block": "Владельцу: заблокировать человека",
        "unblock": "Владельцу: разблокировать человека",
        "limit": "Владельцу: сколько можно человеку",
        "invite": "Владельцу: ссылка-приглашение или впустить человека",
        "broadcast": "Владельцу: написать всем",
    },
    whom=(
        "О ком речь? Напишите id или @username после /{command}. Или перешлите сюда сообщение этого человека "
        "и ответьте на него этой командой."
    ),
    unknown_username="Имени {name} здесь ни у кого нет. Заглавные буквы важны. По id найдётся всегда.",
    ambiguous_username="Имя {name} было у нескольких людей: {ids}. О ком речь? Укажите id.",
    blocked="{who}: доступ закрыт, бот больше не отвечает. Вернуть: /unblock {id}",
    was_blocked="{who}: доступ уже был закрыт.",
    owner_stays="{who}: это владелец. Владельцев заблокировать нельзя.",
    unblocked="{who}: блокировка снята.",
    was_not_blocked="{who}: блокировки не было.",
    still_uninvited="Но нужно ещё приглашение: /invite {id}",
    still_blocked="Но есть блокировка: /unblock {id}",
    admitted="{who}: теперь можно войти.",
    was_admitted="{who}: доступ уже был открыт.",
    invitation="Эта ссылка впускает людей: не больше {uses}, до {until}.\n\n{link}",
    no_links="Войти могут только люди из списка, поэтому ссылка никого не впустит. Добавить: /invite и id.",
    audiences={
        "all": "всем",
        "en": "тем, у кого интерфейс на английском",
        "ru": "тем, у кого интерфейс на русском",
    },
    broadcast_usage=(
        "Напишите сообщение после команды: /broadcast **Новость!** У нас новый персонаж.\n\n"
        "Чтобы оно пришло только людям с одним языком, начните его с «en:» или «ru:». Сначала вы увидите его целиком."
    ),
    broadcast_too_long="Для одного сообщения это слишком длинно. Telegram допускает 4096 символов.",
    broadcast_question="Так это увидят люди. Отправить {whom}?",
    broadcast_send="Отправить",
    broadcast_cancel="Не отправлять",
    broadcast_stop="Остановить",
    broadcast_running="Рассылка идёт, 25 человек в секунду. Когда закончу, сообщу.",
    broadcast_stopping="Останавливаю.",
    broadcast_cancelled="Ничего не отправлено.",
    broadcast_over="Эта рассылка уже закончена.",
    broadcast_done="Рассылка закончена.",
    broadcast_stopped="Рассылка остановлена.",
    broadcast_took="Время: {minutes} мин {seconds} с.",
    outcomes={
        "sent": "Отправлено: {count}",
        "muted": "Не хотят новостей: {count}",
        "left": "Заблокировали бота или удалились: {count}",
        "unsure": "Возможно, получили (Telegram не ответил): {count}",
        "failed": "Telegram отказал: {count}",
    },
    none="нет",
    limits={"dollars_per_day": "доллары в день", "dollars_per_month": "доллары в месяц"},
    stats=(
        "Людей: около {people}. Сообщений в базе: около {turns}. (По счёту AWS, несколько часов назад.)\n\n"
        "Сообщений персонажам: {messages_today} сегодня, {messages_month} за месяц\n"
        "Потрачено на модели: {today} сегодня (из {day_limit}), {month} за месяц (из {month_limit})\n"
        "Достигнутые лимиты: {reached}\n"
        "Сегодня: запросов к моделям - {requests}, сообщений без ответа - {failures}\n"
        "Модель: {model}"
    ),
    limit=(
        "{who}\nСегодня: {messages_today} из {messages} сообщений, {today} из {dollars}\nЗа месяц: {month}\n\n"
        "Чтобы изменить, добавьте сообщения и доллары в день: 200 0.50 (0 - без лимита) или слово default."
    ),
    limit_usage="Добавьте сообщения и доллары в день: /limit 123456789 200 0.50 или слово default.",
    limit_of_nobody="{who}: этот человек боту ещё не писал.",
    stats_fallback="С {since} отвечает запасная модель {fallback} ({failure}).",
    notices={
        "fallback_begins": (
            "Модель {model} не работает ({failure}): вместо неё отвечает {fallback}. Время от времени бот снова "
            "пробует {model}; отвечает ли ещё запасная модель, видно в /stats."
        ),
        "model_ends": (
            "Модель {model} отключат {date}, осталось дней: {days}. Выберите другую: OPENAI_MODEL, "
            "FALLBACK_MODEL или IMAGE_MODEL, затем make deploy."
        ),
    },
)
