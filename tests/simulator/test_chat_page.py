"""The chat page in Chromium: coming in, answers, buttons, the Mini App."""

import json
from urllib.parse import parse_qs, urlsplit

import init_data_py
import pytest
from playwright.async_api import Page, expect

from local.simulator import Simulator
from local.simulator.files import keep
from local.simulator.ogg import silent_note
from local.simulator.refusal import Json
from tests.simulator.chat_page import enter
from tests.simulator.conftest import TOKEN, running_endpoint

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _query(updates: list[Json]) -> Json | None:
    return next((update["callback_query"] for update in updates if "callback_query" in update), None)


async def test_a_newcomer_reads_what_the_bot_does_presses_start_and_talks(simulator: Simulator, page: Page) -> None:
    await simulator.call("setMyDescription", description="Разговоры с Эйнштейном", language_code="ru")
    await enter(page, "user=7&name=Иван&lang=ru&start=mario")
    await expect(page.locator(".description")).to_contain_text("Разговоры с Эйнштейном")
    await page.get_by_role("button", name="Начать").click()
    await simulator.wait_for(lambda: simulator.messages(7))
    await page.get_by_label("Сообщение", exact=True).fill("Привет\nКак дела?")
    await page.keyboard.press("Enter")
    await simulator.wait_for(lambda: len(simulator.messages(7)) == 2)
    assert [message["text"] for message in simulator.messages(7)] == ["/start mario", "Привет\nКак дела?"]
    assert simulator.messages(7)[0]["from"] == {"id": 7, "is_bot": False, "first_name": "Иван", "language_code": "ru"}
    await expect(page.locator(".message.own")).to_have_count(2)
    assert await page.get_by_label("Сообщение", exact=True).input_value() == ""


async def test_typing_and_a_growing_draft_give_way_to_the_message(simulator: Simulator, page: Page) -> None:
    simulator.user(7).send_text("Tell me")
    await enter(page, "user=7")
    await simulator.call("sendChatAction", chat_id=7, action="typing")
    await expect(page.locator("#bot-status")).to_have_text("typing")
    await simulator.call("sendMessageDraft", chat_id=7, draft_id=1, text="")
    await expect(page.locator(".draft")).to_contain_text("Thinking…")
    await simulator.call("sendMessageDraft", chat_id=7, draft_id=1, text="Once upon")
    await expect(page.locator(".draft .text")).to_have_text("Once upon")
    await simulator.call("sendMessage", chat_id=7, text="Once upon a time")
    await expect(page.locator(".draft")).to_have_count(0)
    await expect(page.locator(".message .text")).to_have_text(["Tell me", "Once upon a time"])
    await expect(page.locator("#bot-status")).to_have_text("bot")


async def test_a_pressed_button_shows_a_spinner_until_it_is_answered(simulator: Simulator, page: Page) -> None:
    async with running_endpoint() as endpoint:
        await simulator.call("setWebhook", url=endpoint.url)
        simulator.user(7)
        markup = {"inline_keyboard": [[{"text": "Retry", "callback_data": "r"}, {"text": "Why", "callback_data": "w"}]]}
        await simulator.call("sendMessage", chat_id=7, text="Sorry", reply_markup=markup)
        await enter(page, "user=7")
        for name, alert in (("Retry", False), ("Why", True)):
            await page.get_by_role("button", name=name).click()
            await expect(page.locator(".inline-button.waiting")).to_have_text(name)
            query = await simulator.wait_for(lambda: _query(endpoint.updates))
            endpoint.updates.clear()
            answer = {"callback_query_id": query["id"], "text": f"{name}!", "show_alert": alert}
            await simulator.call("answerCallbackQuery", **answer)
            await expect(page.locator(".inline-button.waiting")).to_have_count(0)
            await expect(page.locator("#alert p" if alert else "#toast")).to_have_text(f"{name}!")


async def test_a_growing_draft_is_stopped_by_its_button(simulator: Simulator, page: Page) -> None:
    simulator.user(7)
    await enter(page, "user=7")
    await simulator.call("sendMessageDraft", chat_id=7, draft_id=5, text="Once", can_stop=True, keep_on_stop=True)
    await page.get_by_role("button", name="Stop", exact=True).click()
    await expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    await expect(page.locator(".draft .text")).to_have_text("Once")
    assert "stopped_message_generation" in simulator.server.state.pending[-1].update


