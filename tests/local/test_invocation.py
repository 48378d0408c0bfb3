import asyncio
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.invocation import Handler, InvocationError, LambdaContext, LocalFunction
from local.template import Function, TemplateError


def declared(handler: str = "work.handler", timeout: int = 5) -> Function:
    return Function(
        logical_id="Work",
        handler=handler,
        timeout=timeout,
        memory=256,
        environment={},
        routes=(),
        queue_mappings=(),
        stream_mappings=(),
    )


def local(handler: Handler, timeout: int = 5, concurrency: int = 50) -> LocalFunction:
    return LocalFunction(declared(timeout=timeout), handler, concurrency)


async def test_the_event_and_the_answer_pass_through_json() -> None:
    def handler(event: Any, _context: LambdaContext) -> object:
        event["list"].append(4)
        return {"got": event, "tuple": (1, 2)}

    event = {"list": [1, 2, 3]}
    assert await local(handler).invoke(event) == {"got": {"list": [1, 2, 3, 4]}, "tuple": [1, 2]}
    assert event == {"list": [1, 2, 3]}


async def test_the_context_has_the_fields_of_lambdas() -> None:
    def handler(_event: Any, context: LambdaContext) -> list[object]:
        first = context.get_remaining_time_in_millis()
        threading.Event().wait(0.05)
        return [
            context.function_name,
            context.function_version,
            context.memory_limit_in_mb,
            context.invoked_function_arn,
            context.log_group_name,
            context.aws_request_id,
            first,
            context.get_remaining_time_in_millis(),
        ]

    function = local(handler, timeout=9)
    *fixed, request_id, before, after = await function.invoke({})
    assert fixed == [
        "Work",
        "$LATEST",
        "256",
        "arn:aws:lambda:us-east-1:000000000000:function:Work",
        "/aws/lambda/Work",
    ]
    assert 8000 < after <= before - 50 < before <= 9000
    assert (await function.invoke({}))[5] != request_id


async def test_invocations_run_side_by_side_up_to_the_concurrency() -> None:
    together = threading.Barrier(2)
    function = local(lambda _event, _context: together.wait(5) >= 0, concurrency=2)
    assert all(await asyncio.gather(function.invoke({}), function.invoke({})))

    running: list[int] = []
    most: list[int] = []

    def count(_event: Any, _context: LambdaContext) -> None:
        running.append(1)
        most.append(len(running))
        threading.Event().wait(0.02)
        running.pop()

    narrow = local(count, concurrency=2)
    await asyncio.gather(*(narrow.invoke({}) for _ in range(8)))
    assert max(most) == 2


async def test_an_idle_thread_is_reused() -> None:
    function = local(lambda _event, _context: threading.get_ident())
    assert len({await function.invoke({}) for _ in range(5)}) == 1


def raising(error: BaseException) -> Handler:
    def handler(_event: Any, _context: LambdaContext) -> None:
        raise error

    return handler


@pytest.mark.parametrize("error", [ValueError("canary"), SystemExit("canary"), StopIteration("canary")])
async def test_a_handler_that_raises_fails_without_its_message_in_the_log(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(InvocationError, match=type(error).__name__):
        await local(raising(error)).invoke({"text": "canary"})
    assert "test_invocation.py" in caplog.text
    assert "canary" not in caplog.text


async def test_an_answer_that_is_no_json_fails() -> None:
    with pytest.raises(InvocationError, match=r"Runtime\.MarshalError"):
        await local(lambda _event, _context: object()).invoke({})


async def test_a_timeout_fails_and_leaves_the_function_usable() -> None:
    release = threading.Event()

    def handler(event: Any, _context: LambdaContext) -> str:
        if event["slow"]:
            release.wait(10)
        return "done"

    function = local(handler, timeout=1, concurrency=1)
    with pytest.raises(InvocationError, match=r"Task timed out after 1\.00 seconds"):
        await function.invoke({"slow": True})
    assert await function.invoke({"slow": False}) == "done"
    release.set()


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    monkeypatch.syspath_prepend(tmp_path)

    def write(name: str, text: str) -> None:
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
        monkeypatch.delitem(sys.modules, name, raising=False)

    return write


async def test_a_handler_is_found_by_its_import_path(module: Callable[[str, str], None]) -> None:
    module("found_by_path", "def handler(event, context):\n    return [event, context.function_name]\n")
    assert await LocalFunction.load(declared("found_by_path.handler")).invoke(1) == [1, "Work"]


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        ("no_such_module.handler", "Work: there is no module no_such_module for its Handler"),
        ("json.no_such_module.handler", "Work: there is no module json.no_such_module for its Handler"),
        ("json.no_such_function", "Work: json has no no_such_function for its Handler"),
    ],
)
def test_a_missing_handler_is_named(handler: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        LocalFunction.load(declared(handler))


def test_a_missing_dependency_of_the_module_is_raised_as_it_is(module: Callable[[str, str], None]) -> None:
    module("lacks_something", "import not_installed_at_all\n")
    with pytest.raises(ModuleNotFoundError, match="not_installed_at_all"):
        LocalFunction.load(declared("lacks_something.handler"))
