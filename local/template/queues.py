"""Reads AWS::SQS::Queue."""

from local.template.properties import Properties
from local.template.records import Queue
from publishing.template_file import TemplateError

QUEUE_ATTRIBUTES = (
    "FifoQueue",
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "FifoThroughputLimit",
    "VisibilityTimeout",
    "MessageRetentionPeriod",
    "DelaySeconds",
    "MaximumMessageSize",
    "ReceiveMessageWaitTimeSeconds",
)


def read_queue(logical_id: str, properties: Properties, stack: str, queues: frozenset[str]) -> Queue:
    fifo = properties.flag("FifoQueue")
    name = properties.text("QueueName", f"{stack}-{logical_id}" + (".fifo" if fifo else ""))
    if fifo != name.endswith(".fifo"):
        raise TemplateError(f"{logical_id}: the name of a FIFO queue must end in .fifo, and no other name may")
    given = {key: properties.values[key] for key in QUEUE_ATTRIBUTES if key in properties.values}
    redrive = properties.section("RedrivePolicy")
    dead = redrive.attribute_of("deadLetterTargetArn", "Arn", queues) if redrive.values else None
    return Queue(
        logical_id=logical_id,
        name=name,
        fifo=fifo,
        attributes={key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in given.items()},
        dead_letter_queue=dead,
        max_receive_count=redrive.number("maxReceiveCount") if dead else 0,
    )
