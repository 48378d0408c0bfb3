"""The same webhook, slow to start: all of the framework, all of Powertools, all clients at the top of one file."""

import asyncio
import json
import os
from typing import Any

import boto3
from amplitude import Amplitude
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.metrics import MetricUnit
from openai import OpenAI
from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

logger, tracer, metrics = Logger(service="naive"), Tracer(service="naive"), Metrics(namespace="naive", service="naive")
app = APIGatewayHttpResolver()
table = boto3.resource("dynamodb").Table(os.environ["TURNS_TABLE"])
sqs = boto3.client("sqs")
openai, amplitude = OpenAI(api_key="bench"), Amplitude("bench")
bot = Application.builder().token("1:bench").updater(None).build()
loop = asyncio.new_event_loop()


async def on_text(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    message = update.message
    if message is None:
        return
    table.put_item(
        Item={"chat_id": message.chat_id, "message_id": message.message_id, "text": message.text},
        ConditionExpression="attribute_not_exists(chat_id)",
    )
    sqs.send_message(
        QueueUrl=os.environ["REPLY_QUEUE_URL"],
        MessageBody=json.dumps({"chat_id": message.chat_id, "message_id": message.message_id}),
        MessageGroupId=str(message.chat_id),
        MessageDeduplicationId=str(update.update_id),
    )
    metrics.add_metric(name="Messages", unit=MetricUnit.Count, value=1)
    logger.info("Message queued", extra={"update_id": update.update_id})


bot.add_handler(MessageHandler(filters.TEXT, on_text))


@app.post("/telegram/webhook")
def webhook() -> Response[str]:
    # initialize() sends getMe to Telegram: every cold start of such a function pays for that request, too.
    bot._initialized = True  # noqa: SLF001 - see above
    loop.run_until_complete(bot.process_update(Update.de_json(app.current_event.json_body, bot.bot)))
    return Response(200)


@metrics.log_metrics
@tracer.capture_lambda_handler
@logger.inject_lambda_context
def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    return app.resolve(event, context)
