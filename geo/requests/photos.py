"""Photos made fit to be kept: the type told from the content, size and pixels bounded, nothing left but the picture."""

import io
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from PIL import Image, ImageOps

from geo.errors import BadInput
from geo.i18n import N_, number
from geo.requests.tables import ATTACHMENT_BYTES
from geo.store.texts import LONGEST, is_blank, without_hidden

MOST_BYTES = 15_000_000
MOST_PIXELS = 60_000_000
LONGEST_SIDE_PX = 2560
QUALITY = 85
LONGEST_STEM = LONGEST["file_name"] - 10
MAGIC = ((b"\xff\xd8\xff", "JPEG"), (b"\x89PNG\r\n\x1a\n", "PNG"))
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
ENDINGS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, ArithmeticError, LookupError, TypeError)
NO_PHOTO = N_("{file} is no photo that can be read. Choose a JPEG, PNG or WebP picture.")
TOO_MANY_PIXELS = N_("{file} has more than {limit} million pixels. Make it smaller, then choose it again.")


@dataclass(frozen=True)
class Photo:
    """A picture as it is kept: encoded anew, without any word about where, when and by which camera it was taken."""

    file_name: str
    media_type: str
    width_px: int
    height_px: int
    content: bytes


def kind_of_picture(content: bytes) -> str | None:
    """Return the format a file's first bytes promise, None for whatever is no JPEG, PNG or WebP.

    >>> kind_of_picture(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), kind_of_picture(b"RIFF\\x00\\x00\\x00\\x00WEBP")
    (None, 'WEBP')
    """
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    return next((kind for magic, kind in MAGIC if content.startswith(magic)), None)


def cleaned_photo(name: str, content: bytes) -> Photo:
    """Return a picture turned upright, at most 2,560 pixels a side, encoded anew: EXIF, GPS, XMP and what was hidden
    behind its end are gone.

    name: the file's name at the user's. Raises BadInput for what is no picture, is damaged, has more than 15 MB or 60
    million pixels.
    """
    shown_name = _plain_name(name)
    if len(content) > MOST_BYTES:
        limit = number(MOST_BYTES // 1_000_000)
        raise BadInput(N_("{file} has more than {limit} MB. Make it smaller, then choose it again."),
                       file=shown_name, limit=limit)  # fmt: skip
    kind = kind_of_picture(content)
    if kind is None:
        raise BadInput(NO_PHOTO, file=shown_name)
    picture = _opened(shown_name, kind, content)
    upright = _bare(picture)
    kept, packed = _encoded(upright, kind)
    stem = PurePath(shown_name).stem[:LONGEST_STEM] or "photo"
    return Photo(stem + ENDINGS[kept], MEDIA_TYPES[kept], upright.width, upright.height, packed)


def _plain_name(name: str) -> str:
    plain = without_hidden(name.replace("\\", "/").rsplit("/", maxsplit=1)[-1]).strip()
    return "photo" if is_blank(plain) else plain[: LONGEST["file_name"]]


def _opened(name: str, kind: str, content: bytes) -> Any:
    """Return the picture behind some bytes, read completely; refuse it before a pixel of too many is made."""
    try:
        picture = Image.open(io.BytesIO(content), formats=(kind,))
        _check_size(picture, name)
        Image.open(io.BytesIO(content), formats=(kind,)).verify()
        picture.load()
    except BOMBS as error:
        raise BadInput(TOO_MANY_PIXELS, file=name, limit=number(MOST_PIXELS // 1_000_000)) from error
    except UNREADABLE as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(NO_PHOTO, file=name) from error
    return picture


def _check_size(picture: Any, name: str) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise BadInput(TOO_MANY_PIXELS, file=name, limit=number(MOST_PIXELS // 1_000_000))


def _bare(picture: Any) -> Any:
    """Return a picture's pixels, upright and no larger than is kept, with nothing beside them."""
    upright = ImageOps.exif_transpose(picture)
    see_through = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    plain = upright.convert("RGBA" if see_through else "RGB")
    plain.thumbnail((LONGEST_SIDE_PX, LONGEST_SIDE_PX))
    bare = Image.new(plain.mode, plain.size)
    bare.paste(plain)
    return bare


def _encoded(picture: Any, kind: str) -> tuple[str, bytes]:
    """Return the format and the bytes of a picture; what would be too large to keep becomes a JPEG."""
    packed = io.BytesIO()
    opaque = picture.convert("RGB") if kind == "JPEG" else picture
    opaque.save(packed, kind, quality=QUALITY)
    if kind == "JPEG" or packed.tell() <= ATTACHMENT_BYTES:
        return kind, packed.getvalue()
    return _encoded(picture, "JPEG")
