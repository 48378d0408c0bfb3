"""The bot's own texts, in English."""

from troupe.telegram.texts.catalogue import Texts
from troupe.telegram.texts.durations import rounded


def after(wait_ms: int) -> str:
    number, unit = rounded(wait_ms)
    one, many = (("a minute", "minutes"), ("an hour", "hours"), ("a day", "days"))[unit]
    return f"in about {one}" if number == 1 else f"in about {number} {many}"


OUT_OF_BREATH = "*stifles a yawn* I have no more words left for today. I keep all that you write: we go on {when}."
CURTAIN = (
    "*the lights go down* The whole company leaves the stage for now, and it is nothing you did. I keep all that you "
    "write: the curtain rises again {when}."
)
ENGLISH = Texts(
    name="English",
    nameless="friend",
    commands={
        "menu": "Choose a character",
        "again": "Another answer",
        "continue": "Let them go on",
        "stop": "Stop the answer where it is",
        "undo": "Take the last exchange back",
        "heard": "Correct what was heard in a voice note",
        "picture": "A picture of the scene",
        "voice": "Hear their answers",
        "memory": "What they remember about you",
        "why": "What their last answer was made from",
        "restart": "Start this conversation over",
        "language": "English, Russian",
        "timezone": "Tell them what time it is for you",
        "shared": "Whether they tell each other about you",
        "mute": "No news of this bot",
        "privacy": "What is kept about you, export, delete",
        "help": "What this bot can do",
        "start": "Show the welcome again",
    },
    description=(
        "Troupe is a company of characters to talk to: pick one, say hello, and they answer in their own voice "
        "and remember what you told them.\n\nThe characters are played by an AI; what they say is made up."
    ),
    short_description="Characters to talk to, each with a voice and a memory. Played by an AI.",
    welcome=(
        "Hi, {name}! This is Troupe: a company of characters you can talk to right here in Telegram.\n\n"
        "Pick one, say hello, and they will answer in their own voice and remember what you told them.\n\n"
        "They are played by an AI, so what they say is made up. Please don't take it for fact or advice."
    ),
    menu="Who would you like to talk to? Your conversations are kept: you can always come back to them.",
    choose="Choose a character",
    help=(
        "Just write, and your character answers. To change your last message, edit it, and they answer anew.\n\n"
        "/menu - talk to somebody else. Each conversation is kept and goes on where you left it.\n"
        "/again - another answer; swipe between them with the buttons\n"
        "/continue - let them go on\n"
        "/stop - stop the answer where it is; so does writing on\n"
        "/undo - take the last exchange back\n"
        "/heard - after a voice note, with the words that you said: correct what was heard\n"
        "/picture - a picture of the scene; /picture portrait - of your character; /picture and some words - of that\n"
        "/voice - hear their answers: beside the text, or instead of it\n"
        "/memory - what they remember about you. /memory and some words: remember this\n"
        "/why - what their last answer was made from\n"
        "/restart - start this conversation over; it can be undone\n"
        "/language - English, Russian\n"
        "/timezone - tell them what time it is for you\n"
        "/shared - whether they tell each other about you\n"
        "/mute - no news of this bot; /unmute - news again\n"
        "/privacy - what is kept about you; /export sends it, /delete erases it\n"
        "/start - the welcome once more\n\n"
        "The characters are played by an AI. They understand text and voice notes in any language, and see pictures."
    ),
    choose_first="Nobody is on stage yet. Choose a character first, then write to them.",
    words_only="That is more than I can make out. Could you tell it in words?",
    edited="I've already read the first version. If it matters, send it as a new message.",
    unknown_command="I don't know that command. /help lists the ones I do.",
    uninvited=(
        "I'm sorry, only invited people can talk here: please ask the person who runs this bot for a link, "
        "and tell them your id, {id}."
    ),
    invitation_void="This invitation has been used or has expired. Please ask for a new one.",
    no_news="No more news",
    muted="You will get no more news from this bot. To get it again: /unmute",
    unmuted="You will get news from this bot again. To stop it: /mute",
    old_button="This button is from an earlier time. Send /menu for a fresh one.",
    apology="Sorry, I lost my thread and couldn't answer that.",
    limits={
        "messages_per_minute": "*catches a breath* Not so fast! I'll answer all of it {when}.",
        "messages_per_day": OUT_OF_BREATH,
        "dollars_per_person_day": OUT_OF_BREATH,
        "dollars_per_day": CURTAIN,
        "dollars_per_month": CURTAIN,
    },
    after=after,
    refused="That one I can't answer. Shall we talk about something else?",
    against_rules="We don't go there, not even in a story. Shall we talk about something else?",
    ai_notice=(
        "Before you begin: everybody you meet here is played by an AI, not by a person. "
        "What they say is made up, so please don't take it for fact or advice."
    ),
    ai_reminder=(
        "A short break from the story: you have been here for a good while. You are talking with an AI, not with a "
        "person. How about a glass of water, a short walk, a word with somebody near you? The story will wait."
    ),
    crisis=(
        "Stepping out of the story for a moment. This is the bot itself, not your character.\n\n"
        "It sounds as if you may be going through something very hard. You don't have to carry it alone, and there are "
        "people who will listen right now, whatever it is:"
    ),
    crisis_line="{where}: {name}, {reach}",
    crisis_anywhere="If you are somewhere else: https://findahelpline.com lists the help lines of other countries.",
    crisis_directory="https://findahelpline.com lists free help lines, country by country.",
    crisis_emergency="If you are in danger right now, call {number}.",
    emergency_number="your country's emergency number (in many it is 112 or 911)",
    crisis_go_on="I am only a program and can't help as a person can. Please reach out to one of them.",
    age_question=(
        "Before the first chat: the characters here are played by an AI and meant for people aged {age} or older. "
        "Are you?"
    ),
    age_yes="I am {age} or older",
    age_no="No",
    too_young=(
        "Thank you for being honest. These characters are not for you yet, so there is no chat here for now. "
        "All the best!"
    ),
    retry="Try again",
    retrying="Trying again...",
    character_gone="This character has left the stage. Choose another one:",
    another="Another",
    go_on="Go on",
    take_back="Undo",
    taken_back="Taken back and forgotten. Telegram removes no message older than two days, so you can still see it.",
    another_greeting="Another greeting",
    waits="{name} is here, waiting for you to begin.",
    welcome_back="You are with {name} again. Go on where you left off.",
    undo_restart="Undo the restart",
    restarted="A clean slate. Nothing is lost: the old conversation comes back with the button below.",
    restart_undone="We are back where we were.",
    nothing_newer="There is nothing to do that to yet.",
    still_answering="One moment: the last answer is still on its way.",
    stopped="Stopped before the first word.",
    nothing_to_stop="Nothing is being written right now.",
    misheard="Not what you said? Send /heard and the right words.",
    long_sound="That is too long for me to listen to. Could you tell it in parts, or write it?",
    unheard="I couldn't make out any words in that. Could you say it again, or write it?",
    large_picture="That picture is too large for me. Could you send it smaller, or as a photo?",
    unreadable_picture="I couldn't open that picture. Could you send it once more, or tell what it shows?",
    blind="Pictures can't be seen here, only the words that come with them.",
    nothing_heard="Write /heard and what you said, right after your voice note.",
    picture="Picture",
    drawing="One moment, it is being drawn...",
    no_drawing="No picture, then.",
    drawn_by_ai="Drawn by an AI",
    no_pictures="There are no pictures here: this bot has nobody who draws. Everything else goes on as before.",
    picture_failed="Sorry, that picture didn't come out.",
    picture_refused="That picture can't be drawn here. Try another scene, or other words.",
    say="Say it",
    write_out="In writing",
    voice="How should they answer you?",
    voice_modes={"text": "In writing", "both": "In both ways", "voice": "Aloud"},
    voice_set={
        "text": "They answer in writing. The button under an answer still says it aloud.",
        "both": "They answer in writing, and then aloud.",
        "voice": "They answer aloud. What is long, or has no spoken words in it, still comes in writing.",
    },
    voiceless="Nobody here can speak aloud.",
    voice_forbidden=(
        "Your Telegram accepts no voice messages from me, so I stay in writing. To hear me, allow them in "
        "Settings > Privacy and Security > Voice Messages, then send /voice."
    ),
    voice_failed="My voice failed me. Please try again in a moment.",
    nothing_to_say="There is nothing spoken in this answer.",
    no_other="No other answer came to mind. Let's keep this one.",
    language="Which language should I speak? The characters answer in whatever you write.",
    language_set="From now on in English.",
    shared_on=(
        "What one character learns about you, all of them may know: who you are, your people, what you like. "
        "To end it: /shared off"
    ),
    shared_off="Each character keeps what you tell them to themselves. To let all of them know: /shared on",
    time_zone=(
        "What time is it for you now? The minutes don't matter. Or write it like this: /timezone +5:30 or "
        "/timezone Europe/London. If you would rather not say: /timezone off"
    ),
    time_zone_set="Thank you: it is {time} for you. Now the characters know your day from your night.",
    time_zone_off="Forgotten. The characters only know how long you were away.",
    time_zone_unknown="I don't know that time zone. Try /timezone +5:30, or /timezone alone for buttons.",
    time_zone_ask="May the characters know what time of day it is for you? Send /timezone. I only ask this once.",
    as_telegram="As in Telegram",
    memory="What {name} remembers",
    no_memory=(
        "{name} remembers what you have said lately, and nothing beyond it yet.\n\n"
        "To have something remembered for good, write it after the command: /memory I keep bees"
    ),
    memory_page="Open as a page",
    all_forgotten="That whole conversation is forgotten. The messages in this chat stay until you delete them.",
    why="What their last answer was made from:",
    why_button="Why?",
    why_page="Show me",
    memory_story="The story so far",
    memory_facts="You asked to remember",
    memory_learned="Learned from what you said",
    forget="Forget {number}",
    forget_story="Forget the story so far",
    forgotten="Forgotten.",
    remembered="{name} will remember that. To correct it: /memory {number} and the new words.",
    remembered_in_part=(
        "That is long: {name} will remember its first {most} characters. To shorten it: "
        "/memory {number} and the new words."
    ),
    too_many_facts="That is more than anybody can remember. Forget something first, with the buttons below:",
)
