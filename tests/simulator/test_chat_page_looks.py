"""The looks of the chat page: entities, themes, small screens."""

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped] # ships no types
from playwright.async_api import Page, expect

from local.simulator import Simulator
from local.simulator.refusal import Json
from tests.simulator.chat_page import enter

pytestmark = pytest.mark.asyncio(loop_scope="module")


def entity(kind: str, offset: int, length: int, **extra: str) -> Json:
    return {"type": kind, "offset": offset, "length": length} | extra


async def test_a_persons_text_never_becomes_markup(simulator: Simulator, page: Page) -> None:
    hostile = '<img src=x onerror="document.title=1"> & <b>no</b>'
    simulator.user(7, "<i>Anna</i>").send_text(hostile)
    await simulator.call("sendMessage", chat_id=7, text=hostile)
    await enter(page, "user=7")
    await expect(page.locator(".message .text")).to_have_text([hostile, hostile])
    await expect(page.locator("#person-name")).to_have_text("<i>Anna</i>")
    assert await page.locator(".message b, .message img").count() == 0


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
