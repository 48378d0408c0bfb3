"""The API of the Mini App's memory page: a person sees their own memories only."""

import json
from typing import Any

import pytest

from tests.integration.guest import PATIENCE_S, Guest
from tests.integration.test_facts import CANARY, rows_with_canary, told, with_canary
from troupe.conversations.conversation import Conversation
from troupe.memories.facts import Learned
from troupe.memories.mending import digest

pytestmark = pytest.mark.asyncio(loop_scope="session")

FOUND = f"Anna's secret hobby is {CANARY}."


async def ask(guest: Guest, path: str = "/show", **body: Any) -> tuple[int, dict[str, Any]]:
    about = {"init_data": guest.user.init_data(), "character_id": "albert"}
    return await guest.api(f"memory{path}", **about | body)


async def test_the_page_shows_facts_with_date_and_source_words_and_why_an_answer_was_given(guest: Guest) -> None:
    conversation = await with_canary(guest)

    status, shown = await ask(guest)
    _, why = await ask(guest, "/why")
    _, earlier = await ask(guest, "/why", before=why["turn"])

    (fact,) = shown["facts"]
    assert (status, shown["name"], shown["pinned"]) == (200, "Albert Einstein", [])
    assert (fact["kind"], fact["text"]) == ("preference", FOUND)
    assert fact["source"] == {"by": "person", "text": f"My secret hobby is {CANARY}."}
    assert fact["said_at"] == Learned.read(conversation.conversation_id).facts[0].said_at
    assert CANARY in shown["summary"]
    assert (why["asked"], why["answer"]) == ("Do you know my secret hobby?", "You never told me.")
    assert [line["text"] for line in why["lines"] if CANARY in line["text"]] == [f"My secret hobby is {CANARY}."]
    assert [each["text"] for each in why["facts"]] == [FOUND]
    assert earlier["turn"] < why["turn"]


async def test_all_that_was_said_can_be_searched_indexed_or_not_and_an_exchange_forgotten(guest: Guest) -> None:
    await with_canary(guest)
    guest.stack.model.script(text="Indeed we did.", matching="spoke about")
    await told(guest, "We also spoke about xylographs today.")

    _, found = await ask(guest, "/search", words=f"hobby {CANARY}")
    _, newest = await ask(guest, "/search", words="today")
    _, common = await ask(guest, "/search", words="tick tock la")
    _, rest = await ask(guest, "/search", words="tick tock la", skip=1)
    _, nothing = await ask(guest, "/search", words="the zebra's")

    assert [(line["by"], line["text"]) for line in found["lines"]] == [("person", f"My secret hobby is {CANARY}.")]
    assert [line["text"] for line in newest["lines"]] == ["We also spoke about xylographs today."]
    assert common["lines"][1:] == rest["lines"]
    assert nothing == {"lines": [], "next": 0, "is_whole": True}
    for line in (*found["lines"], *newest["lines"]):
        assert (await ask(guest, "/forget", turn=line["turn"]))[0] == 200
    assert list(rows_with_canary(guest)) == []
    assert (await ask(guest, "/search", words=CANARY))[1]["lines"] == []


async def test_a_fact_that_is_corrected_and_then_forgotten_leaves_nothing_of_either(guest: Guest) -> None:
    conversation = await with_canary(guest)

    assert (await ask(guest, "/pin", fact=digest(FOUND), words=FOUND))[0] == 200
    assert (await ask(guest, "/pin", fact=digest(FOUND), words=" My hobby\nis chess. "))[0] == 200
    _, shown = await ask(guest)
    assert shown["pinned"] == [{"id": digest("My hobby is chess."), "text": "My hobby is chess."}]
    assert shown["facts"] == []
    assert (await ask(guest, "/pin", fact=digest(FOUND), words="Once more"))[0] == 404

    assert (await ask(guest, "/forget", fact=digest("My hobby is chess.")))[0] == 200
    assert list(rows_with_canary(guest)) == []
    assert Conversation.of(guest.id, conversation.conversation_id).facts == []


async def test_all_is_forgotten_and_the_chat_says_so(guest: Guest) -> None:
    await with_canary(guest)
    assert (await ask(guest, "/pin", words=f"I am a {CANARY}er."))[0] == 200

    assert (await ask(guest, "/forget_all"))[0] == 200
    await guest.stack.simulator.wait_for(lambda: "is forgotten" in guest.texts()[-1], timeout=PATIENCE_S)

    assert list(rows_with_canary(guest)) == []
    assert (await ask(guest))[1] == {"name": "Albert Einstein", "pinned": [], "facts": [], "summary": ""}


