"""Sample messages without text, as Bot API fields."""

from typing import Literal

from local.simulator.refusal import Json

SampleKind = Literal["sticker", "voice", "photo", "document"]

SAMPLES: dict[SampleKind, Json] = {
    "sticker": {
        "sticker": {
            "file_id": "sample-sticker",
            "file_unique_id": "sticker",
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": "👋",
            "set_name": "Samples",
        }
    },
    "voice": {
        "voice": {
            "file_id": "sample-voice",
            "file_unique_id": "voice",
            "duration": 4,
            "mime_type": "audio/ogg",
            "file_size": 23_397,
        }
    },
    "photo": {
        "photo": [
            {
                "file_id": f"sample-photo-{width}",
                "file_unique_id": f"photo{width}",
                "width": width,
                "height": width * 3 // 4,
                "file_size": width * 90,
            }
            for width in (90, 320, 800)
        ]
    },
    "document": {
        "document": {
            "file_id": "sample-document",
            "file_unique_id": "document",
            "file_name": "notes.pdf",
            "mime_type": "application/pdf",
            "file_size": 48_213,
        }
    },
}
