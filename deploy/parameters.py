"""The template's parameters for this deployment: chosen now, chosen earlier, or the template's defaults."""

import os
import re
from pathlib import Path

from deploy.account import client
from deploy.stack import Stack
from deploy.terminal import StoppedError, say
from publishing.template_file import load_yaml

TEMPLATE = Path(__file__).parents[1] / "template.yaml"
# Environment variables that choose a parameter. The functions read some of them under the same names.
VARIABLES = {
    "OPENAI_MODEL": "OpenAiModel",
    "OPENAI_BASE_URL": "OpenAiBaseUrl",
    "OPENAI_PRICES": "OpenAiPrices",
    "HISTORY_TOKENS": "HistoryTokens",
    "RECALL_TOKENS": "RecallTokens",
    "EMBEDDINGS_MODEL": "EmbeddingsModel",
    "EMBEDDINGS_BASE_URL": "EmbeddingsBaseUrl",
    "EMBEDDINGS_PRICE": "EmbeddingsPrice",
    "CARDS_FROM": "CardsFrom",
    "MODERATION": "Moderation",
    "TRANSCRIPTION_MODEL": "TranscriptionModel",
    "TRANSCRIPTION_BASE_URL": "TranscriptionBaseUrl",
    "MAX_SOUND_S": "MaxSoundSeconds",
    "PICTURES_SEEN": "PicturesSeen",
    "IMAGE_MODEL": "ImageModel",
    "IMAGE_BASE_URL": "ImageBaseUrl",
    "IMAGE_QUALITY": "ImageQuality",
    "IMAGE_PRICE": "ImagePrice",
    "SPEECH_MODEL": "SpeechModel",
    "SPEECH_BASE_URL": "SpeechBaseUrl",
    "SPEECH_VOICES": "SpeechVoices",
    "MESSAGES_PER_MINUTE": "MessagesPerMinute",
    "MESSAGES_PER_DAY": "MessagesPerDay",
    "DOLLARS_PER_PERSON_DAY": "DollarsPerPersonDay",
    "DOLLARS_PER_DAY": "DollarsPerDay",
    "DOLLARS_PER_MONTH": "DollarsPerMonth",
    "AGE_STATEMENT": "AgeStatement",
    "AI_REMINDER_HOURS": "AiReminderHours",
    "NEWCOMER_HOURS": "NewcomerHours",
    "RETENTION_DAYS": "RetentionDays",
    "TELEGRAM_API_URL": "TelegramApiUrl",
    "AMPLITUDE_SERVER_URL": "AmplitudeServerUrl",
    "ALARM_EMAIL": "AlarmEmail",
    "MONTHLY_BUDGET": "MonthlyBudget",
    "FALLBACK_MODEL": "FallbackModel",
    "FALLBACK_BASE_URL": "FallbackBaseUrl",
    "OWNER_IDS": "OwnerIds",
    "ADMISSION": "Admission",
    "ADMITTED_IDS": "AdmittedIds",
    "DOMAIN_NAME": "DomainName",
    "CERTIFICATE_ARN": "CertificateArn",
}
ASSIGNMENT = re.compile(r"[A-Za-z0-9]+=\S*")
PROTECTION = "TableDeletionProtection"
# Concurrent executions that replies leave to the other functions, if all of those run at once: 2 of card files, 4 of
# analytics, 2 by the clock, and the webhook and the picker beside them. A small account can give none of them a share
# of its own: AWS keeps 100 of an account's concurrency unreserved.
ROOM = 10
# With fewer than six batches of replies at once, ten busy chats wait (tests/bench/test_small_quota.py). So a small
# account leaves the others four. They need some tens of milliseconds each, and card files come seldom.
RESERVE, FEW_REPLIES = 4, 6
# AWS's least for an event source mapping.
MIN_REPLIES = 2

Parameters = dict[str, str]


def chosen(more: str) -> Parameters:
    """The parameters that the environment and PARAMETERS name.

    :param more: PARAMETERS, "LogRetentionDays=90 ReplyConcurrency=50"
    :raises StoppedError: it is malformed
    """
    given = {parameter: os.environ[name] for name, parameter in VARIABLES.items() if os.environ.get(name)}
    assignments = more.split()
    if wrong := [each for each in assignments if not ASSIGNMENT.fullmatch(each)]:
        raise StoppedError(f"PARAMETERS has {wrong[0]!r} in it; it should read Name=value Name=value.")
    return given | dict(each.split("=", 1) for each in assignments)


def new_defaults(stack: Stack, given: Parameters) -> Parameters:
    """Parameters of the stack that still have the default of its own template, where this version has another.

    CloudFormation keeps a parameter's value for ever, so a better default would never reach a stack that is there.
    """
    former, present = _deployed_defaults(stack), present_defaults()
    better = {
        name: default
        for name, default in present.items()
        if name in former and name not in given and stack.parameters.get(name) == former[name] != default
    }
    for name, default in better.items():
        say(
            f"{name}: {former[name]} was the default, {default} is the new one (PARAMETERS={name}=... chooses another)."
        )
    return better


def by_quota(stack: Stack | None, given: Parameters, quota: int) -> Parameters:
    """Replies must not use all of the account's concurrency: Lambda would refuse the webhook then.

    :param quota: concurrent executions that the account may have in this region
    """
    default = present_defaults()["ReplyConcurrency"]
    before = stack.parameters.get("ReplyConcurrency") if stack else None
    wanted = int(given.get("ReplyConcurrency") or before or default)
    most = replies_within(quota)
    if most < wanted:
        say(
            f"This account may run {quota} functions at once: replies take up to {most} of them, not {wanted}. "
            "After AWS has raised the quota (docs/operations.md#throttles), `make deploy` uses it."
        )
    return {"ReplyConcurrencyByQuota": str(most if most < wanted else 0), "ConcurrencyQuota": str(quota)}


def replies_within(quota: int) -> int:
    return max(quota - ROOM, min(quota - RESERVE, FEW_REPLIES), MIN_REPLIES)


def concurrency_quota() -> int:
    return int(client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"])


def assignments(parameters: Parameters) -> list[str]:
    """The parameters as arguments of sam. SAM leaves a parameter that is not named as it was at the last deployment."""
    return [f"{name}={value or chr(34) * 2}" for name, value in parameters.items()]


def present_defaults() -> Parameters:
    """The defaults of this version's template, read from the file: it is too large for a request to CloudFormation."""
    declared: dict[str, dict[str, object]] = load_yaml(TEMPLATE)["Parameters"]
    return {name: str(parameter.get("Default", "")) for name, parameter in declared.items()}


def _deployed_defaults(stack: Stack) -> Parameters:
    declared = client("cloudformation").get_template_summary(StackName=stack.name)["Parameters"]
    return {each["ParameterKey"]: each.get("DefaultValue", "") for each in declared}
