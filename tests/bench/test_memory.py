"""Characters' memory reaches its goals on conversations of our own, in both languages, and on LoCoMo's shape."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench.recall import locomo, own_set
from bench.recall.dialogue import Dialogue, Question
from bench.recall.measure import Score, Subject, lexical, mean, scores, window
from bench.recall.vectors import Server, vectors

QUICK = (300, 1000)
RECALL, WINDOW = lexical(1500, 1500), window(3000)


@pytest.fixture(scope="module", params=own_set.LANGUAGES)
def own(request: pytest.FixtureRequest) -> dict[str, Score]:
    subjects = [Subject(own_set.conversation(request.param, turns)) for turns in QUICK]
    return scores(subjects, {"recall": RECALL, "window": WINDOW})


def test_nine_tenths_of_the_facts_come_back_and_a_window_alone_holds_a_fourth(own: dict[str, Score]) -> None:
    found = own["recall"].found
    with_idioms = [share for kind in found for share in found[kind] if kind != "blind"]
    assert mean(with_idioms) >= 0.95
    assert own["recall"].all >= 0.88
    assert own["window"].all < 0.5


def test_the_newer_of_two_facts_is_preferred(own: dict[str, Score]) -> None:
    assert mean(own["recall"].preferred) >= 0.95


def test_nothing_is_claimed_as_remembered_that_was_never_said(own: dict[str, Score]) -> None:
    assert mean(own["recall"].unclaimed) == 1


def test_the_same_conversation_comes_out_each_time() -> None:
    assert own_set.conversation("en", 300) == own_set.conversation("en", 300)
    assert len(own_set.LENGTHS) * len(own_set.LANGUAGES) >= 12


def session(lines: list[tuple[str, str]], number: int) -> list[dict[str, str]]:
    return [{"speaker": who, "dia_id": f"D{number}:{line}", "text": text} for line, (who, text) in enumerate(lines, 1)]


def test_files_in_locomos_shape_are_measured_by_category(tmp_path: Path) -> None:
    small_talk = [("Ilse", "The sea was rough this week."), ("Tom", "So was the pub, I hear.")] * 60
    stored = {
        "speaker_a": "Ilse", "speaker_b": "Tom",
        "session_1_date_time": "1:56 pm on 8 May, 2023",
        "session_1": session([("Ilse", "I bought a trawler."), ("Tom", "What colour?"), ("Ilse", "Blue.")], 1),
        "session_2_date_time": "9:10 am on 2 June, 2023",
        "session_2": session(small_talk, 2),
        "qa": [
            {"question": "What did Ilse buy?", "answer": "a trawler", "evidence": ["D1:1"], "category": 4},
            {"question": "Which colour has Ilse's trawler?", "evidence": ["D1:1", "D1:3"], "category": 1},
            {"question": "What did Tom buy?", "evidence": ["D1:1"], "category": 5},
        ],
    }  # fmt: skip
    (tmp_path / "1.json").write_text(json.dumps(stored), encoding="utf-8")

    score = scores(map(Subject, locomo.read(tmp_path)), {"recall": lexical(200, 100)})["recall"]

    assert dict(score.found) == {"single-hop": [1], "multi-hop": [1]}


def test_a_folder_without_such_files_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(locomo.DataError, match="has no"):
        locomo.read(tmp_path)
    (tmp_path / "1.json").write_text("{}", encoding="utf-8")
    with pytest.raises(locomo.DataError, match="not in LoCoMo's shape"):
        locomo.read(tmp_path)


class Toy(BaseHTTPRequestHandler):
    """Takes "ticker" and "heart" for the same thing, and everything else for another."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        vectors = [[1.0, 0.0] if {"ticker", "heart"} & set(text.split()) else [0.0, 1.0] for text in asked["input"]]
        data = [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(vectors)]
        answer = json.dumps({"object": "list", "model": "toy", "data": data, "usage": {}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def embedding_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Toy) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("EMBEDDINGS_MODEL", "toy")
        monkeypatch.setenv("EMBEDDINGS_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
        yield
        server.shutdown()


@pytest.mark.usefixtures("embedding_server")
def test_vectors_and_their_fusion_are_measured_with_a_server() -> None:
    quiet = own_set.conversation("en", 300)
    place = next(place for place, turn in enumerate(quiet.turns) if "ticker" not in turn.text) + 1
    said = replace(quiet.turns[place], text="Then my ticker stopped for a moment.")
    question = Question("How is my heart ?", "blind", frozenset({2 * place}))
    dialogue = Dialogue("toy", "Anna", "Sherlock", [*quiet.turns[:place], said, *quiet.turns[place + 1 :]], [question])
    server = Server.configured()
    assert server
    methods = {name: vectors(server, 1000, 0, fuse=name == "fused") for name in ("vectors", "fused")}

    found = scores([Subject(dialogue)], methods | {"lexical": lexical(1000, 0)})
    assert {name: score.all for name, score in found.items()} == {"vectors": 1, "fused": 1, "lexical": 0}
