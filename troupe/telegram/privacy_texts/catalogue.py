"""The texts about a person's data. Words in braces are filled in where the text is used."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class PrivacyTexts:
    # With {region}, {term}, {model}, {events} and {log_days}.
    privacy: str
    # The text for {term} if TTL deletes rows after {days}, and if rows stay.
    kept_for: str
    kept_for_ever: str
    export_coming: str
    # The caption of the first file, and of a later part's, with {part}.
    export_caption: str
    export_next: str
    erase_ask: str
    erase_yes: str
    erase_no: str
    nothing_erased: str
    # Said while an erasure is under way.
    being_erased: str
    # With {date}, {reference}, {counts}, {events}, {log_days} and {then}.
    receipt: str
    # The texts for {then}: also for a person whom an owner has blocked.
    begin_anew: str
    block_stays: str
    limit_stays: str
    # The texts for {events} in the receipt: whether the bot asks Amplitude to delete events.
    events_told: str
    events_untold: str
    # By category: what a number in the receipt counts, and the heading in the export.
    categories: Mapping[str, str]
    # The title of the readable export, with {date}; and the words in it.
    export_title: str
    wrote: str
    other_answers: str
    quoted: str
