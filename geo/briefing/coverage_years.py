"""Years ahead for the page: helpers against helped over 20 years, from rows that are seen, else published counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, text

from geo.access.suppression import AGES, Counted, published, published_of_city
from geo.briefing.overview import Stand
from geo.coverage.ahead import Ages, YearsAhead, years_ahead
from geo.i18n import _
from geo.planning.reads import parameters
from geo.store.session import reading
from geo.store.statements import statement


@dataclass(frozen=True)
class YearsSeen:
    """Helpers and helped from this year on, and the first year of too few (None: not within 20 years).

    counted_with: other places counted together with this one, because its own numbers are too small to tell; records:
    buildings with numbers, unknown those without (None: not said).
    """

    first: int
    helpers: tuple[float, ...]
    helped: tuple[float, ...]
    short_from: int | None
    between: tuple[int | None, int | None]
    counted_with: tuple[str, ...]
    records: int | None
    unknown: int | None


@dataclass(frozen=True)
class CompoundYear:
    """A compound and the first year in which it has too few helpers, with the range of that year."""

    id: int
    name: str
    short_from: int
    earliest: int


def years_of(stand: Stand, community_id: int | None, helped_per_helper: float) -> YearsSeen | None:
    """Return the years ahead of a community or the city; None where nothing is known or it may not be told."""
    with reading(stand.reader) as connection:
        ages = _ages(connection)
        rows = _rows(connection, community_id)
        if rows:
            counts = np.array([[getattr(row, band) for band in AGES] for row in rows], dtype=np.int64).sum(axis=0)
            records = sum(row.records for row in rows)
            every = _buildings(connection, community_id)
            return _seen(stand, years_ahead(counts[None], helped_per_helper=helped_per_helper, ages=ages),
                         (), records, every - records)  # fmt: skip
        told = _published(connection, community_id)
    if told is None:
        return None
    counts = np.array([next(group.count for group in told.groups if group.classes == (band,)) for band in AGES])
    found = years_ahead(counts[None].astype(np.int64), helped_per_helper=helped_per_helper, ages=ages)
    others = tuple(name or _("Not assigned yet") for _kind, _id, name in told.places) if len(told.places) > 1 else ()
    return _seen(stand, found, others, told.records, told.unknown)


def compounds_soonest(stand: Stand, community_id: int | None, helped_per_helper: float) -> list[CompoundYear]:
    """Return the compounds whose rows the actor sees and that will have too few helpers, the soonest first."""
    with reading(stand.reader) as connection:
        rows = _rows(connection, community_id)
        if not rows:
            return []
        counts = np.array([[getattr(row, band) for band in AGES] for row in rows], dtype=np.int64)
        found = years_ahead(counts, helped_per_helper=helped_per_helper, ages=_ages(connection))
        query = text("SELECT id, name, placeholder FROM compound WHERE id = ANY (:ids)")
        names = {
            row.id: _("Not assigned yet") if row.placeholder else row.name
            for row in connection.execute(query, {"ids": [row.compound_id for row in rows]})
        }
    return [
        CompoundYear(
            rows[at].compound_id,
            names.get(rows[at].compound_id, ""),
            stand.on.year + int(found.first_year[at]),
            stand.on.year + int(found.earliest[at]),
        )
        for at in found.first_places().tolist()
    ]


def _ages(connection: Connection) -> Ages:
    chosen = parameters(connection)
    return Ages(
        (int(chosen["helper_age_least"]), int(chosen["helper_age_most"])),
        (int(chosen["helped_age_least"]), int(chosen["helped_age_most"])),
    )


def _rows(connection: Connection, community_id: int | None) -> Sequence[Row[Any]]:
    query = text(statement("briefing", "residents_by_compound"))
    return connection.execute(query, {"community": community_id}).all()


def _buildings(connection: Connection, community_id: int | None) -> int:
    query = (
        "SELECT count(*) FROM building WHERE closed_on IS NULL "
        "AND (CAST(:community AS bigint) IS NULL OR community_id = :community)"
    )
    return int(connection.scalar(text(query), {"community": community_id}) or 0)


def _published(connection: Connection, community_id: int | None) -> Counted | None:
    """Return the published counts that tell every age apart, of the fewest places that have them."""
    families = published_of_city(connection) if community_id is None else published(
        connection, "community", community_id
    )  # fmt: skip
    counts = [one for family in families if family.family == "residents" for one in family.counts]
    whole = [one for one in counts if one.attribute == "age" and all(len(group.classes) == 1 for group in one.groups)]
    complete = [one for one in whole if {group.classes[0] for group in one.groups} >= set(AGES)]
    return min(complete, key=lambda one: (one.steps, len(one.places)), default=None)


def _seen(
    stand: Stand, found: YearsAhead, others: tuple[str, ...], records: int | None, unknown: int | None
) -> YearsSeen:  # fmt: skip
    def year(years: int) -> int | None:
        return stand.on.year + years if years >= 0 else None

    return YearsSeen(
        first=stand.on.year,
        helpers=tuple(np.round(found.helpers[0]).tolist()),
        helped=tuple(np.round(found.helped[0]).tolist()),
        short_from=year(int(found.first_year[0])),
        between=(year(int(found.earliest[0])), year(int(found.latest[0]))),
        counted_with=others,
        records=records,
        unknown=unknown,
    )
