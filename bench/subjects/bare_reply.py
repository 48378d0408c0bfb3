"""The floor under the reply function: botocore and httpx2, one read, one question to the model, and nothing else."""

import json
import os
from typing import Any

import botocore.session
import httpx2

dynamodb: Any = botocore.session.get_session().create_client("dynamodb")
http = httpx2.Client(timeout=60)


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    job = json.loads(event["Records"][0]["body"])
    key = {"chat_id": {"N": str(job["chat_id"])}, "message_id": {"N": str(job["message_id"])}}
    turn = dynamodb.get_item(TableName=os.environ["TURNS_TABLE"], Key=key)["Item"]
    asked = {
        "model": os.environ["OPENAI_MODEL"], "instructions": "Be kind.", "stream": True, "store": False,
        "input": [{"role": "user", "content": turn["text"]["S"]}],
    }  # fmt: skip
    url, headers = f"{os.environ['OPENAI_BASE_URL']}/responses", {"Authorization": "Bearer offline"}
    with http.stream("POST", url, json=asked, headers=headers) as answer:
        for _ in answer.iter_lines():
            pass
    return {"batchItemFailures": []}
