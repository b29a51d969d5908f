"""The study of hotspots: clusters that still last, looked for as long work and kept with what was asked."""

from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from geo.access.reads import require_for_work
from geo.hotspots.asked import Asked
from geo.hotspots.cells import outlines
from geo.hotspots.clusters import Found, clusters
from geo.hotspots.ground import RequestGround
from geo.hotspots.ground_study import load_ground
from geo.hotspots.scan import Cluster
from geo.i18n import N_
from geo.jobs.context import JobContext
from geo.planning.studies import StudyDraft
from geo.planning.study_writes import keep_study
from geo.store import versions
from geo.store.clock import today
from geo.store.metadata import all_tables
from geo.store.session import reading, writing

MOST_CLUSTERS = 20
PERIOD_DAYS = 7
GRID_DEGREES = 1e-5


def hotspots_as_job(context: JobContext, **asked: Any) -> dict[str, Any]:
    """Look for clusters as long work and keep them; asked: name, and what Asked.read reads."""
    require_for_work(context.actor, "hotspots")
    all_tables()
    wanted, name, on = Asked.read(asked), str(asked["name"]), today()
    context.progress(0.05, N_("Reading requests and households"))
    with reading(context.actor) as connection:
        seen = versions.current(connection)
    ground = load_ground(context.actor)

    def follow(done: int, of: int) -> None:
        message = N_("Comparing with chance: {done} of {of} tries")
        context.progress(0.2 + 0.7 * done / of, message, done=done, of=of)

    context.progress(0.15, N_("Looking at every circle and time"))
    found = clusters(ground, wanted, on, follow=follow)
    context.check_cancelled()
    rows = [_told(ground, found, one) for one in found.result.clusters[:MOST_CLUSTERS] if one.p is not None]
    figures = {
        "clusters": rows,
        "requests": found.result.cases,
        "replicates": found.result.replicates,
        "cell_m": found.places.size.cell_m if found.places.size else None,
        "weeks": len(found.weeks),
        "left_out": found.places.left_out,
    }
    frame = pd.DataFrame(rows).drop(columns=["outline", "communities"], errors="ignore")
    with writing(context.actor) as session:
        draft = StudyDraft("hotspots", name, wanted.community_id, wanted.plain(), figures, frame)
        study_id = keep_study(session, draft, data_on=on, seen=seen)
    return {"study_id": study_id, "clusters": len(rows)}


def _told(ground: RequestGround, found: Found, cluster: Cluster) -> dict[str, Any]:
    """Return a cluster in plain values: place in degrees (EPSG:4326), time, how many and how sure."""
    back = Transformer.from_crs(ground.srid, 4326, always_xy=True)
    places, size = found.places, found.places.size
    lon, lat = back.transform(places.x_m[cluster.centre], places.y_m[cluster.centre])
    rings = outlines(places.key[cluster.areas], size.cell_m if size else 0.0)
    outline = shapely.union_all(shapely.set_precision(shapely.polygons(_degrees(back, rings)), GRID_DEGREES))
    rows = places.row[np.isin(places.place, cluster.areas)]
    return {
        "lon": float(lon),
        "lat": float(lat),
        "radius_m": float(cluster.radius_m) + (size.cell_m / 2 if size else 0.0),
        "since": found.day_of(cluster).isoformat(),
        "observed": int(cluster.observed),
        "expected": float(cluster.expected),
        "relative_risk": float(cluster.relative_risk),
        "llr": float(cluster.llr),
        "p": cluster.p,
        "recurrence_days": None if cluster.recurrence is None else float(cluster.recurrence) * PERIOD_DAYS,
        "communities": [int(one) for one in np.unique(ground.community[rows])],
        "outline": shapely.geometry.mapping(outline),
    }


def _degrees(back: Transformer, rings: np.ndarray) -> np.ndarray:
    lon, lat = back.transform(rings[..., 0].ravel(), rings[..., 1].ravel())
    degrees: np.ndarray = np.column_stack((lon, lat)).reshape(rings.shape)
    return degrees
