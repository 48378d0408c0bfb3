"""parse_mode: HTML and MarkdownV2 to text and entities, refusing what doesn't parse."""

from local.simulator.formatting_html import parse_html
from local.simulator.formatting_markdown import parse_markdown
from local.simulator.refusal import Json, Refused, bad_request


def parse(text: str, mode: str) -> tuple[str, list[Json]]:
    if mode.lower() == "html":
        return parse_html(text)
    if mode.lower() == "markdownv2":
        return parse_markdown(text)
    if mode.lower() == "markdown":
        raise Refused(501, "Not Implemented: the simulator does not do legacy Markdown")
    raise bad_request("unsupported parse_mode")
