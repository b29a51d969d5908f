"""Where the requests of a file belong: doors by their address, communities by the point, else by what the row says."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.exchange.addresses import PlaceIndex
from geo.exchange.doors import DOOR_KINDS
from geo.exchange.draft import Draft, Mask
from geo.exchange.roster import Row, find_place, row_records
from geo.exchange.surroundings import Surroundings

DOOR_FIELDS = ("address", "place_code", "compound_name", "building_number", "unit_number")
NONE = -1
Positions = npt.NDArray[np.int64]


def forget_null_islands(draft: Draft) -> None:
    """Take the point at 0, 0 from rows of requests: a system's way to say that it knows none."""
    if draft.kind.name == "requests":
        null = np.asarray(shapely.equals(draft.geometry, shapely.Point(0, 0)), dtype=bool)
        draft.geometry = np.array(draft.geometry, dtype=object)
        draft.geometry[null] = None


def place_requests(draft: Draft, surroundings: Surroundings) -> None:
    """Give every row its place, or refuse it; the frame gets place_kind, place_id, placed_by and community_id.

    A door on the map counts first, then the community around the point (where several are: the row's own, else the
    smallest), then the row's own community.
    """
    _match_doors(draft, surroundings)
    known = surroundings.communities
    known = pd.DataFrame(columns=["id", "code", "name", "geom"]) if known is None else known
    own = _own_communities(draft, known)
    found, count = communities_around(draft.geometry, known["geom"].to_numpy(dtype=object), own)
    at_door = draft.frame["place_id"].notna().to_numpy(dtype=bool)
    _note_causes(draft, known, own, found, np.where(at_door, 1, count))
    community = np.where(found == NONE, own, found)
    placed = np.where(draft.missing(), "community", "point").astype(object)
    placed[at_door] = draft.text("place_kind")[at_door]
    draft.frame["placed_by"] = pd.array(placed, dtype="string")
    ids = known["id"].to_numpy(dtype=np.int64) if len(known) else np.zeros(1, dtype=np.int64)
    draft.frame["community_id"] = pd.array(ids[np.maximum(community, 0)], dtype="Int64")
    draft.frame.loc[community == NONE, "community_id"] = pd.NA
    nowhere = ~at_door & (community == NONE)
    lost = draft.missing()
    draft.note(nowhere & ~lost, "request_outside_all", field="geom")
    draft.note(nowhere & lost, "request_no_place", field="geom")
    draft.keep(~nowhere)


def communities_around(
    points: npt.NDArray[Any], outlines: npt.NDArray[Any], own: Positions
) -> tuple[Positions, Positions]:
    """Return for each point the position of the outline it lies in (-1: none), and in how many it lies.

    Of several the one at `own` (-1: not told) is taken, else the smallest. A point on a border lies in both.

    >>> boxes = np.array([shapely.box(0, 0, 4, 4), shapely.box(3, 0, 5, 2)])
    >>> spots = shapely.points([[1, 1], [3.5, 1], [3.5, 1], [9, 9]])
    >>> [found.tolist() for found in communities_around(spots, boxes, np.array([-1, -1, 0, -1]))]
    [[0, 1, 0, -1], [1, 2, 2, 0]]
    """
    outline, point = shapely.STRtree(points).query(outlines, predicate="intersects")
    order = np.lexsort((shapely.area(outlines)[outline], outline != own[point], point))
    first, begins = np.unique(point[order], return_index=True)
    found = np.full(len(points), NONE, dtype=np.int64)
    found[first] = outline[order][begins]
    return found, np.bincount(point, minlength=len(points)).astype(np.int64)


def _own_communities(draft: Draft, known: pd.DataFrame) -> Positions:
    """Return the position of the community each row names by code, or by a name only one has; -1 without."""
    alone = ~known["name"].duplicated(keep=False).to_numpy(dtype=bool)
    listed = {str(known["name"].iloc[position]): int(position) for position in np.flatnonzero(alone)}
    listed |= {str(code): position for position, code in enumerate(known["code"])}
    said = draft.text("community_code")
    own = np.array([NONE if word is None else listed.get(word, NONE) for word in said], dtype=np.int64)
    strange = (own == NONE) & np.array([word is not None for word in said], dtype=bool)
    draft.note(strange, "community_not_here", field="community_code", value=said)
    return own


def _note_causes(draft: Draft, known: pd.DataFrame, own: Positions, found: Positions, count: Positions) -> None:
    names = np.array([*known["name"].astype(str), "-"], dtype=object)
    at_door = draft.frame["place_id"].notna().to_numpy(dtype=bool)
    told, lost = own != NONE, draft.missing()
    detail = {"own": names[own], "community": names[found]}
    draft.note(count > 1, "request_in_two", field="geom", count=count, community=detail["community"])
    other: Mask = told & (found != NONE) & (found != own) & ~at_door
    draft.note(other, "request_other_community", field="community_code", **detail)
    outside: Mask = told & (found == NONE) & ~at_door
    draft.note(outside & ~lost, "request_outside", field="geom", own=detail["own"])
    draft.note(outside & lost, "request_no_point", field="geom", own=detail["own"])


def _match_doors(draft: Draft, surroundings: Surroundings) -> None:
    """Find the unit or building an address means, where it is the only one; its point becomes the row's."""
    kinds = np.full(len(draft), None, dtype=object)
    ids = np.zeros(len(draft), dtype=np.int64)
    places = surroundings.places
    if places is not None and len(places):
        index = PlaceIndex(places)
        position = _doors(index, draft.frame[list(DOOR_FIELDS)])
        found = position != NONE
        at = index.places.iloc[position[found]]
        kinds[found], ids[found] = at["kind"].to_numpy(dtype=object), at["id"].to_numpy(dtype=np.int64)
        spots = shapely.points(at[["lon", "lat"]].to_numpy(dtype=float))
        draft.geometry = np.array(draft.geometry, dtype=object)
        draft.geometry[found] = np.where(shapely.is_valid(spots), spots, draft.geometry[found])
    draft.frame["place_kind"] = pd.array(kinds, dtype="string")
    draft.frame["place_id"] = pd.array(ids, dtype="Int64")
    draft.frame.loc[ids == 0, "place_id"] = pd.NA


def _doors(index: PlaceIndex, told: pd.DataFrame) -> Positions:
    """Return the position of the place each row tells, -1 without; what many rows tell alike is looked up once."""
    groups = told.groupby(list(DOOR_FIELDS), dropna=False, sort=False).ngroup().to_numpy()
    _group, first = np.unique(groups, return_index=True)
    answers = [_door(index, row) for row in row_records(told.iloc[first])]
    return np.array(answers, dtype=np.int64)[groups] if len(told) else np.empty(0, dtype=np.int64)


def _door(index: PlaceIndex, row: Row) -> int:
    if not any(row.get(name) for name in DOOR_FIELDS):
        return NONE
    for kind in DOOR_KINDS:
        found = find_place(index, kind, row)[0].found
        if found is not None:
            return found
    return NONE
