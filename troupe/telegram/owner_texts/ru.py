"""What the bot says to its owners, in Russian."""

from troupe.telegram.owner_texts.catalogue import OwnerTexts

RUSSIAN = OwnerTexts(
    commands={
        "block": "Владельцу: заблокировать человека",
        "unblock": "Владельцу: разблокировать человека",
        "invite": "Владельцу: ссылка-приглашение или впустить человека",
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
)
