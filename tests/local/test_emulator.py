import asyncio
import os
import socket
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from local.aws import Aws
from local.emulator import ROOT, Emulator, EmulatorError
from local.resources import create_resources
from tests.local.stack import Stack, until, write_template

TEMPLATE = """
    Resources:
      Jobs:
        Type: AWS::SQS::Queue
        Properties: {FifoQueue: true, VisibilityTimeout: 30}
      Things:
        Type: AWS::DynamoDB::Table
        Properties:
          AttributeDefinitions: [{AttributeName: id, AttributeType: N}]
          KeySchema: [{AttributeName: id, KeyType: HASH}]
          StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
    """


def listening_addresses(pid: int) -> set[str]:
    """Local addresses of the process's listening sockets, as /proc writes them: hexadecimal, little-endian."""
    sockets = set()
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        target = str(descriptor.readlink())
        if target.startswith("socket:["):
            sockets.add(target[len("socket:[") : -1])
    rows = [
        row.split()
        for table in ("tcp", "tcp6")
        for row in Path(f"/proc/{pid}/net/{table}").read_text(encoding="ascii").splitlines()[1:]
    ]
    return {row[1].partition(":")[0] for row in rows if row[3] == "0A" and row[9] in sockets}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_it_listens_on_loopback_only(emulator: Emulator) -> None:
    # Once it is healthy, all its listeners are open, including those besides HTTP.
    async with aiohttp.ClientSession() as session, session.get(f"{emulator.endpoint_url}/_ministack/ready") as ready:
        assert ready.status == 200
    assert listening_addresses(emulator.process.pid) == {"0100007F"}


def test_its_output_goes_to_its_log_and_not_to_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "deep" / "log"
    Emulator.start(log).stop()
    assert log.stat().st_size
    assert capfd.readouterr() == ("", "")


def test_a_missing_emulator_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(EmulatorError, match=r"not installed in .*: `make run` sets it up"):
        Emulator.start(tmp_path / "log", environment=tmp_path)


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(EmulatorError, match=f"can't use port {port}: Address already in use"):
            Emulator.start(tmp_path / "log", port=port)


def test_an_emulator_that_fails_to_start_is_reported_with_its_log(tmp_path: Path) -> None:
    broken = tmp_path / "bin" / "python"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho no such thing\nexit 1\n", encoding="utf-8")
    broken.chmod(0o755)
    log = tmp_path / "log"
    with pytest.raises(EmulatorError, match=f"exited at once; its output is in {log}"):
        Emulator.start(log, environment=tmp_path)
    assert log.read_text(encoding="utf-8") == "no such thing\n"


def test_stopping_twice_is_fine(tmp_path: Path) -> None:
    emulator = Emulator.start(tmp_path / "log")
    emulator.stop()
    emulator.stop()
    assert emulator.process.returncode == 0


async def test_it_ends_when_the_process_that_started_it_is_killed(tmp_path: Path) -> None:
    script = (
        "import pathlib, sys, time; from local.emulator import Emulator;"
        f"print(Emulator.start(pathlib.Path({str(tmp_path / 'log')!r})).process.pid, flush=True); time.sleep(60)"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", script, stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdout
    pid = int(await parent.stdout.readline())
    assert alive(pid)
    parent.kill()
    await parent.wait()
    await until(lambda: not alive(pid))


def alive(pid: int) -> bool:
    """A zombie counts as dead."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"


def test_none_of_our_environment_reaches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "canary")
    with Emulator.start(tmp_path / "log") as emulator:
        environment = Path(f"/proc/{emulator.process.pid}/environ")
        if environment.exists():
            assert b"canary" not in environment.read_bytes()


def test_tables_queues_and_streams_survive_a_stop(tmp_path: Path) -> None:
    log, data = tmp_path / "log", tmp_path / "data"
    with Emulator.start(log, data) as emulator:
        stack = Stack.of(tmp_path, Aws.at(emulator.endpoint_url), TEMPLATE, print)
        fill(stack)
    with Emulator.start(log, data, port=port_of(emulator)):
        assert_full(stack)


async def test_tables_queues_and_streams_survive_a_kill_once_saved(tmp_path: Path) -> None:
    log, data = tmp_path / "log", tmp_path / "data"
    with Emulator.start(log, data) as emulator:
        stack = Stack.of(tmp_path, Aws.at(emulator.endpoint_url), TEMPLATE, print)
        fill(stack)
        await until(lambda: "second" in saved(data))
        emulator.process.kill()
    with Emulator.start(log, data, port=port_of(emulator)):
        assert_full(stack)
        stack.put(2)
        numbers = [number for _, number in changes(stack)]
    assert len(numbers) == 3
    assert numbers == sorted(set(numbers))


def test_the_run_after_a_killed_one_finds_all_data(tmp_path: Path) -> None:
    log, data = tmp_path / "log", tmp_path / "data"
    template = write_template(tmp_path, TEMPLATE)
    with Emulator.start(log, data) as emulator:
        aws = Aws.at(emulator.endpoint_url)
        fill(Stack(aws, [], create_resources(template, aws), tmp_path))
        assert emulator.process.stdin
        emulator.process.stdin.close()  # as when the parent process is killed
        with Emulator.start(log, data) as following:
            aws = Aws.at(following.endpoint_url)
            names = create_resources(template, aws)
            assert names["Jobs"].startswith(following.endpoint_url)
            assert_full(Stack(aws, [], names, tmp_path))


def test_data_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with (
        Emulator.start(tmp_path / "log", tmp_path / "data"),
        pytest.raises(EmulatorError, match="data is in use by another run"),
    ):
        Emulator.start(tmp_path / "log", tmp_path / "data")


def test_without_a_data_folder_nothing_is_kept(tmp_path: Path) -> None:
    with Emulator.start(tmp_path / "log") as emulator:
        Stack.of(tmp_path, Aws.at(emulator.endpoint_url), TEMPLATE, print)
    with Emulator.start(tmp_path / "log", port=port_of(emulator)):
        assert Aws.at(emulator.endpoint_url).dynamodb.list_tables()["TableNames"] == []
    assert {path.name for path in tmp_path.iterdir()} == {"log", "template.yaml"}


def port_of(emulator: Emulator) -> int:
    return int(emulator.endpoint_url.rpartition(":")[2])


def saved(data: Path) -> str:
    file = data / "sqs.json"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def fill(stack: Stack) -> None:
    stack.put(1, text="один")
    stack.put(1, text="два")
    stack.send("A", "first")
    stack.send("A", "second")


def assert_full(stack: Stack) -> None:
    aws, names = stack.aws, stack.names
    assert aws.dynamodb.scan(TableName=names["Things"])["Items"] == [{"id": {"N": "1"}, "text": {"S": "два"}}]
    received = aws.sqs.receive_message(QueueUrl=names["Jobs"], MaxNumberOfMessages=10)["Messages"]
    assert [message["Body"] for message in received] == ["first", "second"]
    assert [name for name, _ in changes(stack)] == ["INSERT", "MODIFY"]


def changes(stack: Stack) -> list[tuple[str, str]]:
    """Name and sequence number of every record of the stream."""
    streams, arn = stack.aws.streams, stack.names["Things.StreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    records = streams.get_records(ShardIterator=start)["Records"]
    return [(record["eventName"], record["dynamodb"]["SequenceNumber"]) for record in records]
