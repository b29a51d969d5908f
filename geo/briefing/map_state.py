"""What the map page's address says, and the look of the map that follows from it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from geo.briefing.class_arrays import KINDS
from geo.briefing.overview import EVERYWHERE, Choice, Stand
from geo.maps.city_map import Bounds, Look
from geo.people.rules import HeadClass
from geo.places.rules import PLACE_KINDS
from geo.places.tables import COMPOUND_KINDS

Place = tuple[str, int]
TOO_LONG = 19
"""So many digits may no longer fit the number of a place."""


@dataclass(frozen=True)
class MapState:
    """The choices of the map page: part of the city, head classes shown, selected place."""

    choice: Choice = EVERYWHERE
    statuses: tuple[int, ...] | None = None
    place: Place | None = None

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> "MapState":
        """Read the choices from an address; what makes no sense is left out.

        >>> MapState.from_address({"place": "building:7", "status": "2,3", "kind": "old"}).place
        ('building', 7)
        """
        community, kind = query.get("community", ""), query.get("kind")
        codes = [int(code) for code in query.get("status", "").split(",") if code.isdecimal() and len(code) < TOO_LONG]
        statuses = tuple(sorted({code for code in codes if code in set(HeadClass)})) or None
        chosen = int(community) if community.isdecimal() and len(community) < TOO_LONG else None
        choice = Choice(chosen, kind if kind in COMPOUND_KINDS else None)
        return cls(choice, statuses, parse_place(query.get("place", "")))

    def address(self) -> dict[str, str]:
        """Return the choices as they stand in the address, only what is chosen."""
        found = {
            "community": str(self.choice.community_id or ""),
            "kind": self.choice.compound_kind or "",
            "status": ",".join(map(str, self.statuses or ())),
            "place": f"{self.place[0]}:{self.place[1]}" if self.place else "",
        }
        return {name: value for name, value in found.items() if value}

    def at(self, place: Place | None) -> "MapState":
        """Return the same choices with another place selected."""
        return replace(self, place=place)


def parse_place(text: str, kinds: Collection[str] = PLACE_KINDS) -> Place | None:
    """Return kind and id of a place written as ``building:7``; None when it is not one of these kinds.

    >>> parse_place("building:7"), parse_place("javascript:alert(1)"), parse_place("building:"), parse_place("cell:7")
    (('building', 7), None, None, None)
    """
    kind, _colon, number = text.partition(":")
    return (kind, int(number)) if kind in kinds and number.isdecimal() and len(number) < TOO_LONG else None


def look(state: MapState, stand: Stand, focus: tuple[Bounds, int] | None = None) -> Look:
    """Return what the map shows for some choices."""
    values = {"v": f"{stand.places}.{stand.posts}.{stand.on}"}
    values |= {"community": str(state.choice.community_id)} if state.choice.community_id else {}
    values |= {"kind": state.choice.compound_kind} if state.choice.compound_kind else {}
    return Look(
        tiles={topic: stand.version(topic) for topic in ("base", "places")},
        classes={kind: f"/classes/{kind}?{urlencode(values)}" for kind in KINDS},
        names_version=str(stand.places),
        few_buildings=stand.few_buildings,
        selected=state.place,
        statuses=state.statuses,
        focus=focus,
    )
