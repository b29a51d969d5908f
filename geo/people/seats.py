"""Seats: the posts a place can have, found or made, for the commands on posts and on who is asked to take one."""

from typing import Any, NamedTuple

from sqlalchemy import Row, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from geo.errors import Conflict, NotFound, Outdated
from geo.i18n import N_
from geo.people.tables import Post
from geo.places.rules import table_of

PLACE_OF_POST = {
    "building_head": "building",
    "unit_head": "unit",
    "grid_member": "grid",
    "stationmaster": "station",
    "deputy_stationmaster": "station",
}


class Seat(NamedTuple):
    """A post by its kind and the id of its place (a building, unit, grid or station)."""

    kind: str
    place_id: int

    @property
    def place_kind(self) -> str:
        """Return the kind of place this kind of post belongs to."""
        return PLACE_OF_POST[self.kind]


def post_of(session: Session, seat: Seat) -> tuple[Post, bool]:
    """Return the post of a seat and whether it was made just now; raises NotFound, and Conflict for a closed place."""
    column = getattr(Post, f"{seat.place_kind}_id")
    post = session.scalar(
        select(Post).where(Post.kind == seat.kind, column == seat.place_id, Post.closed_on.is_(None)).with_for_update()
    )
    if post is not None:
        return post, False
    place = _open_place(session, seat)
    post = Post(kind=seat.kind, community_id=place.community_id, **{f"{seat.place_kind}_id": seat.place_id})
    session.add(post)
    flushed(session)
    return post, True


def _open_place(session: Session, seat: Seat) -> Row[Any]:
    place = session.execute(
        text(f"SELECT community_id, closed_on FROM {table_of(seat.place_kind)} WHERE id = :id"),  # noqa: S608
        {"id": seat.place_id},
    ).first()
    if place is None:
        raise NotFound(N_("This place does not exist, or you may not see it. Choose it again from the map."))
    if place.closed_on is not None:
        raise Conflict(N_("This place was closed on {day}. A closed place has no posts."), day=place.closed_on)
    return place


def flushed(session: Session) -> None:
    """Write what is pending; raises Outdated when somebody else changed the same post at the same moment."""
    try:
        session.flush()
    except IntegrityError as error:
        raise Outdated(
            N_("Somebody else changed this post at the same moment. Look at the new state, then decide again.")
        ) from error
