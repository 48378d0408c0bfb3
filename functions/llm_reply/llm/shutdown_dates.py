"""OpenAI's shutdown dates as known on 25 November 2026: https://developers.openai.com/api/docs/deprecations"""

from datetime import date

KNOWN = {
    **dict.fromkeys(("gpt-4o-mini-tts", "tts-1", "tts-1-hd"), date(2027, 1, 6)),
    **dict.fromkeys(("gpt-5", "gpt-5-mini", "gpt-5-nano"), date(2026, 12, 11)),
    **dict.fromkeys(("gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini"), date(2027, 1, 14)),
    **dict.fromkeys(("gpt-image-1-mini", "gpt-image-1.5", "chatgpt-image-latest"), date(2026, 12, 1)),
    **dict.fromkeys(("gpt-5.1", "gpt-5.4-nano"), date(2027, 4, 1)),
    **dict.fromkeys(("gpt-3.5-turbo", "gpt-4", "gpt-4-turbo", "gpt-4.1-nano", "o4-mini"), date(2026, 10, 23)),
}
