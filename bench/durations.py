"""How long functions run with the memory of template.yaml and its share of a processor."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from bench.backstage import Backstage
from bench.counts import answered, said
from bench.packages import Packages
from bench.quota import limited
from bench.turns import Troupe
from bench.workers import Worker, worker
from local.mappings.stream_record import lambda_record

TO_WARM_UP = 2
MAX_CHANGES = 100


@dataclass(frozen=True)
class Durations:
    """Seconds of one invocation. The reply function answers all chats of its batch; analytics takes `changes` and sends
    `change_bytes`.
    """

    webhook: float
    reply: float
    analytics: float
    changes: int
    change_bytes: int


async def measure(
    packages: Packages,
    backstage: Backstage,
    *,
    chats: int,
    rounds: int,
    model_s: float,
    memory: dict[str, int],
    slowness: float,
) -> Durations:
    """:param memory: MB by function
    :param slowness: of this machine, see `bench.slowness`
    :raises NoQuotaError: this machine can't limit a process
    """
    webhook, reply = [], []
    async with Troupe.playing(packages, backstage) as troupe:
        people = [troupe.person() for _ in range(chats)]
        with ExitStack() as stack:
            for number in range(rounds + TO_WARM_UP):
                if number == TO_WARM_UP:
                    stack.enter_context(limited(troupe.webhook.pid, memory["webhook"], slowness))
                    stack.enter_context(limited(troupe.reply.pid, memory["llm_reply"], slowness))
                words = answered(number)
                for _ in people:
                    backstage.model.script(text=words, delta_delay=model_s / len(words.split()))
                webhook += [(await troupe.receive(person, said(number))).wall_s for person in people]
                reply.append((await troupe.answer(chats)).wall_s)
    async with worker(packages, "analytics", backstage.variables) as analytics:
        of_analytics = await _analytics(analytics, backstage, memory["analytics"], slowness)
    return Durations(median(webhook[TO_WARM_UP * chats :]), median(reply[TO_WARM_UP:]), *of_analytics)


async def _analytics(analytics: Worker, backstage: Backstage, memory: int, slowness: float) -> tuple[float, int, int]:
    """A batch of the turns' stream, as many changes as there are, at most a hundred."""
    event = {"Records": await asyncio.to_thread(changes_of, backstage)}
    backstage.sent.clear()
    await analytics.invoke(event)
    sent = backstage.sent["amplitude"]
    with limited(analytics.pid, memory, slowness):
        return (await analytics.invoke(event)).wall_s, len(event["Records"]), sent


def changes_of(backstage: Backstage) -> Sequence[object]:
    arn, streams = backstage.names["TurnsTable.StreamArn"], backstage.aws.streams
    (shard, *_) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")[
        "ShardIterator"
    ]
    records = streams.get_records(ShardIterator=iterator, Limit=MAX_CHANGES)["Records"]
    return [lambda_record(record, arn) for record in records]
