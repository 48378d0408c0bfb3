"""Creates the template's tables and queues in the emulator. Existing ones keep their data."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from local.aws import Aws
from local.template import Queue, Table, Template, TemplateError

KEPT_SHAPE = ("KeySchema", "AttributeDefinitions", "StreamSpecification")


def create_resources(template: Template, aws: Aws) -> dict[str, str]:
    """Returns the values of references: "TurnsTable" -> its name, "TurnsTable.StreamArn", "ReplyQueue" -> its URL, ...

    :raises TemplateError: a table kept from an earlier run has other keys, attributes or stream than the template
    """
    names: dict[str, str] = {}
    for table in template.tables:
        names |= _create_table(table, aws)
    for queue in template.queues:
        names |= _create_queue(queue, aws)
    for queue in template.queues:
        _set_attributes(queue, names, aws)
    return names


def environment(
    template: Template, names: Mapping[str, str], aws: Aws, given: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The environment variables of all functions, which share one process here. `given` replaces the template's values.

    :raises TemplateError: a variable has no value here, or differs between functions
    """
    given = given or {}
    scope = template.scope.with_names(names)
    found: dict[str, tuple[str, str]] = {}
    for function in template.functions:
        for name in function.environment.keys() - given.keys():
            value = scope.resolve(function.environment[name])
            if isinstance(value, dict | list):
                raise TemplateError(f"{function.logical_id}: {name} has no value here: {json.dumps(value)}")
            earlier, other = found.setdefault(name, (str(value), function.logical_id))
            if earlier != str(value):
                raise TemplateError(f"{function.logical_id} and {other}: {name} differs, and they share one process")
    return {**aws.settings(), **{name: value for name, (value, _) in found.items()}, **given}


def _create_table(table: Table, aws: Aws) -> dict[str, str]:
    try:
        aws.dynamodb.create_table(TableName=table.name, BillingMode="PAY_PER_REQUEST", **table.definition)
        if table.ttl_attribute:
            aws.dynamodb.update_time_to_live(
                TableName=table.name,
                TimeToLiveSpecification={"Enabled": True, "AttributeName": table.ttl_attribute},
            )
    except aws.dynamodb.exceptions.ResourceInUseException:
        pass
    there: Mapping[str, Any] = aws.dynamodb.describe_table(TableName=table.name)["Table"]
    for part in KEPT_SHAPE:
        if _comparable(there.get(part)) != _comparable(table.definition.get(part)):
            raise TemplateError(f"{table.logical_id}: the kept data has another {part}; start without it")
    names = {table.logical_id: table.name, f"{table.logical_id}.Arn": there["TableArn"]}
    return names | ({f"{table.logical_id}.StreamArn": there["LatestStreamArn"]} if "LatestStreamArn" in there else {})


def _comparable(part: Any) -> Any:
    return sorted(map(json.dumps, part)) if isinstance(part, Iterable) and not isinstance(part, dict) else part


def _create_queue(queue: Queue, aws: Aws) -> dict[str, str]:
    try:
        url = aws.sqs.get_queue_url(QueueName=queue.name)["QueueUrl"]
    except aws.sqs.exceptions.QueueDoesNotExist:
        url = aws.sqs.create_queue(QueueName=queue.name, Attributes={"FifoQueue": "true"} if queue.fifo else {})[
            "QueueUrl"
        ]
    # The URL of a kept queue has the port of the earlier run.
    url = f"{aws.endpoint_url}{urlsplit(url).path}"
    arn = aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return {queue.logical_id: url, f"{queue.logical_id}.Arn": arn, f"{queue.logical_id}.QueueName": queue.name}


def _set_attributes(queue: Queue, names: Mapping[str, str], aws: Aws) -> None:
    # Any: in the stubs, attribute names are literals.
    attributes: dict[Any, str] = {key: value for key, value in queue.attributes.items() if key != "FifoQueue"}
    if queue.dead_letter_queue:
        target = names[f"{queue.dead_letter_queue}.Arn"]
        redrive = {"deadLetterTargetArn": target, "maxReceiveCount": queue.max_receive_count}
        attributes["RedrivePolicy"] = json.dumps(redrive)
    if attributes:
        aws.sqs.set_queue_attributes(QueueUrl=names[queue.logical_id], Attributes=attributes)
