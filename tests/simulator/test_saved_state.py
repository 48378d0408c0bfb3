"""The simulator's state survives a restart."""

import asyncio
from pathlib import Path

import pytest

from local.simulator import SavedStateError, Simulator

TOKEN = "1:x"


async def test_chats_ids_commands_webhook_and_waiting_updates_come_back(tmp_path: Path) -> None:
    before = Simulator(TOKEN)
    before.user(7, "Анна", language_code="ru").send_text("/start")
    before.user(8).block()
    await before.call("sendMessage", chat_id=7, text="Hello")
    await before.call("setMyCommands", commands=[{"command": "help", "description": "Help"}])
    await before.call("setWebhook", url="https://example.com/hook", secret_token="s")
    before.save(tmp_path / "chats.json")

    after = Simulator(TOKEN)
    after.load(tmp_path / "chats.json")
    assert after.server.state == before.server.state
    after.user(7, "Анна").send_text("again")
    assert [message["message_id"] for message in after.messages(7)] == [1, 2, 3]
    assert after.server.state.pending[-1].update["update_id"] == before.server.state.pending[-1].update["update_id"] + 1


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    Simulator(TOKEN).save(tmp_path / "chats.json")
    assert (tmp_path / "chats.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"people": 1}', '{"people": {}, "chats": {}, "webhook": {}}']
)
def test_a_damaged_file_is_named_and_neither_it_nor_the_state_is_touched(tmp_path: Path, content: str) -> None:
    path = tmp_path / "chats.json"
    path.write_text(content)
    simulator = Simulator(TOKEN)
    simulator.user(7).send_text("kept")
    with pytest.raises(SavedStateError, match=r"chats\.json"):
        simulator.load(path)
    assert path.read_text() == content
    assert len(simulator.messages(7)) == 1


async def test_a_wait_that_times_out_names_the_last_calls() -> None:
    simulator = Simulator(TOKEN)
    await simulator.call("getMe")
    with pytest.raises(TimeoutError, match="getMe ok"):
        await simulator.wait_for(lambda: False, timeout=0.01)
    waiting = asyncio.create_task(simulator.wait_for(lambda: len(simulator.calls) == 2))
    await simulator.call("getMe")
    assert await waiting
