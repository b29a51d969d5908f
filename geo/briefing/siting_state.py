"""What the siting page's address says, and the look of its map that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any
from urllib.parse import urlencode

from geo.briefing.class_arrays import KINDS
from geo.briefing.coverage_paint import TOO_SMALL, Asked
from geo.briefing.map_state import TOO_LONG, Place, parse_place
from geo.briefing.overview import Stand
from geo.i18n import N_
from geo.maps.city_map import Bounds, Look
from geo.maps.legend import COVERAGE_THEMES, Style, Theme
from geo.maps.siting_layer import Moved
from geo.siting.question import GOALS
from geo.siting.wanted import CIRCLES, MOST_NUMBER, WEIGHTS

NEWLY = 60
LONGEST = 80
USUAL_CIRCLE, USUAL_NUMBER = 10, 3
MIX = "mix"
_STATIONS = COVERAGE_THEMES["station"]
THEME = Theme(
    (
        Style(NEWLY, N_("Newly within the limit"), "#e69f00", "#9a6a00"),
        *(style for style in _STATIONS.building if style.code != TOO_SMALL),
    ),
    _STATIONS.share,
    _STATIONS.titles,
)
"""The ways to the open stations, and over them the doors that a plan brings within the limit."""


@dataclass(frozen=True)
class SitingState:
    """The choices of the siting page: area (None: the whole city), circle, limits of people over 70, goal, weight, new
    stations, the study and place that are open, the run that is followed, a spot (lon, lat) that was asked about, a
    station that was moved.
    """

    community_id: int | None = None
    circle: int = USUAL_CIRCLE
    study_id: int | None = None
    place: Place | None = None
    job_id: int | None = None
    old: bool = False
    goal: str = GOALS[1]
    weight: str = "households"
    number: int = USUAL_NUMBER
    spot: tuple[float, float] | None = None
    moved: Moved | None = None

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> "SitingState":
        """Read the choices from an address; what makes no sense is left out.

        >>> SitingState.from_address({"community": "4", "circle": "7", "study": "x"}) == SitingState(community_id=4)
        True
        >>> SitingState.from_address({"spot": "115.98,36.44", "moved": "7,115.98,36.44"}).moved
        Moved(site=7, lon=115.98, lat=36.44)
        """
        moved = _numbers(query.get("moved", ""), 3)
        return cls(
            community_id=_number(query.get("community", "")),
            circle=next((one for one in CIRCLES if str(one) == query.get("circle")), USUAL_CIRCLE),
            study_id=_number(query.get("study", "")),
            place=parse_place(query.get("place", "")),
            job_id=_number(query.get("job", "")),
            old=query.get("old") == "1",
            goal=next((one for one in GOALS if one == query.get("goal")), GOALS[1]),
            weight=next((one for one in (*WEIGHTS, MIX) if one == query.get("weight")), "households"),
            number=min(max(_number(query.get("number", "")) or USUAL_NUMBER, 1), MOST_NUMBER),
            spot=_numbers(query.get("spot", ""), 2),
            moved=Moved(int(moved[0]), moved[1], moved[2]) if moved else None,
        )

    def address(self) -> dict[str, str]:
        """Return the choices as they stand in the address, only what is chosen."""
        found = {
            "community": str(self.community_id or ""),
            "circle": str(self.circle) if self.circle != USUAL_CIRCLE else "",
            "study": str(self.study_id or ""),
            "place": f"{self.place[0]}:{self.place[1]}" if self.place else "",
            "job": str(self.job_id or ""),
            "old": "1" if self.old else "",
            "goal": self.goal if self.goal != GOALS[1] else "",
            "weight": self.weight if self.weight != "households" else "",
            "number": str(self.number) if self.number != USUAL_NUMBER else "",
            "spot": ",".join(map(str, self.spot or ())),
            "moved": ",".join(map(str, vars(self.moved).values())) if self.moved else "",
        }
        return {name: value for name, value in found.items() if value}


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < TOO_LONG else None


def _numbers(text: str, many: int) -> Any:
    """Return numbers written with commas between them, None when they are not so many or not finite."""
    try:
        found = tuple(float(part) for part in text.split(",")) if len(text) < LONGEST else ()
    except ValueError:
        return None
    return found if len(found) == many and all(map(isfinite, found)) else None


def siting_look(
    state: SitingState,
    stand: Stand,
    focus: tuple[Bounds, int] | None = None,
    *,
    newly: tuple[int, ...] = (),
    sites: tuple[int, ...] = (),
) -> Look:
    """Return what the map shows: ways to the open stations, buildings newly within the limit, and the chosen sites."""
    asked = Asked("station", state.circle, state.old, any_size=True)
    values = {"v": f"{stand.places}.{stand.posts}.{stand.care}.{stand.on}", **asked.address()}
    values |= {"community": str(state.community_id)} if state.community_id else {}
    return Look(
        tiles={topic: stand.version(topic) for topic in ("base", "places")},
        classes={kind: f"/classes/{kind}?{urlencode(values)}" for kind in KINDS},
        names_version=str(stand.places),
        few_buildings=stand.few_buildings,
        selected=state.place,
        focus=focus,
        theme=THEME,
        marked=dict.fromkeys(newly, NEWLY) or None,
        sites=sites,
    )
