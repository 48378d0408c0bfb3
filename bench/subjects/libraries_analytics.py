"""The libraries that the analytics function needs: the stream's events, Amplitude's client, one secret, logs."""

import amplitude
import botocore.session
from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics
from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent

used = (Logger(), EphemeralMetrics())
used_modules = (amplitude, botocore.session, DynamoDBStreamEvent)
