"""The floor with one call more, which the webhook makes as well: whom has this person chosen?"""

import json
import os
from typing import Any

from bare import dynamodb  # type: ignore[import-not-found] # beside this one, where both are run
from bare import handler as put_and_send


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    person = str(json.loads(event["body"])["message"]["from"]["id"])
    dynamodb.get_item(TableName=os.environ["USERS_TABLE"], Key={"user_id": {"N": person}}, ConsistentRead=True)
    answer: dict[str, Any] = put_and_send(event, context)
    return answer
