"""Tells a stressed word in italics, as in "I *never* said that", from an *action*: both have the same markup."""

import re

# Words of a stressed phrase.
MAX_STRESSED = 3
# How actions begin: a verb in the third person or a participle, in either language; a noun or an imperative for a
# gesture; a pronoun or a preposition, if more words follow. The words in (?!...) only look like such verbs.
ACTION = re.compile(
    r"(?!(?:is|was|has|does|his|hers|this|these|yes|us|its|ours|yours|theirs|always|perhaps|unless|alas|nothing|"
    r"anything|everything|something|thing|sing|bring|king|нет|привет|ответ|свет|совет|лет|тут|"
    r"брат|может|будет|бывает|значит|разумеется|кажется|была|было|были|дела|сила|наделал)\b)"
    r"(?:[a-z]+(?<![su])s|[a-z]{2,}ing|"
    r"[а-яё]+(?:[еёиауюя]т(?:ся)?|[юуя]сь|[аяе]ю|[аяеиыу]л[аио]?(?:сь|ся)?|вши(?:сь)?)|"  # noqa: RUF001 - Russian
    r"sigh|nod|wink|grin|shrug|giggle|laugh|smile|chuckle|gasp|gulp|blush|yawn|wave|pause|cough|sob|hug|kiss|silence|"
    r"вздох|кивок|смех|улыбка|пауза|поцелуй|тишина|молчание)\b",
    re.IGNORECASE,
)
NARRATION = re.compile(
    r"(?:i|he|she|they|his|her|my|with|in|at|on|"
    r"я|он|она|они|его|её|с|со|в|на|из|под)\s",  # noqa: RUF001 - Russian
    re.IGNORECASE,
)
PUNCTUATION, WORD = re.compile(r"[.,!?…;:—\u2013-]"), re.compile(r"[ ]?[^\W_]")


def is_stressed(text: str, start: int, end: int) -> bool:
    """:param start: of the span in italics, :param end: behind it"""
    before, span, behind = text[:start], text[start:end].strip(), text[end:]
    is_word, follows_word = len(span.split()) == 1, bool(re.search(r"[^\W_][ ]?\Z", before))
    if is_word and follows_word and (WORD.match(behind) or PUNCTUATION.match(behind)):
        return True
    if len(span.split()) > MAX_STRESSED or ACTION.match(span) or NARRATION.match(span):
        return False
    if follows_word:
        return bool(WORD.match(behind) or PUNCTUATION.match(behind))
    return is_word and _belongs_to_sentence(before, span, behind)


def _belongs_to_sentence(before: str, span: str, behind: str) -> bool:
    """Of a word that follows no other word directly."""
    if PUNCTUATION.match(behind) or span.endswith(("!", "?")):
        return True
    if re.search('[«"“„]\\Z', before) and re.match('[»"”“]', behind):
        return True
    # "Hello, *dear* friend" in the middle of a sentence, and "*She* did it" at its beginning.
    is_inside = bool(re.search(r"[,;:—\u2013][ ]?\Z", before))
    return (is_inside or span[:1].isupper()) and bool(re.match(r"[ ][^\W_]", behind)) and behind[1].islower()
