"""Separates thoughts and special tokens of model families from the answer, while the output comes in.

Thinking models of compatible servers put their thoughts into the text, and servers with a wrong chat template leave the
template's own tokens there: DeepSeek, Qwen, Seed and MiniMax write <think>, Magistral [THINK], Kimi ◁think▷, gpt-oss
channels, Cohere <|START_THINKING|>.
"""

import re

from functions.llm_reply.llm.speech import Speech

_NAMES = "think|thinking|thought|reasoning"
TOKEN = re.compile(
    rf"(?P<open><(?i:[a-z]+:)?(?i:{_NAMES})>|\[THINK\]|◁think▷|<\|(?:begin_of_thought|START_THINKING)\|>|<\|channel>thought)"
    rf"|(?P<close></(?i:[a-z]+:)?(?i:{_NAMES})>|\[/THINK\]|◁/think▷|<\|(?:end_of_thought|END_THINKING)\|>|<channel\|>)"
    r"|(?P<channel><\|channel\|>)"
    r"|(?P<message><\|message\|>)"
    r"|(?P<turn><\|(?:start|im_start|start_header_id)\|>|<start_of_turn>)(?P<role>[a-z]*)(?:<\|end_header_id\|>)?\n*"
    r"|(?P<end><\|(?:end|im_end|eot_id|eom_id|end_of_text|endoftext|end_of_turn|return|END_OF_TURN_TOKEN)\|>"
    r"|</s>|<end_of_turn>|\[INST\]|<｜end▁of▁sentence｜>)"  # noqa: RUF001 - DeepSeek's own bars
    r"|(?P<special><[|｜][^|｜<>\n]{1,40}[|｜]>|\[/INST\])"  # noqa: RUF001 - as above
    r"|(?P<ticks>`+)"
)
# The beginning of a text that may become a token with the next piece.
UNFINISHED = re.compile(
    r"(?:<\|(?:start|im_start|start_header_id)\|>[a-z]*(?:<[|a-z_]*)?|<start_of_turn>[a-z]*|<[^<>\s]{0,40}|\[/?[A-Z]{0,5}"
    r"|◁[^▷\s]{0,8}|`+)\Z"
)
MAX_TOKEN = 64
SURROGATE = re.compile("[\ud800-\udfff]")
HIGH_SURROGATE = re.compile("[\ud800-\udbff]\\Z")
ROLES = {"", "assistant", "model"}
FENCE = 3
# gpt-oss behind a server that removes the tokens and leaves the channels' names.
GLUED = re.compile(r"\Aanalysis.*?assistantfinal", re.DOTALL)


class Reasoning:
    """Passes the answer on to `speech`, without thoughts and tokens."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech
        self._held = ""
        self._code: str | None = None
        # The depth of nested thoughts; the text since the last tag; and whether that text may still be answer.
        self._depth = 0
        self._aside: list[str] = []
        self._in_passing = self._half_closed = False
        # The name of a channel that is being opened.
        self._channel: str | None = None

    def feed(self, piece: str) -> None:
        text = self._held + piece
        start = max(0, len(text) - MAX_TOKEN)
        unfinished = UNFINISHED.search(text, start) or HIGH_SURROGATE.search(text, start)
        end = unfinished.start() if unfinished else len(text)
        self._held = text[end:]
        self._read(text[:end])

    def finish(self) -> None:
        """The output has ended: a tag inside a line that was never closed was no tag, nor was an odd outer one."""
        self._read(self._held)
        self._held = ""
        if self._depth and (self._in_passing or self._half_closed):
            self._speech.say("".join(self._aside))
        glued = GLUED.match(self._speech.text)
        if glued:
            self._speech.text = self._speech.text[glued.end() :].lstrip()

    def _read(self, text: str) -> None:
        """Joins halves of surrogate pairs, or replaces them: neither DynamoDB nor Telegram accepts them."""
        if SURROGATE.search(text):
            text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        position = 0
        for token in TOKEN.finditer(text):
            self._words(text[position : token.start()])
            position = token.end()
            self._token(token)
        self._words(text[position:])

    def _words(self, text: str) -> None:
        if "\n" in text and self._code and len(self._code) < FENCE:
            self._code = None
        if self._channel is not None:
            self._channel += text
        elif not self._depth:
            self._speech.say(text)
        elif self._in_passing or self._half_closed:
            self._aside.append(text)

    def _token(self, token: re.Match[str]) -> None:
        kind, text = token.lastgroup, token.group()
        if token["ticks"]:
            self._ticks(text)
        elif self._code and (not self._depth or self._in_passing):
            self._words(text)
        elif token["open"]:
            self._opened(text)
        elif token["close"]:
            self._closed()
        elif token["channel"]:
            self._channel = ""
        elif token["message"]:
            self._begin_message()
        elif token["turn"]:
            self._begin_turn(token["role"])
        elif kind == "end":
            self._end(text)

    def _ticks(self, ticks: str) -> None:
        if not self._depth or self._in_passing:
            self._code = ticks if not self._code else None if ticks == self._code else self._code
        self._words(ticks)

    def _opened(self, tag: str) -> None:
        if not self._depth:
            # Between words it may be meant as a word.
            self._in_passing = not (self._speech.at_line_start or self._speech.is_glued)
            self._half_closed = False
            self._aside = []
        self._depth += 1
        if self._in_passing:
            self._aside.append(tag)
        else:
            self._aside.clear()

    def _closed(self) -> None:
        """Some servers leave out the opening tag: then the thought began with the output."""
        if not self._depth:
            self._speech.restart()
            return
        self._depth -= 1
        self._aside.clear()
        self._half_closed = self._depth > 0
        if not self._depth:
            self._in_passing = False
            self._speech.skip_space()

    def _begin_message(self) -> None:
        channel, self._channel = self._channel, None
        if channel is None:
            return
        if channel.strip().startswith("final"):
            self._depth = 0
            self._speech.restart()
        else:
            self._depth, self._in_passing, self._half_closed = 1, False, False

    def _begin_turn(self, role: str) -> None:
        if role not in ROLES:
            self._speech.end_turn()

    def _end(self, text: str) -> None:
        if self._depth:
            self._depth = 0 if text == "<|end|>" else self._depth
        elif text == "</s>" and "<s>" in self._speech.text:
            # HTML's stroke.
            self._speech.say(text)
        else:
            self._speech.end_turn()
