"""Default points: where a geocoder puts what it cannot find. Many rows of many addresses on one point are no place."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.hotspots.cells import Flags, Floats, Integers

ROWS, ADDRESSES = 20, 10
"""From so many rows and so many different buildings on a point, it is no place."""
WITHIN = re.compile(
    r"(?<=[号楼栋幢座])\s*\d*\s*(?:单元|门|室|户|层).*$|(?<=[楼栋幢座])[\s\-]*[\dA-Za-z]+.*$"
    r"|[\s,]+(?:#|apt\b|apartment\b|unit\b|room\b|rm\b|ste\b|suite\b|floor\b|fl\b).*$",
    re.IGNORECASE,
)
"""Unit, floor and room at the end of an address: doors of one building share a point rightly."""


@dataclass(frozen=True)
class Defaults:
    """The default points: x and y (d,) as given, rows and addresses (d,) int64 on each; row (n,): is it on one."""

    x: Floats
    y: Floats
    rows: Integers
    addresses: Integers
    row: Flags


def building_of(address: str) -> str:
    """Return an address without unit, floor and room, in one spelling.

    >>> building_of("东昌路12号 5号楼3单元402"), building_of("阳光小区5栋2-301"), building_of("12 Main St, Apt 4")
    ('东昌路12号5号楼', '阳光小区5栋', '12mainst')
    """
    return re.sub(r"[\s,，.]+", "", WITHIN.sub("", address.strip())).casefold()


def default_points(
    x: Floats, y: Floats, addresses: NDArray[np.object_], *, rows: int = ROWS, different: int = ADDRESSES
) -> Defaults:
    """Return the points with at least so many rows of at least so many different buildings.

    x, y (n,): in one system, metres or degrees; points are the same when their coordinates are. addresses (n,): texts,
    None or empty where unknown, which count for none. Rows without coordinates are on no point. Many busy doors of
    one building are no default point; the same door told by many people is none either.

    >>> street = np.array([f"{number} Main St" for number in range(30)] + ["1 High St"] * 30, dtype=object)
    >>> found = default_points(np.repeat([0.0, 5.0], 30), np.zeros(60), street)
    >>> found.x.tolist(), found.rows.tolist(), found.addresses.tolist(), int(found.row.sum())
    ([0.0], [30], [30], 30)
    """
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    placed = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    points, at = np.unique(x[placed] + 1j * y[placed], return_inverse=True)
    count = np.bincount(at, minlength=len(points))
    many = count >= rows
    busy = np.flatnonzero(many[at])
    codes: dict[str, int] = {}
    told = [building_of(text) if text else "" for text in addresses[placed[busy]]]
    code = np.array([codes.setdefault(text, len(codes)) if text else -1 for text in told], np.int64)
    pair = np.unique(at[busy][code >= 0] * (len(codes) + 1) + code[code >= 0])
    distinct = np.bincount(pair // (len(codes) + 1), minlength=len(points))
    chosen = many & (distinct >= different)
    row = np.zeros(len(x), bool)
    row[placed] = chosen[at]
    return Defaults(points[chosen].real, points[chosen].imag, count[chosen], distinct[chosen], row)
