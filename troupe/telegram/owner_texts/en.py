"""The bot's texts for its owners, in English."""

from troupe.telegram.owner_texts.catalogue import OwnerTexts

ENGLISH = OwnerTexts(
    commands={
        "stats": "Owner: people, money, errors, the model",
        "block": "Owner: block a person",
        "unblock": "Owner: unblock a person",
        "limit": "Owner: a person's allowance",
        "invite": "Owner: an invitation link, or let a person in",
        "broadcast": "Owner: write to everybody",
    },
    whom=(
        "Who is it about? Put their id or @username after /{command}. Or forward a message of theirs to this chat, "
        "and send the command as a reply to it."
    ),
    unknown_username="Nobody here has the username {name}. Capitals count. An id always works.",
    ambiguous_username="Several people have had the username {name}: {ids}. Which one? Use the id.",
    blocked="{who} is blocked: the bot is silent to them now. To undo it: /unblock {id}",
    was_blocked="{who} was blocked already.",
    owner_stays="{who} is an owner. Owners can't be blocked.",
    unblocked="{who} is no longer blocked.",
    was_not_blocked="{who} was not blocked.",
    still_uninvited="They still need an invitation: /invite {id}",
    still_blocked="But they are blocked: /unblock {id}",
    admitted="{who} may come in now.",
    was_admitted="{who} was let in before.",
    invitation="This link lets people in: {uses} at most, until {until}.\n\n{link}",
    no_links="Only people on the list may come in: a link would let nobody in. To add a person: /invite and their id.",
    audiences={
        "all": "everybody",
        "en": "the people whose interface is in English",
        "ru": "the people whose interface is in Russian",
    },
    broadcast_usage=(
        "Put the message after the command: /broadcast **News!** We have a new character.\n\n"
        "To reach one language only, begin the message with “en:” or “ru:”. You will see a preview before it is sent."
    ),
    broadcast_too_long="That is too long for one message. Telegram allows 4,096 characters.",
    broadcast_question="This is how people will see it. Shall I send it to {whom}?",
    broadcast_send="Send",
    broadcast_cancel="Don't send",
    broadcast_stop="Stop",
    broadcast_running="It is on its way, 25 people a second. I'll report when everybody has it.",
    broadcast_stopping="I am stopping it.",
    broadcast_cancelled="Nothing was sent.",
    broadcast_over="This broadcast is over.",
    broadcast_done="The broadcast is done.",
    broadcast_stopped="The broadcast was stopped.",
    broadcast_took="It took {minutes} min {seconds} s.",
    outcomes={
        "sent": "Sent: {count}",
        "muted": "Want no news: {count}",
        "left": "Have blocked the bot or are gone: {count}",
        "unsure": "Perhaps received (Telegram did not answer): {count}",
        "failed": "Refused by Telegram: {count}",
    },
    none="none",
    limits={"dollars_per_day": "dollars a day", "dollars_per_month": "dollars a month"},
    stats=(
        "People: about {people}. Messages kept: about {turns}. (As AWS counts them, some hours ago.)\n\n"
        "Messages to characters: {messages_today} today, {messages_month} this month\n"
        "Spent on models: {today} today (of {day_limit}), {month} this month (of {month_limit})\n"
        "Limits reached: {reached}\n"
        "Today: {requests} requests to models, {failures} messages without an answer\n"
        "Model: {model}"
    ),
    limit=(
        "{who}\nToday: {messages_today} of {messages} messages, {today} of {dollars}\nThis month: {month}\n\n"
        "To change it, put messages and dollars a day after the person: 200 0.50 (0: no limit), or the word default."
    ),
    limit_usage="Put messages and dollars a day after the person: /limit 123456789 200 0.50, or the word default.",
    limit_of_nobody="{who} has not written to the bot yet.",
    stats_fallback="Since {since} the fallback {fallback} answers ({failure}).",
    notices={
        "fallback_begins": (
            "The model {model} fails ({failure}): {fallback} answers in its place. The bot tries {model} again from "
            "time to time; /stats shows whether the fallback still answers."
        ),
        "model_ends": (
            "The model {model} will be shut down on {date}, in {days} days. Choose another one: OPENAI_MODEL, "
            "FALLBACK_MODEL or IMAGE_MODEL, and make deploy."
        ),
    },
)
