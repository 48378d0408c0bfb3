"""Permissions of the functions' roles in template.yaml, and calls of AWS that the functions make in tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from local.emulator import ROOT
from local.invocation import invoking
from publishing.template_file import load_yaml
from troupe import aws

# IAM's action for an operation, where the names differ.
IAM_NAMES = {
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:SendMessageBatch": "sqs:SendMessage",
}
# Calls that Lambda itself makes with a function's role: logs, queues and streams.
LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
QUEUE = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
STREAM = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams")


class Permission(NamedTuple):
    """`resource` is a logical id, or the last part of an index's name or of a parameter's in SSM."""

    function: str
    action: str
    resource: str


@cache
def resources() -> Mapping[str, Any]:
    """Of template.yaml, by logical id, with references in their long form."""
    found: Mapping[str, Any] = load_yaml(ROOT / "template.yaml")["Resources"]
    return found


def functions() -> dict[str, Mapping[str, Any]]:
    return {
        logical_id: resource["Properties"]
        for logical_id, resource in resources().items()
        if resource["Type"] == "AWS::Serverless::Function"
    }


def statements(function: str) -> list[Mapping[str, Any]]:
    """Of all policies of the function's role."""
    role = resources()[functions()[function]["Role"]["Fn::GetAtt"][0]]["Properties"]
    assert "ManagedPolicyArns" not in role, "AWS's managed policies allow more than is named here"
    return [statement for policy in role["Policies"] for statement in policy["PolicyDocument"]["Statement"]]


def granted() -> set[Permission]:
    return {
        Permission(function, action, _named(resource))
        for function in functions()
        for statement in statements(function)
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def used_by_lambda() -> set[Permission]:
    found = set()
    for function, properties in functions().items():
        found |= {Permission(function, action, properties["LoggingConfig"]["LogGroup"]["Ref"]) for action in LOGS}
        for event in properties.get("Events", {}).values():
            of = event["Properties"]
            if event["Type"] == "SQS":
                found |= {Permission(function, action, _named(of["Queue"])) for action in QUEUE}
            if event["Type"] == "DynamoDB":
                found |= {Permission(function, action, _named(of["Stream"])) for action in STREAM}
                lost = _named(of["DestinationConfig"]["OnFailure"]["Destination"])
                found.add(Permission(function, "sqs:SendMessage", lost))
    return found


def used_for_secrets() -> set[Permission]:
    """A function reads each secret whose SSM name is in its variables. Local runs read none from SSM."""
    return {
        Permission(function, "ssm:GetParameters", _named(value))
        for function, properties in functions().items()
        for name, value in properties["Environment"]["Variables"].items()
        if name.endswith("_PARAMETER")
    }


@dataclass
class Recorder:
    """Records every call of AWS that a function makes. One per process, because the clients are.

    :param names: as create_resources returns them
    """

    names: Mapping[str, str]
    calls: set[Permission] = field(default_factory=set)

    def listen(self, *services: str) -> Callable[[], None]:
        """Returns a function that stops the recording."""
        events = [(aws.client(service).meta.events, f"provide-client-params.{service}") for service in services]
        for emitter, name in events:
            emitter.register(name, self._record)

        def stop() -> None:
            for emitter, name in events:
                emitter.unregister(name, self._record)

        return stop

    def _record(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        function = invoking.get()
        if function is None:
            return
        action = f"{model.service_model.service_name}:{model.name}"
        # A batch names its tables as keys.
        for name in params.get("RequestItems") or [params.get("TableName") or params["QueueUrl"]]:
            (logical_id,) = (key for key, value in self.names.items() if value == name and "." not in key)
            # IAM knows an index by a name of its own, and allows it apart from its table.
            resource = params.get("IndexName", logical_id)
            self.calls.add(Permission(function, IAM_NAMES.get(action, action), resource))


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _named(reference: Any) -> str:
    if "Fn::GetAtt" in reference:
        return str(reference["Fn::GetAtt"][0])
    return str(reference["Fn::Sub"]).rpartition("/")[2]
