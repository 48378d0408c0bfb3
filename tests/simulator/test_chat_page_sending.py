"""What a person sends from the chat page: texts, edits, replies, files."""

import re

import pytest
from playwright.async_api import FilePayload, Page, expect

from local.simulator import Simulator
from local.simulator.files import contents
from local.simulator.ogg import is_opus, silent_note
from local.simulator.references import from_hidden_user
from local.simulator.samples import SAMPLES
from tests.simulator.chat_page import enter
from tests.unit.card_files import png

pytestmark = pytest.mark.asyncio(loop_scope="module")


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


async def test_a_voice_message_is_recorded_from_the_microphone_or_dropped(simulator: Simulator, page: Page) -> None:
    """Chromium's own test device beeps once a second."""
    simulator.user(7).send_text("/start")
    await enter(page, "user=7")
    await page.get_by_role("button", name="Record a voice message").click()
    await expect(page.get_by_role("timer")).to_be_visible()
    await page.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("timer")).to_be_hidden()

    await page.get_by_role("button", name="Record a voice message").click()
    await expect(page.get_by_role("timer")).not_to_have_text("0:00")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator(".message.own .voice small")).to_have_text(re.compile("0:0[1-9]"))
    (voice,) = [message["voice"] for message in simulator.messages(7)[1:]]
    recorded = contents(simulator.server.state, voice["file_id"])
    assert recorded
    assert is_opus(recorded)
    assert voice["mime_type"] == "audio/ogg"
    assert len(recorded) > 2 * len(silent_note(1)), "it is not silent"


async def test_without_a_microphone_the_page_says_so(simulator: Simulator, page: Page) -> None:
    simulator.user(7).send_text("/start")
    await enter(page, "user=7")
    await page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error()); }")
    await page.get_by_role("button", name="Record a voice message").click()
    await expect(page.locator("#toast")).to_contain_text("There is no microphone")
