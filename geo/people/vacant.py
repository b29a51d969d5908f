"""Posts nobody holds, those with most households first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geo.people.loads import Ids, lookup, read
from geo.people.tables import POST_KINDS
from geo.places.names import unit_name_of
from geo.store.statements import statement

LISTED_KINDS = tuple(kind for kind in POST_KINDS if kind != "committee_member")


@dataclass(frozen=True)
class Vacancy:
    """A post nobody holds, with the households it leaves without (None: unknown) and since when."""

    post_id: int
    kind: str
    place_kind: str
    place_id: int
    place_name: str
    community_id: int
    community: str
    households: int | None
    since: date | None
    lon: float | None
    lat: float | None


def vacancies(
    connection: Connection,
    *,
    on: date,
    community_id: int | None = None,
    kind: str | None = None,
    limit: int = 200,
) -> list[Vacancy]:
    """Return posts nobody holds on a day, most households affected first, unknown counts last.

    community_id: only there; kind: one of POST_KINDS (None: all of them but committee members).
    """
    posts, households = _vacant(connection, on, community_id, [kind] if kind else LISTED_KINDS)
    worst = posts[np.lexsort((posts, -households))[:limit]]
    rows = connection.execute(text(statement("people", "vacancies")), {"on": on, "posts": worst.tolist()})
    return [
        Vacancy(
            post_id=row.post_id,
            kind=row.kind,
            place_kind=row.place_kind,
            place_id=row.place_id,
            place_name=row.own_name or unit_name_of(row),
            community_id=row.community_id,
            community=row.community,
            households=row.households,
            since=row.since,
            lon=row.lon,
            lat=row.lat,
        )
        for row in rows
    ]


def _vacant(
    connection: Connection, on: date, community_id: int | None, kinds: Sequence[str]
) -> tuple[Ids, NDArray[np.int64]]:
    held = read(connection, "current_holdings", {"post_id": "int8"}, on=on, community=community_id)["post_id"]
    pairs = [_posts(connection, kind, community_id) for kind in kinds]
    posts = np.concatenate([pair[0] for pair in pairs])
    households = np.concatenate([pair[1] for pair in pairs])
    vacant = lookup(held, held).of(posts) < 0
    return posts[vacant], households[vacant]


def _posts(connection: Connection, kind: str, community_id: int | None) -> tuple[Ids, NDArray[np.int64]]:
    if kind == "building_head":
        posts = read(connection, "head_posts", {"post_id": "int8", "building_id": "int8"}, community=community_id)
        found = read(connection, "open_buildings", {"id": "int8", "households": "int4"}, community=community_id)
        return posts["post_id"], lookup(found["id"], found["households"]).of(posts["building_id"])
    name = "unit_posts" if kind == "unit_head" else "other_posts"
    posts = read(connection, name, {"post_id": "int8", "households": "int4"}, community=community_id, kind=kind)
    return posts["post_id"], posts["households"].astype(np.int64)
