"""The error of a file that gives no character."""


class CardRefusedError(ValueError):
    """`reason` is the name of a text in `troupe.telegram.texts`; `most` is the limit that the text names.

    Neither holds a word of the file, so both may stand in logs and metrics.
    """

    def __init__(self, reason: str, most: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.most = most
