"""The portraits of people's characters, by names that can't be guessed."""

from aws_lambda_powertools.event_handler import Response

from troupe.characters import portrait

# A portrait never changes under its name.
CACHED = "public, max-age=31536000, immutable"


def answer(name: str) -> Response[bytes] | None:
    """Takes any string. None if there is no such portrait."""
    found = portrait.find(name)
    if found is None:
        return None
    return Response(200, str(found.media_type), bytes(found.picture), headers={"Cache-Control": CACHED})