async def test_commands_are_offered_in_the_persons_language(simulator: Simulator, page: Page) -> None:
    await simulator.call("setMyCommands", commands=[{"command": "menu", "description": "Choose"}])
    commands = [{"command": "menu", "description": "Выбрать"}, {"command": "help", "description": "Помощь"}]
    await simulator.call("setMyCommands", commands=commands, language_code="ru")
    simulator.user(7, "Иван", language_code="ru").send_text("/start")
    await enter(page, "user=7")
    await page.locator("#composer-text").press_sequentially("/me")
    await expect(page.get_by_role("option")).to_have_text(["/menuВыбрать"])
    await page.get_by_role("option").click()
    await simulator.wait_for(lambda: simulator.messages(7)[1:])
    assert simulator.messages(7)[1]["text"] == "/menu"


async def test_blocking_takes_the_composer_away_and_restart_brings_it_back(simulator: Simulator, page: Page) -> None:
    simulator.user(7).send_text("/start")
    await enter(page, "user=7")
    await page.get_by_role("button", name="More actions").click()
    await page.get_by_role("menuitem", name="Stop and block bot").click()
    await page.get_by_role("button", name="Restart bot").click()
    await expect(page.locator("#composer-text")).to_be_visible()
    kinds = [list(pending.update)[1] for pending in simulator.server.state.pending]
    assert kinds == ["message", "my_chat_member", "my_chat_member", "message"]


async def test_a_new_person_can_be_created(simulator: Simulator, page: Page) -> None:
    await enter(page, "")
    await page.locator("#person-button").click()
    await expect(page.locator(".person strong")).to_have_text(["Anna Smith", "Иван Петров"])
    await page.get_by_text("Someone else").click()
    await page.get_by_label("First name").fill("Mia")
    await page.get_by_label("User ID").fill("55")
    await page.get_by_role("button", name="Enter").click()
    await page.wait_for_selector("html[data-ready='55']")
    await page.get_by_role("button", name="Start", exact=True).click()
    await simulator.wait_for(lambda: simulator.messages(55))
    assert simulator.messages(55)[0]["from"]["first_name"] == "Mia"


@pytest.mark.parametrize("way", ["inline button", "menu button"])
async def test_the_mini_app_opens_with_signed_init_data_and_the_clients_protocol(
    simulator: Simulator, page: Page, app_url: str, way: str
) -> None:
    app = {"web_app": {"url": f"{app_url}/"}, "text": "Cast"}
    await simulator.call("setChatMenuButton", menu_button=app | {"type": "web_app"})
    simulator.user(7, "Иван 😀")
    await simulator.call("sendMessage", chat_id=7, text="Pick", reply_markup={"inline_keyboard": [[app]]})
    await enter(page, "user=7&theme=dark")
    await page.locator(".inline-button" if way == "inline button" else "#bot-menu-button").click()
    await expect(page.locator("dialog.mini-app footer button:visible")).to_have_text("Choose")
    frame = next(each for each in page.frames if each.parent_frame)
    launch = parse_qs(urlsplit(frame.url).fragment)
    person = init_data_py.validate_by_hash(launch["tgWebAppData"][0], TOKEN).user
    assert person
    assert (person.id, person.first_name) == (7, "Иван 😀")
    assert json.loads(launch["tgWebAppThemeParams"][0])["bg_color"] == "#212121"
    await page.locator("dialog.mini-app header button").first.click()
    for event in ("theme_changed", "viewport_changed", "back_button_pressed"):
        await frame.wait_for_function(
            "(event) => heard.some((each) => JSON.parse(each).eventType === event)", arg=event
        )
    await page.locator("dialog.mini-app footer button:visible").click()
    await expect(page.locator("dialog.mini-app")).to_have_count(0)


async def test_a_voice_message_of_the_bot_plays_and_can_be_forbidden(simulator: Simulator, page: Page) -> None:
    user = simulator.user(7, "Anna")
    kept = keep(simulator.server.state, silent_note(90), "voice.ogg", "audio/ogg")
    await simulator.call("sendVoice", chat_id=7, voice=kept, duration=90)
    await enter(page, "user=7")
    await expect(page.locator(".voice small")).to_have_text("1:30")
    await page.get_by_role("button", name="Play", exact=True).click()
    await page.get_by_role("button", name="Pause", exact=True).click()
    await expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()

    await page.get_by_role("button", name="More actions").click()
    await page.get_by_text("Forbid voice messages").click()
    await simulator.wait_for(lambda: user.person.forbids_voice)
