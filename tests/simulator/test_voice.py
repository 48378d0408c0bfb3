"""The simulator takes and refuses voice messages as Telegram does."""

import pytest
import telegram
from telegram.error import BadRequest

from local.simulator import Simulator
from local.simulator.ogg import silent_note


async def test_a_voice_message_is_kept_and_can_be_sent_again_by_its_id(simulator: Simulator, bot: telegram.Bot) -> None:
    simulator.user(7)
    sound = silent_note(3)
    voice = (await bot.send_voice(7, sound, duration=3)).voice
    assert voice
    assert (voice.mime_type, voice.file_size) == ("audio/ogg", len(sound))
    assert simulator.messages(7)[0]["voice"]["duration"] == 3
    assert bytes(await (await bot.get_file(voice.file_id)).download_as_bytearray()) == sound
    again = (await bot.send_voice(7, voice.file_id, duration=3)).voice
    assert again
    assert again.file_unique_id == voice.file_unique_id


async def test_a_sound_that_is_no_opus_mp3_or_m4a_becomes_a_document(simulator: Simulator, bot: telegram.Bot) -> None:
    simulator.user(7)
    sent = await bot.send_voice(7, b"RIFF\0\0\0\0WAVE")
    assert sent.voice is None
    assert sent.document


@pytest.mark.parametrize(("sound", "reason"), [(b"", "file must be non-empty"), ("unknown", "wrong file identifier")])
async def test_no_file_is_no_voice_message(
    simulator: Simulator, bot: telegram.Bot, sound: bytes | str, reason: str
) -> None:
    simulator.user(7)
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.send_voice(7, sound)


async def test_a_person_may_forbid_voice_messages(simulator: Simulator, bot: telegram.Bot) -> None:
    user = simulator.user(7)
    user.forbid_voice()
    with pytest.raises(BadRequest, match=r"(?i)voice_messages_forbidden"):
        await bot.send_voice(7, silent_note(1))
    user.forbid_voice(forbidden=False)
    assert (await bot.send_voice(7, silent_note(1))).voice
