"""Files of a siting question: demand, candidate sites, costs between them, and the plan as a map."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from warnings import catch_warnings, filterwarnings

import geopandas
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.errors import BadInput
from geo.exchange.plain_tables import Column, read_numbered_table, read_plain_table
from geo.i18n import N_
from geo.siting.neighbours import Lists, from_pairs
from geo.store.texts import shown

PLACE = (
    Column("x", "number"),
    Column("y", "number"),
    Column("lon", "number", low=-180, high=180),
    Column("lat", "number", low=-90, high=90),
)
DEMAND = (Column("id", "id", required=True), Column("weight", "number", low=0), Column("load", "number", low=0), *PLACE)
SITES = (
    Column("id", "id", required=True),
    *PLACE,
    Column("cost", "number", low=0),
    Column("capacity", "number", low=0),
    Column("fixed", "flag"),
    Column("banned", "flag"),
)
COSTS = (
    Column("demand", "id", required=True, repeat=True),
    Column("site", "id", required=True, repeat=True),
    Column("cost", "number", required=True, low=0),
)
UNKNOWN = N_("{file}: row {row}: {field} {value} is not in {other}. Correct the id, or take the row out.")
NO_PLACE = N_("{file}: {id} has no {fields}, which this metric needs. Fill them in, or choose another metric.")
NO_SITE_COST = N_("{file}: {id} has no cost, which a budget needs. Fill it in.")
NO_WEIGHT = N_("{file}: {id} has no weight, though others have one. Fill it in; 0 is a place that needs nothing.")
BOTH_WAYS = N_("{file}: {id} is both fixed and banned. Choose one.")
WEIGHT = 1.0


@dataclass(frozen=True)
class Tables:
    """Demand and sites as frames with the names of their files."""

    demand: pd.DataFrame
    sites: pd.DataFrame
    demand_file: str
    sites_file: str

    def coordinates(self, fields: tuple[str, str]) -> list[NDArray[np.float64]]:
        """Return demand's and sites' coordinates; raises BadInput naming the first place that has none."""
        found = []
        for frame, name in ((self.demand, self.demand_file), (self.sites, self.sites_file)):
            values = [frame[field].to_numpy(np.float64) for field in fields]
            lacking = np.flatnonzero(~(np.isfinite(values[0]) & np.isfinite(values[1])))
            if lacking.size:
                raise BadInput(NO_PLACE, file=name, id=shown(frame["id"].iloc[lacking[0]]), fields=", ".join(fields))
            found += [np.ascontiguousarray(value) for value in values]
        return found

    def in_one_place(self) -> list[str]:
        """Return the ids of sites that stand where another one stands, by lon and lat, else by x and y."""
        place = (
            self.sites[["lon", "lat"]] if self.sites[["lon", "lat"]].notna().all(axis=None) else self.sites[["x", "y"]]
        )
        return [str(name) for name in self.sites["id"][place.duplicated(keep=False) & place.notna().all(axis=1)]]

    def site_costs(self, *, needed: bool) -> NDArray[np.float64]:
        """Return what each site costs, 0 where it stands already; raises BadInput for a budget without costs."""
        cost = self.sites["cost"].to_numpy(np.float64)
        lacking = np.flatnonzero(np.isnan(cost) & ~self.sites["fixed"].to_numpy(bool))
        if needed and lacking.size:
            raise BadInput(NO_SITE_COST, file=self.sites_file, id=shown(self.sites["id"].iloc[lacking[0]]))
        return np.nan_to_num(cost, nan=0.0)


def read_tables(demand: Path, sites: Path) -> Tables:
    """Return demand and sites of two files; without any weight each demand counts once, its load is its weight.

    Raises BadInput naming file, row and field.
    """
    people = read_plain_table(demand, DEMAND)
    weight = people["weight"].to_numpy(np.float64)
    blank = np.isnan(weight)
    if blank.any() and not blank.all():
        raise BadInput(NO_WEIGHT, file=demand.name, id=shown(people["id"].iloc[int(np.argmax(blank))]))
    people["weight"] = np.where(blank, WEIGHT, weight)
    load = people["load"].to_numpy(np.float64)
    people["load"] = np.where(np.isnan(load), people["weight"], load)
    places = read_plain_table(sites, SITES)
    clash = places["fixed"].to_numpy(bool) & places["banned"].to_numpy(bool)
    if clash.any():
        raise BadInput(BOTH_WAYS, file=sites.name, id=shown(places["id"].iloc[int(np.argmax(clash))]))
    return Tables(people, places, demand.name, sites.name)


def read_costs(path: Path, tables: Tables) -> Lists:
    """Return the lists of a table of costs; a pair that is not in it is not allowed."""
    frame, rows = read_numbered_table(path, COSTS)
    places = (("demand", tables.demand, tables.demand_file), ("site", tables.sites, tables.sites_file))
    found = []
    for field, known, other in places:
        at = pd.Index(known["id"]).get_indexer(frame[field])
        if (at < 0).any():
            first = int(np.argmax(at < 0))
            told = {"file": path.name, "row": int(rows[first]), "field": field, "other": other}
            raise BadInput(UNKNOWN, value=shown(frame[field].iloc[first]), **told)
        found.append(at.astype(np.int64))
    weight = tables.demand["weight"].to_numpy(np.float64)
    return from_pairs(found[0], found[1], frame["cost"].to_numpy(np.float64), weight, np.full(weight.size, np.inf))


def write_plan(path: Path, tables: Tables, stations: dict[str, Any], assigned: dict[str, Any]) -> None:
    """Write a plan as a GeoPackage: a layer of sites with what each does, and one of demand with its station.

    Places are those of lon, lat (EPSG:4326); of files with x and y only they have no coordinate system.
    """
    sites = tables.sites[["id"]].assign(**stations)
    demand = tables.demand[["id", "weight"]].assign(**assigned)
    for layer, frame, place in (("sites", sites, tables.sites), ("demand", demand, tables.demand)):
        located = bool(np.isfinite(place[["lon", "lat"]].to_numpy(np.float64)).all())
        fields = ("lon", "lat") if located else ("x", "y")
        points = geopandas.points_from_xy(place[fields[0]], place[fields[1]])
        with catch_warnings():
            filterwarnings("ignore", "'crs' was not provided", UserWarning)
            geopandas.GeoDataFrame(frame, geometry=points, crs="EPSG:4326" if located else None).to_file(
                path, layer=layer, driver="GPKG", engine="pyogrio"
            )
