"""Rows that are one thing: the same row twice, a building cut at a tile's edge, a label point inside its outline."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.exchange.codes import geometry_codes
from geo.exchange.draft import Draft, Mask
from geo.exchange.shapes import MULTIPOLYGON, POINT, POLYGON, polygonal
from geo.exchange.surroundings import METRES_PER_DEGREE

LABEL_FIELDS = ("code", "number", "name", "address", "households", "floors", "built_year")
PIECES_WITHIN_DEGREES = 2.0 / METRES_PER_DEGREE
DEFAULT_ROWS = 10
DEFAULT_ADDRESSES = 5


def use_labels(draft: Draft) -> None:
    """Let points among outlines give their name and number to the outline they lie in.

    Other points are refused where an outline is needed; where it may be unknown they lose their geometry and stay.
    """
    is_point = np.asarray(shapely.get_type_id(draft.geometry) == POINT)
    if not is_point.any():
        return
    target = _outlines_below(draft.geometry, np.flatnonzero(is_point))
    codes = draft.text("code")
    foreign = np.array([a is not None and b is not None and a != b for a, b in zip(codes, codes[target], strict=True)])
    used = (target >= 0) & ~foreign
    _fill_from_labels(draft, np.flatnonzero(used), target)
    draft.note(used, "label_used", field="geom", target=draft.rows[target])
    alone = is_point & ~used
    if draft.kind.geometry_required:
        draft.note(alone, "label_alone", field="geom")
        draft.keep(~is_point)
        return
    draft.note(alone, "point_no_outline", field="geom")
    draft.geometry[alone] = None
    draft.keep(~used)


def _outlines_below(geometry: npt.NDArray[Any], points: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return for every row the position of the outline its point lies in, -1 where there is none."""
    target = np.full(len(geometry), -1)
    outlines = np.flatnonzero(np.isin(shapely.get_type_id(geometry), (POLYGON, MULTIPOLYGON)))
    if outlines.size:
        shapes = np.array(geometry[outlines], dtype=object)
        broken = ~shapely.is_valid(shapes)
        shapes[broken] = shapely.make_valid(shapes[broken])
        inside, outline = shapely.STRtree(shapes).query(geometry[points], predicate="within")
        target[points[inside]] = outlines[outline]
    return target


def _fill_from_labels(draft: Draft, labels: npt.NDArray[np.int64], target: npt.NDArray[np.int64]) -> None:
    for name in LABEL_FIELDS:
        if name not in draft.frame:
            continue
        column = draft.frame[name]
        usable = labels[column.notna().to_numpy()[labels] & column.isna().to_numpy()[target[labels]]]
        _unique, first = np.unique(target[usable], return_index=True)
        usable = usable[first]
        if usable.size:
            column = column.copy()
            column.iloc[target[usable]] = column.iloc[usable].array
            draft.frame[name] = column
            draft.findings.add(
                "label_named",
                draft.rows[target[usable]],
                field=name,
                value=column.iloc[usable].astype("string").to_numpy(dtype=object),
                source=draft.rows[usable],
            )


def merge_duplicates(draft: Draft) -> None:
    """Keep what is given twice once, join the pieces of one outline, refuse a code used for two different things."""
    key = _keys(draft)
    position = _first_positions(key)
    repeated = position != np.arange(len(draft))
    if not repeated.any():
        return
    same = repeated & _equal_rows(draft, np.arange(len(draft)), position)
    draft.note(same, "duplicate_row", first=draft.rows[position])
    remaining = repeated & ~same
    joined = _join_pieces(draft, key, remaining, position)
    clash = remaining & ~joined
    draft.note(clash, "duplicate_code", field="code", value=draft.text("code"), first=draft.rows[position])
    draft.keep(~repeated)


def _keys(draft: Draft) -> npt.NDArray[Any]:
    codes = draft.text("code")
    if "level" in draft.frame:
        levels = draft.text("level")
        return np.array(
            [None if code is None else f"{level}:{code}" for level, code in zip(levels, codes, strict=True)],
            dtype=object,
        )
    return codes


