"""The classes of what is asked about coverage: by part of the duty chain, by building, by compound and community."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.briefing.coverage_tallies import Area, Codes, Ints, gravest, households_by_place, shares
from geo.coverage.absence import absence_of
from geo.coverage.chain_study import ChainStudy
from geo.coverage.duty_inputs import Gap
from geo.coverage.helpers_study import HelpersReach
from geo.coverage.reach_study import CIRCLES, StationReach
from geo.coverage.station_room import StationRoom, station_room
from geo.errors import BadInput, NotFound
from geo.i18n import N_
from geo.maps.legend import COVERAGE_THEMES, COVERED_SHARE_EDGES, share_classes
from geo.people.tables import SKILLS

TOPICS = tuple(COVERAGE_THEMES)
TOO_LONG = 19
BEYOND, CUT_OFF, TOO_SMALL = 4, 5, 6
LAST_YEAR, LEAST_EACH, MOST_EACH = 20, 0.05, 10.0
STAYS, LOST, STANDS_IN, ALREADY = 1, 2, 3, 4
COVERED: dict[str, tuple[int, ...]] = {
    "duty": (Gap.COVERED, Gap.TERM_ENDING, Gap.SINGLE_POINT),
    "skill": (1,),
    "away": (STAYS, STANDS_IN),
}
"""The classes that count as covered; overloaded is a class of its own and counts as neither."""
GRAVEST_FIRST = {
    "duty": (Gap.NO_HEAD, Gap.TERM_ENDING, Gap.OVERLOADED, Gap.SINGLE_POINT, Gap.UNKNOWN, Gap.COVERED),
    "station": (BEYOND, CUT_OFF, TOO_SMALL, 3, 2, 1, 0),
    "skill": (2, 4, 3, 1, 0),
    "away": (LOST, STANDS_IN, ALREADY, STAYS, 0),
}
OF_PLACES = ("visits", "years")
"""What is told of places as such, not of households: see coverage_places."""


@dataclass(frozen=True)
class Asked:
    """What the map is coloured by: the topic, a life circle, the limits for people over 70, a skill, who is away.

    ahead: years from today, each: people of helped age one resident of helping age can help (both of topic years);
    study_id: what a kept study found then, in place of today's duty chain; any_size: stations too small count as well.
    """

    topic: str = "duty"
    circle: int = CIRCLES[-1]
    old: bool = False
    skill: str | None = None
    person_id: int | None = None
    ahead: int = 0
    each: float = 1.0
    study_id: int | None = None
    any_size: bool = False

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "Asked":
        """Read the choice from an address; raises BadInput for what there is not.

        >>> Asked.from_query({"topic": "away", "person": "7"}) == Asked("away", person_id=7)
        True
        """
        topic, skill, person = query.get("topic", "duty"), query.get("skill"), query.get("person", "")
        if topic not in TOPICS or (skill and skill not in SKILLS):
            raise BadInput(N_("There is no coverage called {topic}"), topic=f"{topic} {skill or ''}".strip())
        if person and not (person.isdecimal() and len(person) < TOO_LONG):
            raise BadInput(N_("“{text}” is not the number of a person"), text=person)
        circle = next((one for one in CIRCLES if str(one) == query.get("circle")), CIRCLES[-1])
        ahead, each = years_asked(query)
        study = query.get("study", "")
        return cls(
            topic, circle, query.get("old") == "1", skill or None, int(person) if person else None, ahead, each,
            int(study) if study.isdecimal() and len(study) < TOO_LONG else None, query.get("any_size") == "1",
        )  # fmt: skip

    @property
    def covered(self) -> tuple[int, ...]:
        """Return the class codes that count as covered."""
        if self.topic == "station":
            return tuple(range(1, 2 + CIRCLES.index(self.circle)))
        return COVERED.get(self.topic, ())

    def address(self) -> dict[str, str]:
        """Return the choice as it stands in an address."""
        found = {
            "topic": self.topic,
            "circle": str(self.circle) if self.circle != CIRCLES[-1] else "",
            "old": "1" if self.old else "",
            "skill": self.skill or "",
            "person": str(self.person_id or ""),
            "ahead": str(self.ahead or ""),
            "each": f"{self.each:g}" if self.each != 1 else "",
            "study": str(self.study_id or ""),
            "any_size": "1" if self.any_size else "",
        }
        return {name: value for name, value in found.items() if value}


def years_asked(query: Mapping[str, str]) -> tuple[int, float]:
    """Return how many years ahead an address asks about and how many one helper helps; what makes no sense is today, 1.

    >>> years_asked({"ahead": "8", "each": "0.5"}), years_asked({"ahead": "80", "each": "nan"})
    ((8, 0.5), (0, 1.0))
    """
    told = query.get("ahead", "")
    ahead = int(told) if told.isdecimal() and len(told) <= len(str(LAST_YEAR)) else 0
    try:
        each = float(query.get("each", "1"))
    except ValueError:
        each = 1.0
    return ahead if ahead <= LAST_YEAR else 0, each if LEAST_EACH <= each <= MOST_EACH else 1.0


@dataclass(frozen=True)
class Painted:
    """The class of every part (of the chain's parts) and building for what was asked.

    by_network: walks were measured over roads, not as straight lines.
    """

    asked: Asked
    study: ChainStudy
    part_class: Codes
    building_class: Codes
    by_network: bool = True

    @property
    def classes(self) -> int:
        """Return how many class codes there are."""
        return 1 + max(style.code for style in COVERAGE_THEMES[self.asked.topic].building)

    def area(self, kind: str) -> tuple[Ints, Area]:
        """Return the ids of the compounds or communities, and where each building belongs."""
        places, ids = self.study.inputs.places, self.study.ids
        if kind == "compound":
            return ids.compounds, Area(places.building_compound, len(ids.compounds))
        return ids.communities, Area(places.building_community, len(ids.communities))

    def households(self, kind: str) -> tuple[Ints, Ints]:
        """Return ids of compounds or communities, and their known households by class, one row a place."""
        ids, area = self.area(kind)
        return ids, households_by_place(self.study.chain.parts, self.part_class, area, self.classes)

    def codes(self, kind: str) -> tuple[Ints, Codes]:
        """Return the ids of a kind of place and the class each is coloured by."""
        if kind == "building":
            return self.study.ids.buildings, self.building_class
        ids, households = self.households(kind)
        return ids, share_classes(shares(households, self.asked.covered), COVERED_SHARE_EDGES)


@dataclass(frozen=True)
class Sources:
    """What classes are computed from: the duty chain, the way to the next station with its limits, helpers in reach.

    m2_per_100: floor area in m² a station needs for 100 households.
    """

    study: ChainStudy
    reach: StationReach | None = None
    limits_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    helpers: HelpersReach | None = None
    m2_per_100: float = np.nan

    @property
    def by_network(self) -> bool:
        """Tell whether walks were measured over roads; also where nothing was walked."""
        measured = self.helpers or self.reach
        return measured is None or measured.by_network


def paint(sources: Sources, asked: Asked) -> Painted:
    """Return the classes of what was asked; raises NotFound for somebody who holds nothing."""
    study = sources.study
    if asked.topic == "duty":
        return Painted(asked, study, study.part_gap, study.building_gap)
    part_class = _part_class(sources, asked)
    worst = gravest(study.chain.parts, part_class, GRAVEST_FIRST[asked.topic], len(study.ids.buildings))
    return Painted(asked, study, part_class, worst, sources.by_network)


def _part_class(sources: Sources, asked: Asked) -> Codes:
    if asked.topic == "away":
        return _away(sources.study, asked.person_id)
    if asked.topic == "station":
        return _stations(sources, asked)
    unknown = np.zeros(len(sources.study.chain.parts.building), dtype=np.uint8)
    return sources.helpers.part_class if sources.helpers is not None else unknown


def _stations(sources: Sources, asked: Asked) -> Codes:
    """Return by part the life circle the next station is in: 1 to 3, 4 beyond, 5 cut off, 6 where it is too small."""
    if sources.reach is None:
        return np.zeros(len(sources.study.chain.parts.building), dtype=np.uint8)
    found = np.searchsorted(sources.limits_m, sources.reach.metres, side="left") + 1
    codes = np.where(sources.reach.cut_off, CUT_OFF, np.minimum(found, BEYOND))
    if asked.any_size:
        return codes.astype(np.uint8)
    near, room = rooms(sources, asked)
    full = np.append(room.too_small, False)[sources.reach.station]
    return np.where(near & full, TOO_SMALL, codes).astype(np.uint8)


def rooms(sources: Sources, asked: Asked) -> tuple[NDArray[np.bool_], StationRoom]:
    """Return by part whether a station is within the chosen circle, and by station what it serves and could serve."""
    if sources.reach is None:
        raise ValueError("Rooms of stations follow from the ways to them.")
    parts, reach = sources.study.chain.parts, sources.reach
    near = (reach.metres <= sources.limits_m[CIRCLES.index(asked.circle)]) & (reach.station >= 0)
    households = np.where(parts.real & ~parts.unknown, parts.households, 0)
    return near, station_room(
        reach.station.astype(np.int64), near & parts.real, households, reach.floor_m2, sources.m2_per_100
    )


def _away(study: ChainStudy, person_id: int | None) -> Codes:
    gaps = study.part_gap
    found = np.full(len(gaps), STAYS, dtype=np.uint8)
    found[gaps == Gap.NO_HEAD] = ALREADY
    found[gaps == Gap.UNKNOWN] = Gap.UNKNOWN
    if person_id is None:
        return found
    person = study.person(person_id)
    if person is None:
        raise NotFound(N_("This person looks after nothing here. Choose somebody else."))
    gone = absence_of(study.inputs, study.chain, person, study.limits)
    found[gone.moved] = STANDS_IN
    found[gone.lost] = STANDS_IN
    found[gone.only] = LOST
    return found
