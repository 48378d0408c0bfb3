"""Help with writing a character: the reply function asks the model, and the page asks until the text is there."""

import json
from collections.abc import Mapping
from typing import Any

from functions.webapp_select.request import MalformedRequestError
from functions.webapp_select.visitor import Visit
from troupe.characters.ids import new_id
from troupe.characters.leniency import record, text
from troupe.characters.suggestion import Suggestion
from troupe.conversations.jobs.characters import WRITABLE, SuggestJob
from troupe.conversations.jobs.queue import enqueue

# Characters that the model reads of each field of the draft.
MAX_READ = 4_000


def ask(here: Visit, request_id: str) -> dict[str, str]:
    """:raises MalformedRequestError: there is no such field"""
    field = here.body["field"]
    if field not in WRITABLE:
        raise MalformedRequestError(f"field is none of {', '.join(WRITABLE)}")
    job = SuggestJob(
        person_id=here.person_id,
        chat_id=here.person_id,
        suggestion_id=new_id(),
        field=field,
        language=here.page_language,
        correlation_id=request_id,
    )
    draft = json.dumps(_draft(record(here.body.get("form"))), ensure_ascii=False)
    Suggestion.ask(job.suggestion_id, here.person_id, draft)
    enqueue(job, job.suggestion_id)
    return {"suggestion_id": job.suggestion_id}


def read(here: Visit) -> dict[str, str]:
    """Returns the text; empty while the model still writes."""
    found = Suggestion.of(here.body["suggestion_id"], here.person_id)
    if found is None or found.draft is not None:
        return {}
    return {"failure": str(found.failure)} if found.failure else {"text": str(found.text)}


def _draft(form: Mapping[str, Any]) -> dict[str, str]:
    return {name: text(form.get(name))[:MAX_READ] for name in ("name", *WRITABLE) if text(form.get(name)).strip()}
