"""The chat page in Chromium."""

import json
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import init_data_py
import pytest
import pytest_asyncio
from aiohttp import web
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped] # ships no types
from playwright.async_api import Browser, FilePayload, Page, expect

from local.simulator import Simulator
from local.simulator.files import contents, keep
from local.simulator.ogg import silent_note
from local.simulator.references import from_hidden_user
from local.simulator.refusal import Json
from local.simulator.samples import SAMPLES
from tests.browser.picker_client import chromium
from tests.simulator.conftest import TOKEN, running_endpoint
from tests.unit.card_files import png

pytestmark = pytest.mark.asyncio(loop_scope="module")

PATIENCE_MS = 90_000
expect.set_options(timeout=PATIENCE_MS)
MINI_APP = """<!doctype html><title>App</title><button id=done>Done</button><script>
  const say = (eventType, eventData) => parent.postMessage(JSON.stringify({ eventType, eventData }), "*");
  window.heard = [];
  addEventListener("message", (event) => {
    const { eventType } = JSON.parse(event.data);
    heard.push(event.data);
    if (eventType === "main_button_pressed") say("web_app_close");
  });
  say("iframe_ready", { reload_supported: true });
  say("web_app_ready"); say("web_app_expand"); say("web_app_request_viewport"); say("web_app_no_such_thing");
  say("web_app_setup_main_button", { is_visible: true, is_active: true, text: "Choose", color: "#112233" });
  say("web_app_setup_back_button", { is_visible: true });
  parent.postMessage("not json", "*");
</script>"""


@pytest_asyncio.fixture(loop_scope="module")
async def app_url(simulator: Simulator) -> AsyncIterator[str]:
    """The simulator with a Mini App and an analytics endpoint, as in the product."""

    async def mini_app(_request: web.Request) -> web.Response:
        return web.Response(text=MINI_APP, content_type="text/html")

    async def events(_request: web.Request) -> web.Response:
        event = {"time": 1_800_000_000_000, "event_type": "registered", "user_id": "7", "event_properties": {"a": "b"}}
        return web.json_response({"events": [event]})

    app = web.Application()
    simulator.add_routes(app)
    app.router.add_get("/", mini_app)
    app.router.add_get("/amplitude/events", events)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def page(app_url: str, browser: Browser) -> AsyncIterator[Page]:
    """A page that fails its test on any script error or violation of its content security policy."""
    problems: list[str] = []
    async with await browser.new_context(base_url=app_url, viewport={"width": 1280, "height": 800}) as context:
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
        yield page
    assert problems == []


async def enter(page: Page, query: str) -> None:
    await page.goto(f"/chat?{query}")
    await page.wait_for_selector("html[data-ready]")


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


async def test_a_persons_text_never_becomes_markup(simulator: Simulator, page: Page) -> None:
    hostile = '<img src=x onerror="document.title=1"> & <b>no</b>'
    simulator.user(7, "<i>Anna</i>").send_text(hostile)
    await simulator.call("sendMessage", chat_id=7, text=hostile)
    await enter(page, "user=7")
    await expect(page.locator(".message .text")).to_have_text([hostile, hostile])
    await expect(page.locator("#person-name")).to_have_text("<i>Anna</i>")
    assert await page.locator(".message b, .message img").count() == 0


def entity(kind: str, offset: int, length: int, **extra: str) -> Json:
    return {"type": kind, "offset": offset, "length": length} | extra


async def test_each_entity_has_its_look(simulator: Simulator, page: Page) -> None:
    simulator.user(7)
    entities = [
        entity("bold", 2, 2),
        entity("italic", 3, 1),
        entity("code", 5, 1),
        entity("pre", 6, 1),
        entity("expandable_blockquote", 7, 1),
        entity("text_link", 8, 1, url="https://a.b"),
        entity("spoiler", 9, 1),
    ]
    await simulator.call("sendMessage", chat_id=7, text="😀ab cdqls /help", entities=entities)
    await enter(page, "user=7")
    bubble = page.locator(".message .text")
    for selector, content in (("strong", "ab"), ("strong em", "b"), ("code", "c"), ("pre", "d"), ("blockquote", "q")):
        await expect(bubble.locator(selector)).to_have_text(content)
    await expect(bubble.get_by_role("link", name="l", exact=True)).to_have_attribute("href", "https://a.b")
    await bubble.locator(".spoiler").click()
    await expect(bubble.locator(".spoiler")).to_have_class("spoiler revealed")
    await bubble.get_by_text("/help").click()
    await simulator.wait_for(lambda: simulator.messages(7)[1:])
    assert simulator.messages(7)[1]["text"] == "/help"


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


