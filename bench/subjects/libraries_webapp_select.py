"""The libraries that the picker's API needs, ready to use: tables and a queue, init data, a router, logs."""

import botocore.session
import init_data_py
import pynamodb.models
from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.metrics import EphemeralMetrics

session = botocore.session.get_session()
clients = [session.create_client(service) for service in ("dynamodb", "sqs")]
used = (APIGatewayHttpResolver(), Logger(), EphemeralMetrics())
used_modules = (pynamodb.models, init_data_py)
