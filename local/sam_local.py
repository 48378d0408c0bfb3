"""`make sam-local`: prepares `sam local invoke` and `sam local start-api`.

Makes packages for this machine's processor in .aws-sam/local, a template for them, and env.json with the settings of
`make run`, changed by the same variables. SAM passes a function only the variables that its template declares, so the
template gets those that are not needed on AWS, where secrets come from SSM and no endpoint is set.
"""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from local.aws import Aws
from local.emulator import ROOT
from local.settings import read
from local.template import read_template
from publishing.template_file import load_yaml
from troupe.settings import SettingsError

BUILT = ROOT / ".aws-sam" / "local"
# No server listens there, so a function that needs a table fails at once.
NOWHERE = "http://127.0.0.1:9"
# The secret token of the updates in events/.
SECRET_OF_EVENTS = "local-secret"  # noqa: S105 - opens nothing but a laptop
ACCOUNT = "000000000000"
FUNCTION = "AWS::Serverless::Function"
ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


def settings(values: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Returns each function's variables, by logical id. Tables and queues have the names that `make run` gives them.

    :raises SettingsError: names every setting that is wrong
    """
    wanted = read({"WEBHOOK_SECRET": SECRET_OF_EVENTS, **values})
    aws = wanted.emulator_url or NOWHERE
    template = read_template(ROOT / "template.yaml")
    names = {table.logical_id: table.name for table in template.tables}
    names |= {queue.logical_id: f"{aws}/{ACCOUNT}/{queue.name}" for queue in template.queues}
    scope = template.scope.with_names(names)
    given = {**wanted.functions, **Aws.at(aws).settings()}
    found = {}
    for function in template.functions:
        own = {name: scope.resolve(value) for name, value in function.environment.items()}
        texts = {name: str(value) for name, value in own.items() if not isinstance(value, dict | list)}
        found[function.logical_id] = {**texts, **given}
    return found


def declare(template: dict[str, Any], variables: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """The built template, with this machine's architecture and a declaration of every variable."""
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] == FUNCTION:
            properties = resource["Properties"]
            properties["Architectures"] = [ARCHITECTURES[platform.machine().lower()]]
            properties["Environment"] = {"Variables": dict.fromkeys(variables[logical_id], "")}
    return template


def main() -> int:
    try:
        variables = settings(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    sam = Path(sys.executable).parents[2] / ".venv-sam" / "bin" / "sam"
    command, environment = [str(sam), "build", "--build-dir", str(BUILT)], {**os.environ, "BUILD": "--platform host"}
    built_well = not subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 - our own tool
    if not built_well:
        return 1
    built = BUILT / "template.yaml"
    built.write_text(yaml.safe_dump(declare(load_yaml(built), variables), sort_keys=False), encoding="utf-8")
    # The variables may hold real keys.
    env_file = ROOT / "env.json"
    env_file.touch(mode=0o600)
    env_file.write_text(json.dumps(variables, indent=2), encoding="utf-8")
    print(f"\nNow: {sam.relative_to(ROOT)} local invoke WebhookFunction -t {built.relative_to(ROOT)} "
          "-e events/webhook_wrong_secret.json --env-vars env.json")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
