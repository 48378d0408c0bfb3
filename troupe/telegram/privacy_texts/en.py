"""The bot's texts about a person's data, in English."""

from troupe.telegram.privacy_texts.catalogue import PrivacyTexts

ENGLISH = PrivacyTexts(
    privacy=(
        "What is kept about you\n"
        "- your Telegram id, your names and your language\n"
        "- what you write here and what the characters answer, other answers included\n"
        "- of your pictures a short description; the files stay with Telegram\n"
        "- what the characters remember: /memory shows it\n"
        "- which characters you chose, and the ones you made\n"
        "- how many messages you sent on each day and what their answers cost, for 40 days\n\n"
        "Where: in the database of this bot, at Amazon Web Services ({region}). {term} Backups hold what was erased "
        "for another 35 days.\n\n"
        "Who else gets something\n"
        "- Telegram carries this chat.\n"
        "- The AI that plays the characters ({model}) gets your first name, your messages and pictures and what is "
        "remembered, so that it can answer; and, if you want to hear an answer, the words of it. A pseudonym stands "
        "for your id.\n"
        "- Amplitude ({events}) counts what happens: that a message was sent, how long it was, to which character. "
        "It gets the pseudonym, and never what you wrote.\n"
        "- The bot's logs have the pseudonym too, and no words of yours. They are deleted after {log_days} days.\n\n"
        "/export sends you everything the bot has about you. /delete erases it."
    ),
    kept_for=(
        "A message is deleted {days} days after you sent it, and everything else when you have not been here for "
        "{days} days. Characters you made stay until you delete them."
    ),
    kept_for_ever="It stays until you erase it.",
    export_coming="I'm gathering everything. Two files will come here in a moment: one to read, one for programs.",
    export_caption="Everything this bot has about you. Open this file in a browser; the other one is for programs.",
    export_next="Part {part}.",
    erase_ask=(
        "This erases what the bot has about you: your messages and their answers, your conversations, what the "
        "characters remember, the characters you made, and your profile. Only the number of your messages on each day "
        "and their costs stay, for 40 days.\n\n"
        "It can't be undone. If you want a copy, send /export first."
    ),
    erase_yes="Erase everything",
    erase_no="Keep everything",
    nothing_erased="Nothing was erased.",
    being_erased="Your data is being erased. A receipt comes here when that is done.",
    receipt=(
        "Your data is erased. This is your receipt.\n\n"
        "{counts}\n\n"
        "Date: {date}\nReference: {reference}\n\n"
        "The number of your messages on each day and their costs, without words, stay for 40 days, so that the limits "
        "hold. {events} Backups hold erased rows for 35 days, and logs a pseudonym without words for {log_days} days; "
        "then they are gone too. What you wrote while this was going on is erased with the rest. The messages in this "
        "chat are Telegram's: delete the chat to remove them.\n\n"
        "{then}"
    ),
    begin_anew="If you ever want to begin anew: /start",
    block_stays="You are blocked here. Only your id and the date of the block stay, so that the block holds.",
    limit_stays=(
        "The owner of this bot has set a lower daily limit for you. "
        "Only your id and that limit stay, so that it holds.\n"
        "If you ever want to begin anew: /start"
    ),
    events_told="Amplitude is asked to delete the counted events; it does so within 30 days.",
    events_untold=(
        "The events counted at Amplitude, under a pseudonym, are not deleted with it: ask the people who run this bot."
    ),
    categories={
        "profile": "Profile",
        "turns": "Messages with their answers",
        "memories": "Pieces of memory",
        "conversations": "Conversations",
        "characters": "Characters you made",
        "chats": "Chats that wait for an import",
        "invitations": "Invitations you used",
        "spending": "Messages and costs by day",
    },
    export_title="Troupe: everything about you, {date}",
    wrote="You",
    other_answers="Other answers",
    quoted="Quoted",
)
