"""How the functions start: fresh processes on the built packages, side by side, round by round. They speak TLS."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from artefacts.package import ROOT
from bench import certificates
from bench.certificates import Certificates
from bench.packages import Packages

SUBJECTS = Path(__file__).parent / "subjects"
EVENT = ROOT / "events" / "webhook_text.json"
WARM_REQUESTS = 300

Measured = dict[str, float]


@dataclass(frozen=True)
class Subject:
    """A module to start, with the folders it is found in."""

    module: str
    folders: tuple[Path, ...]
    serves: bool = False

    @property
    def is_ours(self) -> bool:
        """Our functions trust only Amazon's roots, as on AWS; the other subjects trust certifi's bundle."""
        return self.module.startswith("functions.")


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


def rounds(python: Path, subjects: Mapping[str, Subject], n: int, *, tls: bool = True) -> dict[str, list[Measured]]:
    """Measures each subject once per round, so that a busy machine slows all. The first round does not count."""
    found: dict[str, list[Measured]] = {name: [] for name in subjects}
    with stub(tls=tls) as cloud:
        for number in range(n + 1):
            for name, subject in subjects.items():
                measured = _start(python, subject, cloud)
                if number:
                    found[name].append(measured)
    return found


@dataclass(frozen=True)
class Cloud:
    """A stub of AWS, Telegram and the model, with certificates that its callers trust."""

    url: str
    trusted: Certificates | None

    def variables(self, *, ours: bool) -> dict[str, str]:
        """A function's environment variables, and those that Lambda sets for every function."""
        found = _environment(self.url)
        if self.trusted:
            bundle = self.trusted.beside_amazon if ours else self.trusted.beside_all
            found |= {"AWS_CA_BUNDLE": str(bundle), "SSL_CERT_FILE": str(self.trusted.beside_all)}
        return found


@contextmanager
def stub(*, tls: bool = True) -> Iterator[Cloud]:
    """AWS that answers at once."""
    with tempfile.TemporaryDirectory() as folder:
        made = certificates.make(Path(folder), "DNS:localhost", "IP:127.0.0.1") if tls else None
        files = [str(made.one_authority), str(made.key)] if made else []
        command = [sys.executable, "-m", "bench.aws_stub", *files]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:  # noqa: S603 - our own
            assert process.stdout and process.stdin  # noqa: S101, PT018 - both are pipes
            yield Cloud(f"http{'s' if tls else ''}://127.0.0.1:{process.stdout.readline().strip()}", made)
            process.stdin.close()


def _start(python: Path, subject: Subject, cloud: Cloud) -> Measured:
    """:raises RuntimeError: the subject does not start, or does not answer 200"""
    event = [str(EVENT), str(WARM_REQUESTS)] if subject.serves else []
    folders = ":".join(map(str, subject.folders))
    command = [str(python), "-IS", str(SUBJECTS / "start.py"), folders, subject.module, *event]
    variables = cloud.variables(ours=subject.is_ours)
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)  # noqa: S603 - Python
    if done.returncode:
        raise RuntimeError(f"{subject.module} does not start:\n{done.stderr}")
    measured: Measured = json.loads(done.stdout.splitlines()[-1])
    if measured.get("status", 200) != 200:  # noqa: PLR2004 - HTTP's
        raise RuntimeError(f"{subject.module} answers {measured['status']}:\n{done.stdout}")
    return measured


def _environment(url: str) -> dict[str, str]:
    tables = {
        f"{table}_TABLE": table.lower()
        for table in ("USERS", "CHARACTERS", "TURNS", "CONVERSATIONS", "SPENDING", "MEMORIES")
    }
    return tables | {
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_LAMBDA_FUNCTION_NAME": "bench",
        "AWS_XRAY_CONTEXT_MISSING": "IGNORE_ERROR",
        "POWERTOOLS_TRACE_DISABLED": "true",
        "POWERTOOLS_SERVICE_NAME": "bench",
        "POWERTOOLS_METRICS_NAMESPACE": "Bench",
        "REPLY_QUEUE_URL": f"{url}/000000000000/replies.fifo",
        "CARD_QUEUE_URL": f"{url}/000000000000/cards.fifo",
        "DEAD_LETTER_QUEUE_URL": f"{url}/000000000000/dead.fifo",
        "WEBHOOK_SECRET_PARAMETER": "/bench/webhook-secret",
        "PSEUDONYM_KEY_PARAMETER": "/bench/pseudonym-key",
        "WEBAPP_URL": "https://troupe.example/",
        "TELEGRAM_BOT_TOKEN_PARAMETER": "/bench/telegram-bot-token",
        "TELEGRAM_API_URL": url,
        "OPENAI_API_KEY_PARAMETER": "/bench/openai-api-key",
        "OPENAI_BASE_URL": url,
        "AMPLITUDE_API_KEY_PARAMETER": "/bench/amplitude-api-key",
    }
