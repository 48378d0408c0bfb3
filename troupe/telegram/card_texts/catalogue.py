"""The texts about characters that people bring. A new language is one more file beside this one."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CardTexts:
    # By the reason of a CardRefusedError and of `functions/card_files`. {most} is the limit.
    refusals: dict[str, str]
    # Notes on a card: changes made to it, and parts of it that are not used. {names} and {many} are filled in.
    notes: dict[str, str]
    # The last words of /help, for those who may bring characters.
    help: str
    # The buttons under a preview, and what follows them.
    talk: str
    edit: str
    delete: str
    share: str
    stop_sharing: str
    export_picture: str
    export_json: str
    deleted: str
    shared: str
    not_shared_any_more: str
    # Stands under the preview that a person sees who opens a shared link.
    played_by_ai: str
    # A chat from another program: what was found, what is left out, whose it is; and what became of it.
    chat_found: str
    chat_notes: dict[str, str]
    chat_import_ask: str
    chat_whose: str
    chat_known: str
    chat_import: str
    chat_drop: str
    importing: str
    chat_imported: str
    chat_way_back: str
    chat_dropped: str
    # The text of an exported picture for programs that read V2 only.
    backfilled: str
