"""The texts that every language has. A new language is one more file beside this one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Texts:
    # The language's own name for itself, and what stands for {{user}} in it if the person has no name.
    name: str
    nameless: str
    # The bot's profile. Telegram's limits: 256 characters for a command's description, 512 and 120 for the other two.
    commands: dict[str, str]
    description: str
    short_description: str
    # Messages in the chat, and labels of buttons.
    welcome: str
    menu: str
    choose: str
    help: str
    choose_first: str
    words_only: str
    edited: str
    unknown_command: str
    uninvited: str
    invitation_void: str
    no_news: str
    muted: str
    unmuted: str
    old_button: str
    apology: str
    # By the limit's name, for any character to say. {when} is a text of `after`.
    limits: Mapping[str, str]
    # The time until something, in milliseconds, in words: "in about 3 hours".
    after: Callable[[int], str]
    refused: str
    # Said outside a story: to a message that moderation refuses, of the AI, of help, and of the person's age.
    against_rules: str
    ai_notice: str
    ai_reminder: str
    crisis: str
    crisis_line: str
    crisis_anywhere: str
    crisis_directory: str
    crisis_emergency: str
    emergency_number: str
    crisis_go_on: str
    age_question: str
    age_yes: str
    age_no: str
    too_young: str
    retry: str
    retrying: str
    character_gone: str
    another: str
    go_on: str
    take_back: str
    taken_back: str
    another_greeting: str
    # Greetings for a character without its own: at the beginning, and when the person comes back.
    waits: str
    welcome_back: str
    undo_restart: str
    restarted: str
    restart_undone: str
    nothing_newer: str
    still_answering: str
    stopped: str
    nothing_to_stop: str
    # Of voice notes.
    misheard: str
    long_sound: str
    unheard: str
    # Of pictures that people send.
    large_picture: str
    unreadable_picture: str
    blind: str
    nothing_heard: str
    # Of pictures: the button, what is said while one is drawn and under it, and why there is none.
    picture: str
    drawing: str
    no_drawing: str
    drawn_by_ai: str
    no_pictures: str
    picture_refused: str
    picture_failed: str
    # Answers that are said aloud. By the mode's name in troupe.answer_mode: its button, and the text that follows.
    say: str
    write_out: str
    voice: str
    voice_modes: Mapping[str, str]
    voice_set: Mapping[str, str]
    voiceless: str
    voice_forbidden: str
    voice_failed: str
    nothing_to_say: str
    no_other: str
    language: str
    language_set: str
    shared_on: str
    shared_off: str
    time_zone: str
    time_zone_set: str
    time_zone_off: str
    time_zone_unknown: str
    time_zone_ask: str
    as_telegram: str
    memory: str
    no_memory: str
    memory_page: str
    all_forgotten: str
    why: str
    why_button: str
    why_page: str
    memory_story: str
    memory_facts: str
    memory_learned: str
    forget: str
    forget_story: str
    forgotten: str
    remembered: str
    remembered_in_part: str
    too_many_facts: str
