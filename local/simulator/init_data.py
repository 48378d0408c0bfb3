"""Init data, as Telegram passes it to a Mini App."""

import json
import secrets
import time

from init_data_py import sign

from local.simulator.state import Person


def signed_init_data(person: Person, token: str, start_param: str | None, auth_date: float | None) -> str:
    """`signature` is random, because only Telegram can make a valid one. `hash` covers it, as in real init data."""
    user = {name: value for name, value in person.as_user().items() if name != "is_bot"}
    fields = {
        "query_id": secrets.token_urlsafe(18),
        "user": json.dumps(user | {"allows_write_to_pm": True}, ensure_ascii=False, separators=(",", ":")),
        "signature": secrets.token_urlsafe(64),
    }
    if start_param is not None:
        fields["start_param"] = start_param
    return sign(fields, token, auth_date=int(time.time() if auth_date is None else auth_date))
