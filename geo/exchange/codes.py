"""Keys of rows: which column is one, and what stands in where there is none, so that importing twice adds nothing."""

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.exchange.draft import Draft, Geometries
from geo.exchange.founding import CITY_CODE
from geo.exchange.spellings import plain
from geo.places.rules import UNASSIGNED

DIGITS = 7
HEX_DIGITS = 16
KEY_SHARE = 0.5
COMPOSED = {
    "units": ("building_code", "number"),
    "households": ("unit_code", "room"),
    "organisations": ("compound_code", "name"),
}
COUNTERS = {"id", "uid", "fid", "gid", "objectid", "ogcfid"}


def geometry_codes(geometry: Geometries) -> npt.NDArray[Any]:
    """Return a code per geometry, None where it is missing: "g-" and 16 hex of SHA-256 of its WKB rounded to 1e-7
    degrees.

    >>> one, other = shapely.Point(115.98, 36.45), shapely.Point(115.98000000001, 36.45)
    >>> codes = geometry_codes(np.array([one, other, None]))
    >>> codes[0] == codes[1], len(codes[0]), codes[2]
    (True, 18, None)
    """
    rounded = shapely.set_coordinates(
        np.array(geometry, dtype=object), np.round(shapely.get_coordinates(geometry), DIGITS) + 0.0
    )
    packed = shapely.to_wkb(shapely.normalize(rounded), byte_order=1)
    codes = np.empty(len(packed), dtype=object)
    codes[:] = [None if wkb is None else "g-" + hashlib.sha256(wkb).hexdigest()[:HEX_DIGITS] for wkb in packed]
    return codes


def drop_false_key(draft: Draft, column: str | None, *, asked: bool) -> None:
    """Forget the codes of a guessed column whose values repeat in most rows: it is no key."""
    if column is None or asked or draft.kind.name == "posts":
        return
    codes = draft.frame["code"]
    given = codes.notna()
    repeated = codes.duplicated(keep=False) & given
    if _counts_rows(column, codes[given]):
        draft.findings.note("code_counter", field="code", column=column)
        draft.frame["code"] = codes.mask(given)
    elif given.sum() > 1 and repeated.sum() > KEY_SHARE * given.sum() and codes.nunique() < KEY_SHARE * given.sum():
        draft.findings.note("code_not_key", field="code", column=column)
        draft.frame["code"] = draft.frame["code"].mask(given)


def _counts_rows(column: str, codes: pd.Series) -> bool:
    """Tell whether a column is only a counter from 0 or 1: another file would use the same numbers for other things."""
    if plain(column) not in COUNTERS or not len(codes) or not codes.str.fullmatch(r"\d{1,9}").all():
        return False
    numbers = codes.astype("int64")
    return bool(numbers.min() in (0, 1) and numbers.is_unique and numbers.max() - numbers.min() + 1 == len(numbers))


def refuse_reserved(draft: Draft) -> None:
    """Refuse rows under a code of a placeholder or of the stand-in for the city: they would change it."""
    codes = draft.frame["code"]
    reserved = (codes == UNASSIGNED) | codes.str.startswith(f"{UNASSIGNED}-")
    if draft.kind.name == "areas":
        reserved |= codes == CITY_CODE
    draft.take_out(
        reserved.to_numpy(dtype=bool, na_value=False), "code_reserved", field="code", value=draft.text("code")
    )


def fill_codes(draft: Draft) -> None:
    """Give every row without a code one: from its place in the building where it has no geometry, else
    from the geometry.
    """
    without = draft.frame["code"].isna().to_numpy(dtype=bool)
    if not without.any():
        return
    found = _composed(draft)
    bare = without & np.asarray(pd.isna(found), dtype=bool)
    found[bare] = geometry_codes(draft.geometry[bare])
    draft.frame["code"] = draft.frame["code"].mask(without, found)
    count = int((without & ~pd.isna(found)).sum())
    if count:
        draft.findings.note("code_made", field="code", count=count)


def _composed(draft: Draft) -> npt.NDArray[Any]:
    """Return codes made of the parent's code and the own number, as for units and households; None elsewhere."""
    parts = COMPOSED.get(draft.kind.name)
    nothing = np.full(len(draft), None, dtype=object)
    if parts is None:
        return nothing
    parent, number = (draft.text(field) for field in parts)
    nothing[:] = [f"{above}-{own}" if above and own else None for above, own in zip(parent, number, strict=True)]
    return nothing