def _first_positions(key: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    labels, _values = pd.factorize(key)
    own = np.arange(len(key))
    first = pd.Series(own).groupby(labels).transform("min").to_numpy()
    return np.where(labels < 0, own, first)


def _equal_rows(draft: Draft, one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> Mask:
    """Tell which rows say the same as their other: equal outlines, and no field with two different values."""
    differing = np.flatnonzero(one != other)
    equal = np.zeros(len(one), dtype=bool)
    if differing.size:
        codes = geometry_codes(np.concatenate((draft.geometry[differing], draft.geometry[other[differing]])))
        half = differing.size
        same = codes[:half] == codes[half:]
        for name in draft.frame.columns:
            column = draft.frame[name].astype("string")
            here, there = (
                column.iloc[differing].reset_index(drop=True),
                column.iloc[other[differing]].reset_index(drop=True),
            )
            same &= ((here == there) | here.isna() | there.isna()).fillna(value=True).to_numpy(dtype=bool)
        equal[differing] = same
    return equal


def _join_pieces(draft: Draft, key: npt.NDArray[Any], remaining: Mask, position: npt.NDArray[np.int64]) -> Mask:
    """Join outlines with one code that touch (or belong to one area or compound) into the first row of that code."""
    joined = np.zeros(len(draft), dtype=bool)
    if draft.kind.geometry != "polygon" or not remaining.any():
        return joined
    candidates = remaining & ~draft.missing() & ~draft.missing()[position]
    members = pd.Series(np.flatnonzero(candidates)).groupby(position[candidates]).indices
    where = np.flatnonzero(candidates)
    anywhere = draft.kind.name in {"areas", "compounds"}
    for first, inside in members.items():
        pieces = where[inside]
        taken = pieces[_connected(draft.geometry[first], draft.geometry[pieces], anywhere=anywhere)]
        if taken.size:
            whole = polygonal(shapely.union_all(np.append(draft.geometry[taken], draft.geometry[first])))
            draft.geometry[first] = shapely.multipolygons([whole]) if whole.geom_type == "Polygon" else whole
            joined[taken] = True
    values, firsts = draft.text("code"), draft.rows[position]
    draft.note(joined, "pieces_joined", field="geom", value=values, first=firsts)
    started = np.zeros(len(draft), dtype=bool)
    started[position[joined]] = True
    draft.note(started, "pieces_joined", field="geom", value=values, first=draft.rows)
    return joined


def _connected(first: Any, pieces: npt.NDArray[Any], *, anywhere: bool) -> Mask:
    """Tell which pieces hang together with the first outline, directly or through other pieces."""
    if anywhere:
        return np.ones(len(pieces), dtype=bool)
    reached, grown = np.zeros(len(pieces), dtype=bool), first
    while True:
        near = ~reached & np.asarray(shapely.dwithin(pieces, grown, PIECES_WITHIN_DEGREES))
        if not near.any():
            return reached
        reached |= near
        grown = shapely.union_all(np.append(pieces[near], grown))


def drop_default_geocodes(draft: Draft) -> None:
    """Take the point from rows that share one with many others of different addresses: a geocoder's
    default is no place.
    """
    if draft.kind.geometry != "point" or "address" not in draft.frame:
        return
    codes = geometry_codes(draft.geometry)
    address = draft.frame["address"].str.replace(r"\d+单元.*$", "", regex=True)
    groups = address.groupby(codes)
    count = groups.transform("size").reindex(draft.frame.index).fillna(0).to_numpy(dtype=np.int64)
    different = groups.transform("nunique").reindex(draft.frame.index).fillna(0).to_numpy(dtype=np.int64)
    default = (count >= DEFAULT_ROWS) & (different >= DEFAULT_ADDRESSES) & ~draft.missing()
    detail = {"count": count, "addresses": different}
    if draft.kind.geometry_required:
        draft.take_out(default, "default_geocode_refused", field="geom", **detail)
        return
    draft.note(default, "default_geocode", field="geom", **detail)
    draft.geometry[default] = None
