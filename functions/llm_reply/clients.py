"""The clients of the models' servers, and the models and checks that use them: made once for each environment."""

import asyncio

from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from functions.llm_reply import settings
from functions.llm_reply.jobs.answering.answer import Servers
from functions.llm_reply.llm.booked_model import BookedModel
from functions.llm_reply.llm.client import Model
from functions.llm_reply.llm.embeddings import Embeddings
from functions.llm_reply.llm.fallback import ModelWithFallback
from functions.llm_reply.llm.image_generation import ImageGeneration
from functions.llm_reply.llm.transcription import Transcription
from functions.llm_reply.messaging.owner_notice import tell_owners
from functions.llm_reply.safety.moderation import Moderation
from functions.llm_reply.text_to_speech.speaker import Speaker
from functions.llm_reply.trust import tls


async def _openai_key() -> str:
    return await asyncio.to_thread(settings.openai_api_key)


async def _fallback_key() -> str:
    return await asyncio.to_thread(settings.fallback_api_key)


http = DefaultAsyncHttpxClient(verify=tls)
client = AsyncOpenAI(api_key=_openai_key, base_url=settings.openai_base_url, max_retries=0, http_client=http)
# The client loads half of its modules at its first use: load them at the start, not while the first person waits.
_ = client.responses


def _fallback_client() -> AsyncOpenAI:
    if not settings.fallback_base_url:
        return client
    return AsyncOpenAI(api_key=_fallback_key, base_url=settings.fallback_base_url, max_retries=0, http_client=http)


def _embeddings() -> Embeddings | None:
    if not settings.embeddings_model:
        return None
    server = client.with_options(base_url=settings.embeddings_base_url)
    return Embeddings(server, settings.embeddings_model, settings.embeddings_price)


# The names of the models that answer, each with its client: the chosen one, and the fallback if there is one.
models = [(client, settings.openai_model)]
if settings.fallback_model:
    models.append((_fallback_client(), settings.fallback_model))
chosen = Model(*models[0])
fallback = Model(*models[1]) if settings.fallback_model else None
model = BookedModel(ModelWithFallback(chosen, fallback, tell_owners), _embeddings())
moderation = Moderation(client, settings.moderation, settings.openai_base_url)
transcription = Transcription(
    client.with_options(base_url=settings.transcription_base_url),
    settings.transcription_model,
    settings.transcription_base_url,
)
image_client = client.with_options(base_url=settings.image_base_url)
images = ImageGeneration(image_client, settings.image_model, settings.image_quality, settings.image_price)
speech_client = client.with_options(base_url=settings.speech_base_url)
speaker = Speaker(speech_client, settings.speech_model, settings.speech_base_url, settings.speech_voices)
servers = Servers(model, moderation, transcription, images, speaker)
