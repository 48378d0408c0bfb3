"""How much of a prompt a text takes."""


def tokens(text: str) -> int:
    """An estimate, on the high side in every language: a token is about four bytes of English, and more of others."""
    return len(text.encode()) // 4 + 4