def _query(updates: list[Json]) -> Json | None:
    return next((update["callback_query"] for update in updates if "callback_query" in update), None)


async def test_arrow_up_edits_the_last_message_and_a_reply_shows_its_original(simulator: Simulator, page: Page) -> None:
    simulator.user(7).send_text("Helo")
    await simulator.call("sendMessage", chat_id=7, text="Yes?")
    await enter(page, "user=7")
    await page.locator("#composer-text").press("ArrowUp")
    await page.locator("#composer-text").fill("Hello")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.own .bubble")).to_contain_text("edited")
    assert simulator.server.state.pending[-1].update["edited_message"]["text"] == "Hello"
    await page.get_by_text("Yes?").click(button="right")
    await page.get_by_role("menuitem", name="Reply").click()
    await page.locator("#composer-text").fill("I asked")
    await page.keyboard.press("Enter")
    await expect(page.locator(".reply-quote")).to_contain_text("Yes?")
    assert simulator.messages(7)[-1]["reply_to_message"]["text"] == "Yes?"


async def test_a_long_text_is_sent_as_several_messages(simulator: Simulator, page: Page) -> None:
    simulator.user(7).send_text("/start")
    await enter(page, "user=7")
    await page.locator("#composer-text").fill("я" * 4097)
    await page.keyboard.press("Enter")
    await simulator.wait_for(lambda: len(simulator.messages(7)) == 3)
    assert [len(message["text"]) for message in simulator.messages(7)[1:]] == [4096, 1]


async def test_a_file_of_ones_own_is_sent_as_it_is_and_a_picture_also_as_a_photo(
    simulator: Simulator, page: Page
) -> None:
    simulator.user(7).send_text("/start")
    await enter(page, "user=7")
    picture = png(("chara", b"{}"))
    sent = FilePayload(name="card.png", mimeType="image/png", buffer=picture)
    for count, choice in enumerate(("Send as a file", "Send as a photo"), start=2):
        await page.get_by_role("button", name="Attach").click()
        async with page.expect_file_chooser() as chosen:
            await page.get_by_role("menuitem", name="From this computer…").click()
        await (await chosen.value).set_files(files=[sent])
        await page.get_by_role("menuitem", name=choice).click()
        await expect(page.locator(".message.own")).to_have_count(count)
    document, photo = simulator.messages(7)[1:]
    state = simulator.server.state
    assert contents(state, document["document"]["file_id"]) == picture
    again = contents(state, photo["photo"][0]["file_id"])
    assert again
    assert again.startswith(b"\xff\xd8\xff")
    assert b"chara" not in again


async def test_a_dropped_file_is_sent_and_can_be_fetched_again(simulator: Simulator, page: Page) -> None:
    simulator.user(7).send_text("/start")
    await enter(page, "user=7")
    await page.evaluate("""() => {
      const dropped = new DataTransfer();
      dropped.items.add(new File(['{"name": "Vera"}'], "vera.json"));
      document.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, bubbles: true, cancelable: true }));
    }""")
    link = page.locator("a.document")
    await expect(link).to_contain_text("vera.json")
    async with page.expect_download() as download:
        await link.click()
    assert (await download.value).suggested_filename == "vera.json"


async def test_each_kind_of_attachment_is_sent_from_the_attach_menu(simulator: Simulator, page: Page) -> None:
    simulator.user(7).send_text("/start")
    await enter(page, "user=7")
    kinds = ("Sticker", "Voice message", "Photo", "File", "Live location", "Album")
    for count, kind in zip((2, 3, 4, 5, 6, 8), kinds, strict=True):
        await page.get_by_role("button", name="Attach").click()
        await page.get_by_role("menuitem", name=kind).click()
        await expect(page.locator(".message.own")).to_have_count(count)
    messages = simulator.messages(7)
    assert [kind for message in messages[:5] for kind in SAMPLES if kind in message] == list(SAMPLES)
    assert messages[6]["media_group_id"] == messages[7]["media_group_id"]


async def test_a_growing_draft_is_stopped_by_its_button(simulator: Simulator, page: Page) -> None:
    simulator.user(7)
    await enter(page, "user=7")
    await simulator.call("sendMessageDraft", chat_id=7, draft_id=5, text="Once", can_stop=True, keep_on_stop=True)
    await page.get_by_role("button", name="Stop", exact=True).click()
    await expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
    await expect(page.locator(".draft .text")).to_have_text("Once")
    assert "stopped_message_generation" in simulator.server.state.pending[-1].update


