"""What the map page's map shows first, known before the page itself runs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from geo.briefing.map_state import MapState, Place, look
from geo.briefing.overview import known_communities, stand_now
from geo.errors import NotFound
from geo.maps.city_map import Bounds, Look
from geo.places.reads import city, place_card
from geo.store.session import Actor, reading


@dataclass(frozen=True)
class FirstLook:
    """Where the map looks (west, south, east, north in degrees) and what it shows."""

    bounds: Bounds
    look: Look


def first_look(actor: Actor, query: Mapping[str, str]) -> FirstLook | None:
    """Return what the map shows for the address of its page, as the page itself would; None without a city."""
    with reading(actor) as connection:
        here = city(connection)
    if here is None:
        return None
    stand = stand_now(actor)
    state = MapState.from_address(query)
    wanted = state.choice.community_id
    if wanted is not None and wanted not in {row.id for row in known_communities(stand)}:
        state = replace(state, choice=replace(state.choice, community_id=None))
    return FirstLook(here.bounds, beginning(look(state, stand), begins_at(actor, state.place)))


def begins_at(actor: Actor, place: Place | None) -> Bounds | None:
    """Return what a map shows first whose address names a place; None without a place the actor sees the shape of."""
    if place is None:
        return None
    try:
        with reading(actor) as connection:
            return place_card(connection, *place).bounds
    except NotFound:
        return None


def beginning(shown: Look, begin: Bounds | None) -> Look:
    """Return a look that goes to where the session begins, until it is told to go elsewhere.

    A focus numbered 0 is that of the beginning: a view that stands in the address goes before it.
    """
    return replace(shown, focus=(begin, 0)) if begin and shown.focus is None else shown
