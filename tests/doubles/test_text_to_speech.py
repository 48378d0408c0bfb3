"""Words become voice messages at both kinds of server."""

import io
import wave
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from openai import AsyncOpenAI

from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.text_to_speech import speaker as speaking
from functions.llm_reply.text_to_speech.libsndfile import OpusFile, UnreadableSoundError
from functions.llm_reply.text_to_speech.port import Manner
from functions.llm_reply.text_to_speech.prices import price
from functions.llm_reply.text_to_speech.realtime import Realtime
from functions.llm_reply.text_to_speech.speaker import Speaker
from functions.llm_reply.text_to_speech.speech_endpoint import SpeechEndpoint
from functions.llm_reply.text_to_speech.voice_note import voice_note
from local.llm import OfflineModel
from local.simulator.ogg import is_opus, silent_note

WORDS = "Good evening. Have you wound the clock?"
MANNER = Manner("coral", "The voice is that of Grete. Dry.")


async def test_a_server_with_the_speech_endpoint_sends_opus(model: OfflineModel, openai: AsyncOpenAI) -> None:
    note = await SpeechEndpoint(openai).say(WORDS, "gpt-4o-mini-tts", MANNER)
    assert is_opus(note.data)
    assert 1 < note.seconds < 10
    asked = model.calls[-1].body
    assert (asked["voice"], asked["response_format"], asked["instructions"]) == ("coral", "opus", MANNER.how)


async def test_a_model_that_does_not_act_gets_no_instructions(model: OfflineModel, openai: AsyncOpenAI) -> None:
    await SpeechEndpoint(openai).say(WORDS, "tts-1", MANNER)
    assert "instructions" not in model.calls[-1].body


async def test_a_realtime_model_sends_pcm_and_a_voice_message_is_made_of_it(
    model: OfflineModel, openai: AsyncOpenAI
) -> None:
    by_endpoint = await SpeechEndpoint(openai).say(WORDS, "gpt-4o-mini-tts", MANNER)
    note = await Realtime(openai).say(WORDS, "gpt-realtime-2.1-mini", MANNER)
    assert is_opus(note.data)
    assert note.seconds == pytest.approx(voice_note(note.data).seconds, abs=0.05)
    assert note.seconds == pytest.approx(by_endpoint.seconds, abs=0.05)
    session = model.calls[-1].body
    assert (session["audio"]["output"]["voice"], session["reasoning"]) == ("coral", {"effort": "minimal"})


async def test_a_realtime_model_that_answers_instead_of_reading_is_not_heard(
    model: OfflineModel, openai: AsyncOpenAI
) -> None:
    model.script(text="No, I have not wound anything, thank you for asking!", endpoint="realtime")
    with pytest.raises(ModelError) as error:
        await Realtime(openai).say(WORDS, "gpt-realtime-2.1-mini", MANNER)
    assert error.value.failure.name == "speech_strayed"


@pytest.mark.parametrize(
    ("broken", "name"),
    [
        ({"status": 429}, "model_rate_limit"),
        ({"code": "insufficient_quota"}, "model_quota"),
        ({"fault": "failed", "code": "rate_limit_exceeded"}, "model_rate_limit"),
        ({"fault": "cut"}, "model_connection"),
        ({"finish": "content_filter"}, "model_refused"),
        ({"finish": "max_output_tokens"}, "speech_cut"),
    ],
)
async def test_a_realtime_answer_that_fails_is_a_failure_of_the_policy(
    model: OfflineModel, openai: AsyncOpenAI, broken: dict[str, object], name: str
) -> None:
    model.script(endpoint="realtime", **broken)
    with pytest.raises(ModelError) as error:
        await Realtime(openai).say(WORDS, "gpt-realtime-2.1-mini", MANNER)
    assert error.value.failure.name == name


async def test_a_voice_that_the_server_does_not_have_is_refused(openai: AsyncOpenAI) -> None:
    for adapter, model in ((SpeechEndpoint(openai), "tts-1"), (Realtime(openai), "gpt-realtime-2.1-mini")):
        with pytest.raises(ModelError):
            await adapter.say(WORDS, model, Manner("af_heart", ""))


