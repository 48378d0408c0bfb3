"""Questions that `make deploy` asks at a terminal before it makes a new stack. Later the answers are parameters."""

import os
import re

import boto3

from deploy.parameters import Parameters, present_defaults
from deploy.terminal import StoppedError, ask, interactive, say

DEFAULT_REGION = "eu-central-1"
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")
CERTIFICATE = re.compile(r"arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/[a-z0-9-]+")
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")
IDS = re.compile(r"[0-9]{1,16}(,[0-9]{1,16})*")
ADMISSION = re.compile("open|invitation|list")
AGE = re.compile(r"[0-9]|1[0-9]|2[01]")
DOLLARS = re.compile(r"[0-9]+(\.[0-9]{1,2})?")


def choose_region() -> None:
    """Sets AWS_REGION if neither the environment nor AWS's own files name a region.

    :raises StoppedError: the answer is no region of AWS
    """
    if os.environ.get("AWS_REGION") or boto3.Session().region_name or not interactive():
        return
    region = ask(f"AWS region for the bot (Enter for {DEFAULT_REGION})") or DEFAULT_REGION
    known = boto3.Session().get_available_regions("lambda")
    if region not in known:
        raise StoppedError(f"{region!r} is no AWS region. Some are {', '.join(known[:6])}.")
    os.environ["AWS_REGION"] = region
    say(f"The other commands need it too: export AWS_REGION={region}")


def for_a_new_stack(given: Parameters) -> Parameters:
    """The operator's answers about settings that no parameter names yet; empty without a terminal.

    :raises StoppedError: an answer is malformed
    """
    if not interactive():
        return {}
    answers = Parameters()
    if "DomainName" not in given:
        say("The picker's domain should never change: buttons in old messages keep the address they were sent with.")
        if domain := _answer("Domain of the picker, such as troupe.example.com (Enter for CloudFront's own)", DOMAIN):
            arn = _answer(f"ARN of the ACM certificate for {domain}, from us-east-1", CERTIFICATE, may_be_empty=False)
            answers |= {"DomainName": domain, "CertificateArn": arn}
    if "AlarmEmail" not in given and (address := _answer("E-mail address for alarms (Enter for none)", ADDRESS)):
        answers["AlarmEmail"] = address
    if "MonthlyBudget" not in given and "AlarmEmail" in given | answers:
        dollars = _answer("US dollars a month that AWS may cost before it mails you (Enter for no budget)", DOLLARS)
        answers |= {"MonthlyBudget": dollars} if dollars else {}
    answers |= _budgets_of_the_model(given)
    if "OwnerIds" not in given:
        say("Owners see figures, block people and write to everybody, in their chat with the bot (docs/owners.md).")
        ids = _answer("Owners' ids in Telegram, such as 123456789,987654321 (Enter for none; @userinfobot tells)", IDS)
        answers |= {"OwnerIds": ids} if ids else {}
    if "Admission" not in given:
        question = "Who may talk to the characters: open, invitation or list (Enter for open: everybody)"
        answers |= {"Admission": mode} if (mode := _answer(question, ADMISSION)) else {}
    if (given | answers).get("Admission") == "list" and "AdmittedIds" not in given:
        ids = _answer("Ids in Telegram of the people on the list (Enter for none but the owners)", IDS)
        answers |= {"AdmittedIds": ids} if ids else {}
    if "AgeStatement" not in given and (
        age := _answer("Age that people must state before they chat (Enter for none)", AGE)
    ):
        answers["AgeStatement"] = age
    return answers


def _budgets_of_the_model(given: Parameters) -> Parameters:
    """Asks for the limits on money, at which characters pause (docs/operations.md#limits-and-money)."""
    answers, defaults = Parameters(), present_defaults()
    for name, period in (("DollarsPerDay", "day"), ("DollarsPerMonth", "month")):
        if name not in given:
            question = f"US dollars a {period} that models may cost (Enter for {defaults[name]}; 0 for no limit)"
            answers |= {name: dollars} if (dollars := _answer(question, DOLLARS)) else {}
    return answers


def _answer(question: str, pattern: re.Pattern[str], *, may_be_empty: bool = True) -> str:
    """Asks until the answer fits, three times at most."""
    for _ in range(3):
        answer = ask(question)
        if pattern.fullmatch(answer) or (may_be_empty and not answer):
            return answer
        say(f"{answer!r} does not look like one.")
    raise StoppedError(f"{question}: three answers did not fit. Nothing in the account has changed.")
