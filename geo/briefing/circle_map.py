"""The map of a care circle: its door, where its volunteers live, and how far help is fetched on foot."""

import json
from dataclasses import dataclass

import shapely
from sqlalchemy import text

from geo.briefing.class_arrays import KINDS
from geo.briefing.overview import Stand
from geo.coverage.reach_study import load_walk_area
from geo.i18n import N_
from geo.maps.city_map import Bounds, Look
from geo.maps.legend import HEADS, PATCH_CODES, PATCH_FILLS, Style, Theme
from geo.people.circle_reads import CircleView
from geo.planning.reads import parameters
from geo.store.session import reading

GRID_DEGREES = 1e-5
AROUND_DEGREES = 0.0012
DOOR, HOME = PATCH_CODES[6], PATCH_CODES[0]
STYLES = (
    Style(DOOR, N_("The door that needs help"), PATCH_FILLS[6], "#1f2328"),
    Style(HOME, N_("Somebody of the circle lives here"), PATCH_FILLS[0], "#1f2328"),
)
DOOR_SPOT = text("""
SELECT ST_X(p) AS lon, ST_Y(p) AS lat
FROM (SELECT ST_PointOnSurface(geom) AS p FROM building WHERE id = :id AND geom IS NOT NULL) m
""")
HOMES = text("""
SELECT v.building_id, ST_X(p.spot) AS lon, ST_Y(p.spot) AS lat, p.spot IS NOT NULL AS placed
FROM volunteer v JOIN building b ON b.id = v.building_id
CROSS JOIN LATERAL (SELECT ST_PointOnSurface(b.geom) AS spot) p WHERE v.id = ANY (:ids)
""")
THEME = Theme(
    STYLES,
    HEADS.share,
    (
        ("building", N_("Buildings of the circle")),
        ("compound", N_("Compounds by share of buildings with a head")),
        ("community", N_("Communities by share of buildings with a head")),
    ),
)


@dataclass(frozen=True)
class CircleMap:
    """Where the map looks, what it shows, and the walk it outlines in metres (None: no road leads there)."""

    bounds: Bounds
    look: Look
    limit_m: float | None


def circle_map(stand: Stand, circle: CircleView) -> CircleMap | None:
    """Return the map of a circle, building by building and without any name; None where the place is not known."""
    with reading(stand.reader) as connection:
        limit_m = float(parameters(connection)["volunteer_limit_m"])
        spot = connection.execute(DOOR_SPOT, {"id": circle.building_id}).first()
        if spot is None:
            return None
        homes = connection.execute(HOMES, {"ids": [member.volunteer_id for member in circle.members]}).all()
        area = load_walk_area(connection, spot.lon, spot.lat, limit_m)
    outline = shapely.set_precision(area.outline, GRID_DEGREES) if area is not None else shapely.Polygon()
    spots = shapely.MultiPoint([(spot.lon, spot.lat), *((home.lon, home.lat) for home in homes if home.placed)])
    west, south, east, north = spots.buffer(AROUND_DEGREES).bounds
    look = Look(
        tiles={topic: stand.version(topic) for topic in ("base", "places")},
        classes={kind: f"/classes/{kind}?v={stand.places}.{stand.posts}.{stand.on}" for kind in KINDS},
        names_version=str(stand.places),
        few_buildings=stand.few_buildings,
        selected=("building", circle.building_id),
        statuses=(),
        focus=((west, south, east, north), circle.id),
        theme=THEME,
        marked={**dict.fromkeys((home.building_id for home in homes), HOME), circle.building_id: DOOR},
        outlines=() if outline.is_empty else (json.loads(shapely.to_geojson(outline)),),
    )
    return CircleMap((west, south, east, north), look, None if outline.is_empty else limit_m)