@pytest.mark.parametrize(("channels", "rate"), [(2, 16_000), (1, 22_050), (1, 44_100)])
async def test_a_server_that_sends_wav_is_understood(
    model: OfflineModel, openai: AsyncOpenAI, channels: int, rate: int
) -> None:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(2 * channels * rate))
    model.script(raw=made.getvalue(), raw_type="audio/wav", endpoint="speech")
    note = await SpeechEndpoint(openai).say(WORDS, "tts-1", MANNER)
    assert is_opus(note.data)
    assert note.seconds == pytest.approx(1, abs=0.001)


async def test_a_server_that_sends_something_else_is_not(model: OfflineModel, openai: AsyncOpenAI) -> None:
    model.script(raw=b"<html>", raw_type="text/html", endpoint="speech")
    with pytest.raises(ModelError):
        await SpeechEndpoint(openai).say(WORDS, "tts-1", MANNER)


def test_a_file_that_is_closed_takes_no_more_sound() -> None:
    made = OpusFile(24_000)
    made.add(bytes(48_000))
    whole = made.close()
    made.add(bytes(48_000))
    assert made.close() == whole
    assert whole[1] == 1


@pytest.mark.parametrize("sound", [b"", b"OggS", b"RIFF\0\0\0\0WAVE", b"OggS" + b"OpusHead" * 4])
def test_a_file_without_sound_is_an_error(sound: bytes) -> None:
    with pytest.raises(UnreadableSoundError):
        voice_note(sound)


def test_the_length_of_a_voice_message_is_that_of_its_last_page() -> None:
    assert voice_note(silent_note(3)).seconds == 3


@pytest.mark.parametrize(("day", "name"), [(5, "gpt-4o-mini-tts"), (6, "gpt-realtime-2.1-mini")])
def test_the_automatic_model_changes_on_the_day_on_which_the_first_one_ends(
    monkeypatch: pytest.MonkeyPatch, openai: AsyncOpenAI, day: int, name: str
) -> None:
    now = round(datetime(2027, 1, day, 12, tzinfo=UTC).timestamp() * 1000)
    monkeypatch.setattr(speaking, "now_ms", lambda: now)
    assert Speaker(openai, "auto", "https://api.openai.com/v1", "").model == name


def test_speech_is_priced_by_its_seconds_or_by_its_characters() -> None:
    assert price("gpt-4o-mini-tts-2025-12-15", WORDS, 60) == pytest.approx(0.015)
    assert price("gpt-realtime-2.1-mini", WORDS, 30) == pytest.approx(0.0125)
    assert price("tts-1-hd", "x" * 1000, 60) == pytest.approx(0.03)
    assert price("kokoro", WORDS, 60) == 0
    assert price("gpt-4o-mini-tts", "x" * 600) >= 0.01


async def test_the_double_refuses_what_openai_refuses(server: TestServer) -> None:
    url = server.make_url("/openai/v1")
    body = {"model": "gpt-4o-mini-tts", "input": "Hi", "voice": "coral", "response_format": "opus"}
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer x"}) as session:
        for change, status in (
            ({}, 200), ({"model": "gpt-6-luna"}, 404), ({"voice": "mario"}, 400), ({"input": ""}, 400),
            ({"input": "x" * 4097}, 400), ({"pitch": 2}, 400), ({"response_format": "midi"}, 400),
        ):  # fmt: skip
            async with session.post(f"{url}/audio/speech", json=body | change) as response:
                assert response.status == status, change
        async with session.ws_connect(f"{url}/realtime?model=gpt-realtime-2.1-mini") as socket:
            assert (await socket.receive_json())["type"] == "session.created"
            for event in ({"type": "no.such"}, {"type": "session.update", "session": {"type": "realtime", "tone": 1}}):
                await socket.send_json(event)
                assert (await socket.receive_json())["type"] == "error"
