"""Photos are kept as pictures and nothing else: no place, no camera, no passenger; what is no picture is refused."""

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import ExifTags, Image, PngImagePlugin

from geo.errors import BadInput
from geo.requests import photos
from geo.requests.photos import LONGEST_SIDE_PX, cleaned_photo

XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>secret</x:xmpmeta>"
HERE = {1: "N", 2: (36.0, 27.0, 21.5), 3: "E", 4: (115.0, 58.0, 50.1)}
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def picture(kind: str, size: tuple[int, int] = (40, 20), **more: Any) -> bytes:
    """Return a picture, red on its left and blue on its right."""
    drawn = Image.new("RGB", size, "red")
    drawn.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    packed = io.BytesIO()
    drawn.save(packed, kind, **more)
    return packed.getvalue()


def told_where(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Camera of somebody"
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(HERE)
    return exif


def opened(content: bytes) -> Any:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("kind", KINDS)
def test_where_and_with_which_camera_a_photo_was_taken_is_gone(kind: str) -> None:
    words = PngImagePlugin.PngInfo()
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    given = picture(kind, exif=told_where(), **({"pnginfo": words} if kind == "PNG" else {"xmp": XMP}))
    assert opened(given).getexif().get_ifd(ExifTags.IFD.GPSInfo) == HERE
    assert b"secret" in given
    kept = cleaned_photo("a.jpg", given)
    assert kept.media_type == KINDS[kind]
    assert not opened(kept.content).getexif()
    assert not {"exif", "xmp", "icc_profile", "XML:com.adobe.xmp"} & set(opened(kept.content).info)
    assert not [word for word in (b"secret", b"Camera of somebody", b"GPS") if word in kept.content]


@pytest.mark.parametrize("kind", KINDS)
def test_a_photo_taken_sideways_stands_upright(kind: str) -> None:
    kept = cleaned_photo("a", picture(kind, exif=told_where(orientation=6)))
    assert (kept.width_px, kept.height_px) == (20, 40)
    red, _green, blue = opened(kept.content).convert("RGB").getpixel((10, 5))
    assert (red > 200, blue < 60) == (True, True)


def test_a_large_photo_is_made_smaller_and_named_by_what_it_is() -> None:
    kept = cleaned_photo("C:\\photos\\漏水 1.PNG", picture("JPEG", (4000, 1000)))
    assert (kept.file_name, kept.width_px, kept.height_px) == ("漏水 1.jpg", LONGEST_SIDE_PX, LONGEST_SIDE_PX // 4)


def test_a_picture_with_holes_keeps_them_and_one_with_a_palette_is_read() -> None:
    packed = io.BytesIO()
    Image.new("RGBA", (4, 4), (255, 0, 0, 0)).save(packed, "PNG")
    assert opened(cleaned_photo("a", packed.getvalue()).content).getpixel((0, 0))[3] == 0
    packed = io.BytesIO()
    Image.new("P", (4, 4)).save(packed, "PNG")
    assert cleaned_photo("a", packed.getvalue()).width_px == 4


def test_what_is_too_large_as_it_came_is_kept_as_a_jpeg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "ATTACHMENT_BYTES", 800)
    noise = Image.effect_noise((60, 60), 90)
    packed = io.BytesIO()
    noise.save(packed, "PNG")
    assert cleaned_photo("a.png", packed.getvalue()).media_type == "image/jpeg"


def test_a_passenger_behind_the_end_of_a_picture_is_left_behind() -> None:
    kept = cleaned_photo("a.jpg", picture("JPEG") + b"<script>alert(1)</script>PK\x03\x04")
    assert b"script" not in kept.content
    assert b"PK\x03\x04" not in kept.content


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a\x01\x00\x01\x00/*<script>*/",
        b"%PDF-1.7 \xff\xd8\xff",
        b"\xff\xd8\xff<script>alert(1)</script>",
        b"\x89PNG\r\n\x1a\n" + b"\x00" * 50,
        b"RIFF\x10\x00\x00\x00WEBPVP8 ",
        picture("JPEG")[:300],
        picture("PNG")[:-30],
        picture("BMP"),
        picture("TIFF"),
    ],
    ids=["empty", "svg", "gif", "pdf", "page as jpeg", "no png", "no webp", "half jpeg", "half png", "bmp", "tiff"],
)  # fmt: skip
def test_what_is_no_photo_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(BadInput, match=r"a\.jpg is no photo that can be read\. Choose a JPEG, PNG or WebP"):
        cleaned_photo("a.jpg", content)


def bomb(width: int, height: int) -> bytes:
    """Return a PNG of some bytes that says it has very many pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\x00" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_000, 12_000, 60_000])
def test_a_few_bytes_that_would_fill_the_memory_are_refused_before_they_are_unpacked(side: int) -> None:
    with pytest.raises(BadInput, match="more than 60 million pixels"):
        cleaned_photo("a.png", bomb(side, side))


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(BadInput, match="more than 15 MB"):
        cleaned_photo("a.jpg", picture("JPEG") + b"\x00" * 15_000_000)