async def test_a_live_location_is_moved_and_a_message_is_forwarded_from_their_menus(
    simulator: Simulator, page: Page
) -> None:
    user = simulator.user(7)
    user.share_live_location(48.0, 2.0)
    await simulator.call("sendMessage", chat_id=7, text="Hello")
    await enter(page, "user=7")
    await page.locator(".message.own .bubble").click(button="right")
    await page.get_by_role("menuitem", name="Move location").click()
    await expect(page.locator(".message.own .bubble")).to_contain_text("48.0010, 2.0010")
    await page.get_by_text("Hello").click(button="right")
    await page.get_by_role("menuitem", name="Forward").click()
    await expect(page.locator(".forwarded")).to_have_text("Forwarded from Troupe")
    assert simulator.messages(7)[-1]["forward_origin"]["sender_user"]["is_bot"]


async def test_a_reply_quotes_the_selected_words(simulator: Simulator, page: Page) -> None:
    simulator.user(7)
    await simulator.call("sendMessage", chat_id=7, text="Cats are liquid")
    await enter(page, "user=7")
    await page.locator(".message .text").evaluate(
        "(text) => getSelection().setBaseAndExtent(text.firstChild, 0, text.firstChild, 4)"
    )
    await page.locator(".message .bubble").evaluate(
        "(bubble) => bubble.dispatchEvent(new MouseEvent('contextmenu', { clientX: 100, clientY: 100 }))"
    )
    await page.get_by_role("menuitem", name="Reply with quote").click()
    await page.locator("#composer-text").fill("And dogs?")
    await page.keyboard.press("Enter")
    await expect(page.locator(".reply-quote span")).to_have_text("Cats")
    assert simulator.messages(7)[-1]["quote"]["text"] == "Cats"


async def test_an_external_reply_shows_where_it_comes_from(simulator: Simulator, page: Page) -> None:
    simulator.user(7).reply_across_chats("And you?", from_hidden_user("Mia"), quote="Cats are liquid")
    await enter(page, "user=7")
    await expect(page.locator(".reply-quote")).to_have_text("MiaCats are liquid")


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


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_the_page_has_no_accessibility_violations(simulator: Simulator, page: Page, theme: str) -> None:
    user = simulator.user(7)
    user.send_text("Hello https://a.b")
    user.send_voice()
    markup = {"inline_keyboard": [[{"text": "Retry", "callback_data": "r"}]]}
    entities = [entity("bold", 0, 4), entity("code", 5, 1), entity("blockquote", 7, 1)]
    await simulator.call("sendMessage", chat_id=7, text="Yes? c q", entities=entities, reply_markup=markup)
    await simulator.call("setMyCommands", commands=[{"command": "menu", "description": "Choose"}])
    await enter(page, f"user=7&theme={theme}")
    await page.locator("#composer-text").press_sequentially("/")
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


async def test_it_fits_a_phone_and_shows_events_where_there_is_room(simulator: Simulator, page: Page) -> None:
    simulator.user(7).send_text("w" * 300)
    await enter(page, "user=7")
    await expect(page.locator("#product-events li strong")).to_have_text("registered")
    await page.set_viewport_size({"width": 360, "height": 640})
    await expect(page.locator("#product-events")).to_be_hidden()
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    assert await page.evaluate("document.querySelector('#scroller').scrollWidth") <= 360


async def test_the_empty_field_of_a_newcomer_shows_its_placeholder_whole(simulator: Simulator, page: Page) -> None:
    await page.set_viewport_size({"width": 360, "height": 640})
    await enter(page, "user=7&name=Иван&lang=ru")
    await page.get_by_role("button", name="Начать").click()
    await simulator.wait_for(lambda: simulator.messages(7))
    await expect(page.locator("#composer-text")).to_be_visible()
    height = await page.locator("#composer-text").evaluate("(field) => field.clientHeight")
    assert height == 40


async def test_three_buttons_fit_their_texts_on_a_phone(simulator: Simulator, page: Page) -> None:
    simulator.user(7, language_code="ru")
    texts = ("Ещё вариант", "Дальше", "Отменить")
    markup = {"inline_keyboard": [[{"text": text, "callback_data": text} for text in texts]]}
    await simulator.call("sendMessage", chat_id=7, text="Привет, друг! Рад тебя видеть.", reply_markup=markup)
    await page.set_viewport_size({"width": 360, "height": 640})
    await enter(page, "user=7")
    for button in await page.locator(".inline-button").all():
        margins = await button.evaluate("""(button) => {
            const [outside, inside] = [button, button.firstElementChild].map((each) => each.getBoundingClientRect());
            return [inside.left - outside.left, outside.right - inside.right];
        }""")
        assert min(margins) >= 8
    lines = await page.locator(".inline-button span").evaluate_all(
        "(all) => all.map((each) => each.getClientRects().length)"
    )
    assert lines == [2, 1, 1]


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
