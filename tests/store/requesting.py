"""Requests of the small city for tests, and pictures to go with them."""

import io
from datetime import UTC, datetime
from typing import Any

from PIL import ExifTags, Image
from sqlalchemy import text

from geo.store.session import owner_engine
from tests.store.small_city import SmallCity, add

RECEIVED = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def add_request(city: SmallCity, community: str = "north", **more: Any) -> int:
    """Write a request about water in a community, as the owner; return its id."""
    with owner_engine().begin() as owner:
        category = owner.scalar(text("SELECT id FROM request_category WHERE code = 'water'"))
        number = f"T-{owner.scalar(text('SELECT count(*) FROM request')) + 1}"
        given = {
            "number": number, "channel": "station_desk", "category_id": category, "class_code": "utilities",
            "respond_h": 24, "solve_h": 24, "community_id": city[community], "placed_by": "community",
            "received_at": RECEIVED, "recorded_by": "operator",
        }  # fmt: skip
        return add(owner, "request", **given | more)


def photo_with_place() -> bytes:
    """Return a small JPEG that tells where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (36.0, 27.0, 21.5)})
    packed = io.BytesIO()
    Image.new("RGB", (30, 20), "green").save(packed, "JPEG", exif=exif)
    return packed.getvalue()
