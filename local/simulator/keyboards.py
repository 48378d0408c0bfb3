"""Validates buttons as Telegram does."""

from urllib.parse import urlsplit

from local.simulator.refusal import Json, bad_request

MAX_CALLBACK_DATA_BYTES = 64
# Telegram allows https only. The hosts of this machine have no certificate, so the simulator allows them plain http.
PLAIN_HTTP_HOSTS = frozenset({"localhost", "127.0.0.1"})


def is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in PLAIN_HTTP_HOSTS))


def check_reply_markup(markup: Json | None, *, private: bool) -> None:
    for row in (markup or {}).get("inline_keyboard", ()):
        for button in row:
            _check_inline_button(button, private=private)
    for row in (markup or {}).get("keyboard", ()):
        for button in row:
            if web_app := button.get("web_app"):
                check_web_app(web_app["url"], "keyboard button")


def check_web_app(url: str, where: str) -> None:
    if not is_web_address(url):
        raise bad_request(f"{where} Web App URL '{url}' is invalid: Only HTTPS links are allowed")


def _check_inline_button(button: Json, *, private: bool) -> None:
    actions = set(button) - {"text", "style", "icon_custom_emoji_id"}
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: Button text must not be empty")
    if not actions:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise bad_request("can't parse inline keyboard button: exactly one action is allowed")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= MAX_CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not (is_web_address(button["url"]) or button["url"].startswith("tg://")):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if "web_app" in button:
        check_web_app(button["web_app"]["url"], "inline keyboard button")
        if not private:
            raise bad_request("BUTTON_TYPE_INVALID")
