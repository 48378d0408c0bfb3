"""About characters that people bring, in English."""

from troupe.telegram.card_texts.catalogue import CardTexts

ENGLISH_CARDS = CardTexts(
    refusals={
        "large_file": "That file is larger than {most} MB, and Telegram lets me read no more.",
        "unavailable": "Telegram doesn't give me that file any more. Please send it again.",
        "lost": "Sorry, I could not read that file. Please try once more; if it fails again, the file is at fault.",
        "many_files": "That was {most} files within an hour. Please wait a little before you send more.",
        "many_characters": "You have {most} characters, which is as many as I can keep. Delete one first.",
        "against_rules": "I can't take this character in: its text is against the rules here.",
        "at_limit": "I check each character before you can use it, and can check no more for now. Try again tomorrow.",
        "gone": "This character is not here any more.",
        "empty": "That file is empty.",
        "damaged": "That picture is damaged: the file ends too early.",
        "picture_without_card": (
            "There is no character in that picture. Pictures lose it on the way if they are sent as a photo or saved "
            "from a chat: take the original, and send it as a file."
        ),
        "protected": "RisuAI protects that card, and only RisuAI can open it. Export it there without protection.",
        "damaged_archive": "That archive is damaged, or packed in a way that I can't open.",
        "encrypted": "That archive is encrypted. Please send it without a password.",
        "archive_without_card": "There is no character in that archive: a CHARX file has a card.json at its root.",
        "many_members": "That archive holds more than {most} files.",
        "not_utf8": "That file is not in UTF-8. Save it again as UTF-8 and send it once more.",
        "web_page": "That is a web page or a drawing, not a character. Download the card itself, as PNG or JSON.",
        "not_json": "I can't read the card in that file: it is not valid JSON.",
        "large_json": "The card in that file is larger than {most} MB.",
        "too_deep": "The card in that file is nested deeper than {most} levels.",
        "not_a_card": "That file holds no character that I know the format of.",
        "lorebook": "That is a lorebook without a character. Add it to a character in your editor, and send me that.",
        "empty_chat": "There is no message in that chat that I can read.",
        "chat_gone": "I don't have that chat any more. Please send me the file again.",
        "chat_at_limit": "I check each chat before I import it, and can check no more for now. Send it again tomorrow.",
        "chat_against_rules": "I can't import that chat: something in it is against the rules here.",
        "no_name": "The character in that file has no name.",
        "long_name": "The character's name is longer than {most} characters.",
        "many_greetings": "The character has more than {most} greetings.",
        "long_greeting": "One of the character's greetings is longer than {most} characters.",
        "many_entries": "The character's lorebook has more than {most} entries.",
        "many_keys": "The character's lorebook has more than {most} keys.",
        "large_book": "The character's lorebook is larger than {most} MB.",
        "long_prompt": (
            "The character's description, instructions and constant lorebook entries are too long: more than {most} "
            "tokens, which would be read with every message."
        ),
    },
    notes={
        "newer": "The card is of a newer standard than I know. What is new in it is kept and not used.",
        "fell_back": "The V3 card in that picture can't be read. I took the V2 card beside it.",
        "without_examples": "The example dialogues are kept and not used: with them the card would be too long.",
        "portrait_unreadable": "The picture is too large or damaged, so there is no portrait.",
        "mended": "Corrected fields: {names}",
        "assets": "Not used, and not kept: further pictures or files of the card ({many})",
        "group_greetings": "Not used: greetings for group chats ({many})",
        "unusable_keys": "Not used: lorebook keys that are patterns of a kind I can't run ({names})",
        "other_apps": "Not used: settings of other programs ({names})",
    },
    help=(
        "A character of your own? Make one in the list of /menu, or send a character card (PNG, JSON, CHARX) as a "
        "file, and it comes to life here. A SillyTavern chat (.jsonl) becomes your conversation with its character."
    ),
    talk="Talk",
    edit="Edit",
    delete="Delete",
    share="Share",
    stop_sharing="Stop sharing",
    export_picture="Export as PNG",
    export_json="Export as JSON",
    deleted="{name} is deleted, with the card and the portrait.",
    shared=(
        "Whoever opens this link can talk to {name}:\n{link}\n\n"
        "They see a preview first. Your conversations stay yours."
    ),
    not_shared_any_more="{name} is yours alone again: the link leads nowhere now.",
    played_by_ai="A person made this character, and an AI plays it: what it says is made up.",
    chat_found="A SillyTavern chat with {names}: {many} messages ({days}).",
    chat_notes={
        "group": "It is a group chat: the lines of the others stay in it, with their names.",
        "older": "Left out, because I keep the newest: earlier messages ({many})",
        "swipes": "Left out: other versions of answers ({many})",
        "system": "Left out: the program's own notes, and pictures without words ({many})",
        "cut": "Shortened: very long messages ({many})",
        "unread": "Lines that can't be read: {many}",
    },
    chat_import_ask=(
        "Import it, and you go on with {name} from there: {name} remembers all of it. What you have said to each other "
        "here so far is kept apart."
    ),
    chat_whose=(
        "Who was it? I'll import it as your conversation with that character, who then remembers all of it. If it was "
        "somebody else, send me their card first, and then this file again."
    ),
    chat_known="You have imported this chat before: with the same character, Import leads back to that conversation.",
    chat_import="Import",
    chat_drop="Cancel",
    importing="One moment…",
    chat_imported="{name} remembers your chat now. Just write, and go on from there.",
    chat_way_back="Back to the conversation before",
    chat_dropped="I have kept nothing of that chat.",
    backfilled=(
        "This is the V2 copy of a V3 card, for programs that can't read V3. Some of the character is missing here; use "
        "a program that reads V3 if you can."
    ),
)
