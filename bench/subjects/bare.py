"""The floor under the webhook: botocore, one put, one send, and nothing else."""

import json
import os
from typing import Any

import botocore.session

session = botocore.session.get_session()
# Any: their methods are made at run time.
dynamodb: Any = session.create_client("dynamodb")
sqs: Any = session.create_client("sqs")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    message = json.loads(event["body"])["message"]
    chat, number = str(message["chat"]["id"]), str(message["message_id"])
    dynamodb.put_item(
        TableName=os.environ["TURNS_TABLE"],
        Item={"chat_id": {"N": chat}, "message_id": {"N": number}, "text": {"S": message["text"]}},
        ConditionExpression="attribute_not_exists(chat_id)",
    )
    sqs.send_message(
        QueueUrl=os.environ["REPLY_QUEUE_URL"],
        MessageBody=json.dumps({"chat_id": chat, "message_id": number}),
        MessageGroupId=chat,
        MessageDeduplicationId=number,
    )
    return {"statusCode": 200}
