"""The whole story as a person lives it: `make run`, one page, and from /start to the second character and back."""

import pytest
from playwright.sync_api import Browser, expect

from publishing.bot_profile import MENU_BUTTON
from tests.story.running import ENGLISH, PATIENCE_MS, RUSSIAN, Run, open_chat


def test_a_person_starts_picks_is_greeted_talks_picks_another_and_comes_back(browser: Browser, run: Run) -> None:
    chat = open_chat(browser, run.url, "user=2001&lang=en&name=Anna", ENGLISH)

    chat.start()
    chat.hears("Hi, Anna!")

    chat.pick("Mario")
    chat.hears("Hello! It's-a me, Mario! Are you-a ready for an adventure?")

    chat.write("My name is Anna and I love cheese.")
    answer = chat.hears_something_after(3)
    assert "Anna" in answer

    chat.write("/menu")
    chat.hears("Who would you like to talk to?")
    chat.pick("Captain Nemo")
    chat.hears_something_after(5)
    chat.write("Where are we, captain?")
    chat.hears_something_after(6)

    chat.write("/menu")
    chat.hears_something_after(7)
    chat.pick("Mario")
    back = chat.hears_something_after(8)
    assert "Are you-a ready" not in back
    chat.write("What is my name?")
    chat.hears("Anna")


def test_in_russian_on_a_phone_everything_is_in_russian(browser: Browser, run: Run) -> None:
    chat = open_chat(browser, run.url, "user=2002&lang=ru&name=Иван&theme=dark", RUSSIAN, width=360, height=740)

    chat.start()
    chat.hears("Привет, Иван!")
    chat.pick("Альберт Эйнштейн")
    chat.hears("Эйнштейн")
    chat.write("Здравствуйте, профессор! Я люблю скрипку.")
    answer = chat.hears_something_after(3)

    letters = [letter for letter in answer if letter.isalpha()]
    assert sum("а" <= letter.lower() <= "я" for letter in letters) > len(letters) / 2
    assert chat.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_picker_marks_the_chosen_character(browser: Browser, run: Run) -> None:
    chat = open_chat(browser, run.url, "user=2003&lang=en&name=Eve", ENGLISH)
    chat.start()
    chat.pick("Sherlock Holmes")
    chat.hears_something_after(2)
    chat.page.get_by_role("button", name="Choose a character").last.click()

    current = chat.page.frame_locator("iframe").locator(".row[aria-current=true]")

    expect(current).to_contain_text("Sherlock Holmes", timeout=PATIENCE_MS)


@pytest.mark.parametrize("kind", ["start", "menu"])
def test_the_deep_link_and_the_menu_button_lead_to_a_character(browser: Browser, run: Run, kind: str) -> None:
    if kind == "start":
        chat = open_chat(browser, run.url, "user=2004&lang=en&name=Lena&start=cheshire", ENGLISH)
        chat.start()
        chat.hears("whiskers")
        return
    chat = open_chat(browser, run.url, "user=2005&lang=en&name=Lena", ENGLISH)
    chat.start()
    chat.hears("Hi, Lena!")
    chat.page.get_by_role("button", name=MENU_BUTTON).click()
    chat.page.frame_locator("iframe").locator(".row", has_text="Ada Lovelace").click(timeout=PATIENCE_MS)
    chat.start_chatting()
    chat.hears("Ada")
