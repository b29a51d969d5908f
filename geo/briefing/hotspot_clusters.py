"""Clusters of kept searches as the page shows them: each in a sentence, on the map, with whom it concerns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy import text

from geo.briefing.hotspot_cells import rings_of
from geo.briefing.overview import Stand
from geo.errors import NotFound
from geo.hotspots.asked import Asked
from geo.i18n import N_, _, day, number
from geo.maps.cells import Cell, Cells
from geo.maps.hotspot_legend import CLUSTER_STYLES
from geo.planning.studies import StudyView
from geo.planning.study_reads import NOT_HERE, studies, study
from geo.store.session import reading

BEYOND_DOUBT, LIKELY = 0.01, 0.05
COULD_BE_CHANCE = 3
NEAREST = text(
    "SELECT c.name FROM compound c WHERE c.closed_on IS NULL AND NOT c.placeholder AND c.geom IS NOT NULL "
    "ORDER BY c.geom <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) LIMIT 1"
)
IN_CHARGE = text("""
WITH inside AS (
    SELECT b.id FROM building b WHERE b.closed_on IS NULL AND b.geom && CAST(:outline AS geometry)
        AND ST_Intersects(b.geom, CAST(:outline AS geometry))
)
SELECT n.name, count(DISTINCT p.building_id) AS buildings FROM inside i
JOIN post p ON p.building_id = i.id AND p.kind = 'building_head' AND p.closed_on IS NULL
JOIN holding h ON h.post_id = p.id AND h.from_on <= :today AND (h.to_on IS NULL OR h.to_on > :today)
JOIN person n ON n.id = h.person_id GROUP BY n.id, n.name ORDER BY 2 DESC, 1 LIMIT 30
""")
STATIONS = text(
    "SELECT s.id, s.name FROM station s WHERE s.status = 'open' AND s.closed_on IS NULL "
    "ORDER BY s.geom <-> ST_SetSRID(ST_MakePoint(:lon, :lat), 4326) LIMIT 1"
)
REQUESTS = text("""
SELECT r.id, r.number, r.summary, r.address, r.status, r.received_at, g.name, g.name_zh FROM request r
JOIN request_category g ON g.id = r.category_id
WHERE r.status <> 'duplicate' AND r.geom && CAST(:outline AS geometry)
  AND ST_Intersects(r.geom, CAST(:outline AS geometry)) AND r.received_at >= CAST(:since AS date)
  AND (CAST(:category AS bigint) IS NULL OR r.category_id = :category)