async def test_nobody_reaches_another_persons_conversation(guest: Guest, visitor: Guest) -> None:
    await guest.chooses("albert")
    source = await told(guest, f"My secret hobby is {CANARY}.")
    await ask(guest, "/pin", words="I keep bees")
    before = json.dumps(sorted(rows_with_canary(guest)))

    tried = {"person_id": guest.id, "chat_id": guest.id, "conversation_id": f"{guest.id}:0:albert:0"}
    for path, more in (
        ("/show", {}), ("/search", {"words": CANARY}), ("/forget", {"fact": digest("I keep bees")}),
        ("/search", {"words": CANARY, "character_id": f"albert:0:{guest.id}"}),
    ):  # fmt: skip
        _, answer = await ask(visitor, path, **tried | more)
        assert CANARY not in str(answer)
        assert "bees" not in str(answer)
    assert (await ask(visitor, "/why", turn=source, **tried))[0] == 404
    assert (await ask(visitor, "/forget", turn=source, **tried))[0] == 404
    assert (await ask(guest, "/show", init_data=guest.user.init_data() + "0"))[0] == 401
    assert json.dumps(sorted(rows_with_canary(guest))) == before
    assert Conversation.of(guest.id, f"{guest.id}:0:albert:0").facts == ["I keep bees"]


@pytest.mark.parametrize(
    ("path", "body", "status", "reason"),
    [
        ("/show", {"character_id": "nobody"}, 404, "no such character"),
        ("/show", {"character_id": "a" * 5000}, 404, "no such character"),
        ("/show", {"topic": -1}, 422, "topic is not a whole number"),
        ("/search", {"words": "a" * 301}, 422, "over 300 characters"),
        ("/search", {"words": "a", "skip": 401}, 422, "skip over 400"),
        ("/search", {"words": "a", "skip": True}, 422, "skip is not a whole number"),
        ("/pin", {"words": "a" * 301}, 422, "over 300 characters"),
        ("/pin", {"words": " \n "}, 422, "blank"),
        ("/pin", {"words": "I keep bees", "fact": 7}, 422, "fact is not a non-empty string"),
        ("/forget", {}, 422, "fact is not a non-empty string"),
        ("/why", {"turn": 2**60}, 422, "turn is not a whole number"),
        ("/why", {"turn": 3}, 404, "never said in this conversation"),
        ("/dream", {}, 404, "nothing at this address"),
    ],
)
async def test_what_cannot_be_done_is_refused_with_its_reason(
    guest: Guest, path: str, body: dict[str, Any], status: int, reason: str
) -> None:
    refused, answer = await ask(guest, path, **body)
    assert refused == status
    assert reason in answer["message"]


async def test_the_turns_with_one_character_are_not_reached_through_another(guest: Guest) -> None:
    await guest.chooses("mario")
    source = await told(guest, f"My secret hobby is {CANARY}.")
    await guest.chooses("albert")

    assert (await ask(guest, "/search", words=CANARY))[1]["lines"] == []
    assert (await ask(guest, "/why", turn=source))[0] == 404
    assert (await ask(guest, "/forget", turn=source))[0] == 404
    assert (await ask(guest, "/forget", turn=source, character_id="mario"))[0] == 200
    assert list(rows_with_canary(guest)) == []


async def test_the_summary_alone_is_forgotten(guest: Guest) -> None:
    name = f"{guest.id}:0:albert:0"
    Conversation(guest.id, name).save_summary("Anna told Albert of bees.", 7)
    assert (await ask(guest))[1]["summary"] == "Anna told Albert of bees."

    assert (await ask(guest, "/forget", fact="summary"))[0] == 200

    assert (await ask(guest))[1]["summary"] == ""
    assert Conversation.of(guest.id, name).summarised_through == 7


async def test_no_more_than_twenty_facts_are_pinned(guest: Guest) -> None:
    for number in range(20):
        await ask(guest, "/pin", words=f"Fact {number}")
    refused, answer = await ask(guest, "/pin", words="One more")
    assert (refused, answer["error"]) == (409, "too_many_facts")


async def test_commands_and_answers_carry_buttons_that_open_the_pages(guest: Guest) -> None:
    await guest.chooses("albert")
    message = guest.write("Hello!")
    await guest.hears(2)
    (answered,) = [
        button
        for row in guest.received()[-1]["reply_markup"]["inline_keyboard"]
        for button in row
        if "web_app" in button
    ]
    await guest.says("/memory")
    (memory,) = guest.received()[-1]["reply_markup"]["inline_keyboard"][0]
    await guest.says("/why")
    (why,) = guest.received()[-1]["reply_markup"]["inline_keyboard"][0]
    assert memory["web_app"]["url"].endswith("/?screen=memory&id=albert")
    assert why["web_app"]["url"].endswith("/?screen=why&id=albert")
    assert answered["web_app"]["url"].endswith(f"/?screen=why&id=albert&turn={message['message_id']}")
