"""Takes the README's pictures from a running product: `make screenshots`."""

import sys
from dataclasses import dataclass

from playwright.sync_api import Browser, expect

from tests.story.running import ENGLISH, PATIENCE_MS, RUSSIAN, Run, chromium, image, open_chat, running


@dataclass(frozen=True)
class Scene:
    """`talk` has the person's messages and the model's scripted answers."""

    theme: str
    words: dict[str, str]
    query: str
    character: str
    talk: tuple[tuple[str, str], ...]


FOREST = (
    (
        "Good evening! I got lost in your forest. Is that a house on chicken legs?",
        (
            "*the hut shifts from foot to foot, offended*\n\nA house, she says. That is *the* house, girl, and she "
            "hears everything. Wipe your boots and tell me: did you come **by your own will**, or did somebody "
            "send you?"
        ),
    ),
    (
        "By my own will. I brought honey.",
        (
            "*sniffs the jar twice, then moves one cat from the warm end of the bench*\n\nHoney! The last guest "
            "brought a sword. Sit, Anna. Eat first, then lie to me."
        ),
    ),
)
BAKER_STREET = (
    (
        "Здравствуйте! Что вы можете сказать обо мне?",
        (
            "*не отрываясь от микроскопа*\n\nТолько очевидное: вы левша, недавно вернулись с моря и **третий день** "
            "откладываете одно письмо. Кому?"
        ),
    ),
    (
        "Как вы узнали про письмо?",
        (
            "*впервые поднимает глаза*\n\nЧернила на манжете свежие, а конверта нет. Начните с первой строки, "
            "остальное, уверяю вас, элементарно."
        ),
    ),
)
SCENES = (
    Scene("light", ENGLISH, "user=3001&lang=en&name=Anna&theme=light", "Baba Yaga", FOREST),
    Scene("dark", RUSSIAN, "user=3002&lang=ru&name=Иван&theme=dark", "Шерлок Холмс", BAKER_STREET),
)


def take(browser: Browser, run: Run, scene: Scene) -> None:
    chat = open_chat(browser, run.url, scene.query, scene.words, width=390, height=780)
    chat.start()
    chat.hears_something_after(1)
    chat.page.get_by_role("button", name=scene.words["choose"]).last.click()
    card = chat.page.frame_locator("iframe").locator(".row", has_text=scene.character)
    expect(card).to_be_visible(timeout=PATIENCE_MS)
    chat.page.wait_for_load_state("networkidle")
    chat.page.screenshot(path=image(f"picker-{scene.theme}"))
    card.click()
    chat.start_chatting()
    for number, (question, answer) in enumerate(scene.talk):
        chat.hears_something_after(2 + number)
        chat.page.request.post(f"{run.url}/openai/script", data={"text": answer})
        chat.write(question)
    chat.hears_something_after(2 + len(scene.talk))
    chat.page.mouse.move(0, 0)
    chat.page.evaluate("Promise.all(document.getAnimations().map((animation) => animation.finished))")
    chat.page.screenshot(path=image(f"chat-{scene.theme}"))


def main() -> int:
    with running() as run, chromium() as browser:
        for scene in SCENES:
            take(browser, run, scene)
    return 0


if __name__ == "__main__":
    sys.exit(main())