ORDER BY r.received_at DESC LIMIT 200
""")


@dataclass(frozen=True)
class ClusterView:
    """A cluster: its rank, place in degrees, since when, how many against how many, and how sure it is."""

    rank: int
    lon: float
    lat: float
    radius_m: float
    since: date
    observed: int
    expected: float
    relative_risk: float
    p: float
    recurrence_days: float | None
    communities: tuple[int, ...]
    near: str
    shape: shapely.Geometry

    @property
    def code(self) -> int:
        """Return the class it is drawn in."""
        return 1 if self.p <= BEYOND_DOUBT else 2 if self.p <= LIKELY else COULD_BE_CHANCE

    def sentence(self, category: str | None) -> str:
        """Return the cluster in one sentence."""
        values: dict[str, Any] = {
            "count": number(self.observed),
            "day": day(self.since),
            "radius": number(round(self.radius_m, -1)),
            "place": self.near,
            "expected": number(self.expected, 1),
            "times": number(self.relative_risk, 1),
        }
        if category is None:
            return _(
                "{count} requests since {day} within {radius} m of {place}, where {expected} were to be expected: "
                "{times} times as many.",
                **values,
            )
        return _(
            "{count} requests about {category} since {day} within {radius} m of {place}, where {expected} were to be "
            "expected: {times} times as many.",
            category=category, **values,
        )  # fmt: skip

    def doubt(self) -> str:
        """Return how likely chance alone would bring it, in words."""
        sure = _("p = {p}", p=f"{self.p:.3f}")
        if self.recurrence_days is None:
            return sure
        often = _("chance alone brings one as strong once in {days} days", days=number(round(self.recurrence_days)))
        return f"{sure}; {often}"


@dataclass(frozen=True)
class KeptClusters:
    """A kept search with what was asked and its clusters, the surest first."""

    view: StudyView
    asked: Asked
    clusters: tuple[ClusterView, ...]

    def named(self, rank: int | None) -> ClusterView | None:
        """Return the cluster of a rank, None when there is none."""
        return next((one for one in self.clusters if one.rank == rank), None)


@dataclass(frozen=True)
class InCharge:
    """Who a cluster concerns: heads of its buildings with how many, the nearest open station."""

    heads: tuple[tuple[str, int], ...]
    station: tuple[int, str] | None


@dataclass(frozen=True)
class RequestRow:
    """A request inside a cluster, for who may see it."""

    id: int
    number: str
    summary: str
    address: str
    status: str
    received: date
    category: str


def kept_searches(stand: Stand) -> list[StudyView]:
    """Return the kept searches for clusters the actor may see, newest first."""
    with reading(stand.reader) as connection:
        return studies(connection, "hotspots")


def opened_search(stand: Stand, study_id: int) -> KeptClusters:
    """Return one search with its clusters; raises NotFound for one that is not there, not seen, or of another kind."""
    with reading(stand.reader) as connection:
        view = study(connection, study_id)
        if view.kind != "hotspots":
            raise NotFound(NOT_HERE)
        found = []
        for rank, row in enumerate(view.figures["clusters"], 1):
            near = connection.scalar(NEAREST, {"lon": row["lon"], "lat": row["lat"]})
            found.append(_view(rank, row, str(near or _("the middle"))))
    return KeptClusters(view, Asked.read(view.asked), tuple(found))


def _view(rank: int, row: dict[str, Any], near: str) -> ClusterView:
    return ClusterView(
        rank, row["lon"], row["lat"], row["radius_m"], date.fromisoformat(row["since"]), row["observed"],
        row["expected"], row["relative_risk"], row["p"], row["recurrence_days"], tuple(row["communities"]), near,
        shapely.geometry.shape(row["outline"]),
    )  # fmt: skip


def cluster_cells(found: KeptClusters, category: str | None, chosen: int | None) -> Cells:
    """Return the clusters as cells of the map, the surest on top; the number of a cell is its rank.

    Those that could be chance are drawn only when they are chosen.
    """
    cells = [
        Cell(one.rank, one.code, one.lon, one.lat, one.sentence(category), rings_of(one.shape))
        for one in reversed(found.clusters)
        if one.code < COULD_BE_CHANCE or one.rank == chosen
    ]
    return Cells(N_("Clusters that still last"), CLUSTER_STYLES, tuple(cells))


def in_charge(stand: Stand, cluster: ClusterView, *, holders: bool) -> InCharge:
    """Return the heads of the buildings in a cluster, for who may see holders, and the nearest open station."""
    values = {"outline": _ewkt(cluster), "today": stand.on, "lon": cluster.lon, "lat": cluster.lat}
    with reading(stand.reader) as connection:
        heads = connection.execute(IN_CHARGE, values).all() if holders else []
        station = connection.execute(STATIONS, values).one_or_none()
    return InCharge(tuple((row.name, row.buildings) for row in heads), (station.id, station.name) if station else None)


def requests_inside(stand: Stand, cluster: ClusterView, asked: Asked) -> list[RequestRow]:
    """Return the latest requests of a cluster that the actor may see."""
    values = {"outline": _ewkt(cluster), "since": cluster.since, "category": asked.category_id}
    chinese = stand.language.startswith("zh")
    with reading(stand.reader) as connection:
        rows: Iterable[Any] = connection.execute(REQUESTS, values).all()
    return [
        RequestRow(row.id, row.number, row.summary or "", row.address or "", row.status, row.received_at.date(),
                   row.name_zh if chinese else row.name)
        for row in rows
    ]  # fmt: skip


def _ewkt(cluster: ClusterView) -> str:
    return f"SRID=4326;{shapely.to_wkt(shapely.set_precision(cluster.shape, 1e-6), rounding_precision=6)}"


def chance_words(clusters: Iterable[ClusterView]) -> str:
    """Return how many of the clusters are beyond doubt, likely and not, in words."""
    codes = np.bincount([one.code for one in clusters] or [0], minlength=4)
    return _("{sure} beyond doubt, {likely} likely, {doubtful} could be chance",
             sure=number(codes[1]), likely=number(codes[2]), doubtful=number(codes[3]))  # fmt: skip
