"""A first answer that nobody sees, out of a made-up stream, while the function starts.

OpenAI's client builds its notion of a stream's events when it first reads one. Lambda gives a function that starts the
processor of a large one; later it has a seventh of one, and that would be seconds of the first person's time.
"""

import httpx2
from openai import AsyncOpenAI

from functions.llm_reply.model import Model
from functions.llm_reply.prompt import Prompt

STREAM = b"""\
event: response.output_text.delta
data: {"type":"response.output_text.delta","sequence_number":1,"item_id":"1","output_index":0,"content_index":0,\
"delta":"Hello","logprobs":[]}

event: response.completed
data: {"type":"response.completed","sequence_number":2,"response":{"id":"1","object":"response","created_at":1,\
"model":"none","output":[],"parallel_tool_calls":false,"tool_choice":"auto","tools":[],\
"usage":{"input_tokens":1,"input_tokens_details":{"cached_tokens":0},"output_tokens":1,\
"output_tokens_details":{"reasoning_tokens":0},"total_tokens":2}}}

"""


async def rehearse() -> None:
    """Touches no network."""
    streaming = httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=STREAM)
    http_client = httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: streaming))
    async with AsyncOpenAI(api_key="none", base_url="http://none", http_client=http_client) as client:
        await Model(client, "none").generate(Prompt("", (), "", ""), lambda _: None, timeout_s=1)
