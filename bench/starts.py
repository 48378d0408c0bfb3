"""How the functions start: fresh processes on the built packages, side by side, round by round."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from artefacts.package import ROOT
from bench.packages import Packages

SUBJECTS = Path(__file__).parent / "subjects"
EVENT = ROOT / "events" / "webhook_text.json"
SECRET = "local-secret"  # noqa: S105 - the sample event's
WARM_REQUESTS = 300

Measured = dict[str, float]


@dataclass(frozen=True)
class Subject:
    """A module to start, with the folders it is found in. `compiled` is False for one that has no bytecode."""

    module: str
    folders: tuple[Path, ...]
    serves: bool = False
    compiled: bool = True


def webhooks(packages: Packages) -> dict[str, Subject]:
    return {
        "bare botocore": Subject("bare", (packages.as_installed["webhook"], SUBJECTS), serves=True),
        "webhook": Subject("functions.webhook.app", (packages.ours["webhook"],), serves=True),
        "naive webhook": Subject("naive", (packages.as_installed["naive"], SUBJECTS), serves=True),
    }


def others(packages: Packages) -> dict[str, Subject]:
    found = {}
    for function in ("llm_reply", "webapp_select", "analytics"):
        found[f"{function}'s libraries"] = Subject(f"libraries_{function}", (packages.ours[function], SUBJECTS))
        found[function] = Subject(f"functions.{function}.app", (packages.ours[function],))
    return found


def rounds(python: Path, subjects: Mapping[str, Subject], n: int) -> dict[str, list[Measured]]:
    """Each subject once per round: what slows the machine for a while slows them all. The first round is practice."""
    found: dict[str, list[Measured]] = {name: [] for name in subjects}
    with stub() as url:
        for number in range(n + 1):
            for name, subject in subjects.items():
                measured = _start(python, subject, url)
                if number:
                    found[name].append(measured)
    return found


@contextmanager
def stub() -> Iterator[str]:
    """AWS that answers at once: its address."""
    command = [sys.executable, "-m", "bench.aws_stub"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:  # noqa: S603 - our own
        assert process.stdout and process.stdin  # noqa: S101, PT018 - both are pipes
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.stdin.close()


def _start(python: Path, subject: Subject, aws_url: str) -> Measured:
    """:raises RuntimeError: the subject does not start, or does not answer 200"""
    event = [str(EVENT), str(WARM_REQUESTS)] if subject.serves else []
    folders = ":".join(map(str, subject.folders))
    command = [str(python), "-IS", str(SUBJECTS / "start.py"), folders, subject.module, *event]
    done = subprocess.run(command, env=_environment(aws_url), capture_output=True, text=True, check=False)  # noqa: S603 - Python
    if done.returncode:
        raise RuntimeError(f"{subject.module} does not start:\n{done.stderr}")
    measured: Measured = json.loads(done.stdout.splitlines()[-1])
    if measured.get("status", 200) != 200:  # noqa: PLR2004 - HTTP's
        raise RuntimeError(f"{subject.module} answers {measured['status']}:\n{done.stdout}")
    return measured


def _environment(aws_url: str) -> dict[str, str]:
    tables = {f"{table}_TABLE": table.lower() for table in ("USERS", "CHARACTERS", "TURNS", "CONVERSATIONS")}
    return tables | {
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "AWS_XRAY_CONTEXT_MISSING": "IGNORE_ERROR",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_SERVICE_NAME": "bench",
        "POWERTOOLS_METRICS_NAMESPACE": "Bench",
        "REPLY_QUEUE_URL": f"{aws_url}/000000000000/replies.fifo",
        "DEAD_LETTER_QUEUE_URL": f"{aws_url}/000000000000/dead.fifo",
        "WEBHOOK_SECRET": SECRET,
        "WEBAPP_URL": "https://troupe.example/",
        "TELEGRAM_BOT_TOKEN": "1:bench",
        "OPENAI_API_KEY": "bench",
        "AMPLITUDE_API_KEY": "bench",
    }
