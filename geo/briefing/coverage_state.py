"""What the coverage page's address says, and the look of its map that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from geo.briefing.class_arrays import KINDS
from geo.briefing.coverage_paint import OF_PLACES, TOO_LONG, TOPICS, Asked, years_asked
from geo.briefing.coverage_patches import Plan
from geo.briefing.coverage_what_if import Outcome, parse_wishes, told_on_map
from geo.briefing.map_state import Place, parse_place
from geo.briefing.overview import Stand
from geo.coverage.reach_study import CIRCLES
from geo.errors import BadInput
from geo.i18n import N_
from geo.maps.city_map import Bounds, Look
from geo.maps.legend import coverage_theme
from geo.people.tables import SKILLS

VIEW_LABELS = {
    "duty": N_("Duty chain"),
    "station": N_("Stations in reach"),
    "skill": N_("Volunteers in reach"),
    "visits": N_("Visits in time"),
    "away": N_("If this person is away"),
    "years": N_("Years ahead"),
}
VIEWS = tuple(VIEW_LABELS)


@dataclass(frozen=True)
class CoverageState:
    """The choices of the coverage page: the view with what it asks for, the community, classes shown, place, study."""

    view: str = "duty"
    community_id: int | None = None
    circle: int = CIRCLES[-1]
    old: bool = False
    skill: str | None = None
    person_id: int | None = None
    statuses: tuple[int, ...] | None = None
    place: Place | None = None
    study_id: int | None = None
    ahead: int = 0
    each: float = 1.0
    wishes: tuple[str, ...] = ()

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> "CoverageState":
        """Read the choices from an address; what makes no sense is left out.

        >>> CoverageState.from_address({"view": "station", "circle": "5", "old": "1", "person": "x"}).circle
        5
        """
        view, skill = query.get("view", "duty"), query.get("skill")
        codes = tuple(
            sorted({number for text in query.get("status", "").split(",") if (number := _number(text)) is not None})
        )
        return cls(
            view=view if view in VIEWS else "duty",
            community_id=_number(query.get("community", "")),
            circle=next((one for one in CIRCLES if str(one) == query.get("circle")), CIRCLES[-1]),
            old=query.get("old") == "1",
            skill=skill if skill in SKILLS else None,
            person_id=_number(query.get("person", "")),
            statuses=codes or None,
            place=parse_place(query.get("place", "")),
            study_id=_number(query.get("study", "")),
            ahead=years_asked(query)[0],
            each=years_asked(query)[1],
            wishes=_wishes(query.get("whatif", "")),
        )

    @property
    def asked(self) -> Asked:
        """Return what households are counted by in this view, and nothing of the others."""
        topic = self.view if self.view in TOPICS and self.view not in OF_PLACES else "duty"
        if topic == "station":
            return Asked(topic, self.circle, self.old)
        if topic == "skill":
            return Asked(topic, skill=self.skill)
        return Asked(topic, person_id=self.person_id) if topic == "away" else Asked()

    @property
    def on_map(self) -> Asked:
        """Return what colours the map: classes of places, what an opened study found, else what is counted."""
        if self.view == "years":
            return Asked("years", ahead=self.ahead, each=self.each)
        if self.view == "visits":
            return Asked("visits")
        return replace(self.asked, study_id=self.study_id) if self.view == "duty" else self.asked

    def address(self) -> dict[str, str]:
        """Return the choices as they stand in the address, only what is chosen."""
        found = {
            "view": self.view if self.view != "duty" else "",
            **{name: value for name, value in self.on_map.address().items() if name != "topic"},
            "community": str(self.community_id or ""),
            "status": ",".join(map(str, self.statuses or ())),
            "place": f"{self.place[0]}:{self.place[1]}" if self.place else "",
            "study": str(self.study_id or ""),
            "whatif": ",".join(self.wishes),
        }
        return {name: value for name, value in found.items() if value}


def _wishes(text: str) -> tuple[str, ...]:
    try:
        return parse_wishes(text)
    except BadInput:
        return ()


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < TOO_LONG else None


def coverage_look(
    state: CoverageState,
    stand: Stand,
    *,
    focus: tuple[Bounds, int] | None = None,
    plan: Plan | None = None,
    tried: Outcome | None = None,
    sees_teams: bool = True,
) -> Look:
    """Return what the map shows for some choices: the same tiles as every map, coloured by the view's classes.

    plan: patches being divided, over which no others are coloured; tried: what is tried instead.
    """
    asked = state.on_map
    values = {"v": f"{stand.places}.{stand.posts}.{stand.care}.{stand.on}", **asked.address()}
    values |= {"community": str(state.community_id)} if state.community_id else {}
    return Look(
        tiles={topic: stand.version(topic) for topic in ("base", "places")},
        classes={kind: f"/classes/{kind}?{urlencode(values)}" for kind in KINDS},
        names_version=str(stand.places),
        few_buildings=stand.few_buildings,
        selected=state.place,
        statuses=() if plan else state.statuses,
        focus=focus,
        theme=coverage_theme(asked.topic, sees_teams=sees_teams),
        marked=plan.marked() if plan else tried.buildings if tried else None,
        tried=told_on_map(tried) if state.view == "duty" and plan is None else None,
    )
