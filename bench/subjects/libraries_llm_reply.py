"""The libraries that the reply function needs, ready to use: tables and a queue, Telegram, OpenAI, logs."""

import botocore.session
import pynamodb.models
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics
from openai import AsyncOpenAI
from telegram import Bot

session = botocore.session.get_session()
clients = [session.create_client(service) for service in ("dynamodb", "sqs")]
used = (AsyncOpenAI(api_key="bench").responses, Bot("1:bench"), Logger(), EphemeralMetrics())
used_modules = (pynamodb.models,)
