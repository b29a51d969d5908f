"""Reading a Mapbox vector tile far enough to see what is in it."""

import struct
from collections.abc import Iterator
from typing import Any

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _fields(data: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        wire = key & 7
        value: Any
        if wire == VARINT:
            value, at = _varint(data, at)
        elif wire == BYTES:
            size, at = _varint(data, at)
            value, at = data[at : at + size], at + size
        else:
            width = 8 if wire == FIXED64 else 4
            value, at = data[at : at + width], at + width
        yield key >> 3, value


def _packed(data: bytes) -> list[int]:
    found, at = [], 0
    while at < len(data):
        value, at = _varint(data, at)
        found.append(value)
    return found


def _value(data: bytes) -> Any:
    number, value = next(_fields(data))
    if number == 1:
        return value.decode()
    if number in (2, 3):
        return struct.unpack("<f" if number == 2 else "<d", value)[0]
    if number == 6:
        return (value >> 1) ^ -(value & 1)
    return bool(value) if number == 7 else value


def read_tile(data: bytes) -> dict[str, list[dict[str, Any]]]:
    """Return per layer its features: id, type, properties and the encoded geometry."""
    return dict(_layer(value) for number, value in _fields(data) if number == 3)


def _layer(data: bytes) -> tuple[str, list[dict[str, Any]]]:
    fields = list(_fields(data))
    name = next(value.decode() for number, value in fields if number == 1)
    keys = [value.decode() for number, value in fields if number == 3]
    values = [_value(value) for number, value in fields if number == 4]
    features = []
    for feature in (dict(_fields(value)) for number, value in fields if number == 2):
        tags = _packed(feature.get(2, b""))
        pairs = zip(tags[::2], tags[1::2], strict=True)
        features.append(
            {
                "id": feature.get(1),
                "type": feature[3],
                "properties": {keys[key]: values[value] for key, value in pairs},
                "geometry": _packed(feature[4]),
            }
        )
    return name, features
