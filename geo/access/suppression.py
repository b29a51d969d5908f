"""Counts of personal attributes for roles that may not see the rows: published once a month, merged upwards.

How they are merged is in sql/suppressed_counts.sql and what it calls, which only the owner of the tables may run; the
one way in is publish_counts() of sql/suppressed_publish.sql. docs/security.md says why no smaller number can be found.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, text
from sqlalchemy.orm import Session

from geo.access.helped_persons import RISK_LABELS
from geo.access.reads import require
from geo.errors import Conflict
from geo.i18n import N_, _
from geo.jobs.context import JobContext
from geo.store.session import writing
from geo.store.statements import statement

OWNERS_ONLY = (
    "suppressed_tree", "suppressed_standing", "suppressed_groups", "suppressed_counts", "suppressed_places",
    "suppressed_cells", "suppressed_family",
)  # fmt: skip
"""Functions of sql/ that the app role may not run: they take or give raw counts."""
FAMILY_LABELS = {"residents": N_("Residents by age"), "helped": N_("People who need care")}
ATTRIBUTE_LABELS = {
    "everybody": N_("All"),
    "age": N_("Age"),
    "risk": N_("Risk class"),
    "alone": N_("Living alone"),
}
CLASS_LABELS = RISK_LABELS | {
    "all": N_("all"),
    "yes": N_("living alone"),
    "no": N_("not alone"),
    "unknown": N_("unknown"),
}
AGES = {
    "age_0_17": (0, 17), "age_18_39": (18, 39), "age_40_59": (40, 59), "age_60_69": (60, 69), "age_70_89": (70, 89),
    "age_90_up": (90, None),
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Classes counted together and how many people they hold."""

    classes: tuple[str, ...]
    count: int


@dataclass(frozen=True)
class Counted:
    """The counts of an attribute in the places that hold the place asked about.

    places: (kind, id, name or None for one that is not assigned yet); steps: how far above it they lie, 0 for itself
    and its neighbours; resolution: 1 for the finest groups; records and unknown: buildings with and without numbers,
    None where persons are counted one by one.
    """

    attribute: str
    resolution: int
    groups: tuple[Group, ...]
    places: tuple[tuple[str, int, str | None], ...]
    steps: int
    records: int | None
    unknown: int | None

    @property
    def is_alone(self) -> bool:
        """Tell whether the counts are of the place asked about and no other."""
        return self.steps == 0 and len(self.places) == 1


@dataclass(frozen=True)
class Published:
    """What was published of a family on a day; no count is below its least."""

    family: str
    made_on: date
    least: int
    least_alone: int
    counts: tuple[Counted, ...]


def published(connection: Connection, kind: str, place_id: int) -> tuple[Published, ...]:
    """Return what the actor may know of the people of a compound or an area, by family."""
    rows = connection.execute(
        text(statement("access", "suppressed_of_place")), {"kind": kind, "place_id": place_id}
    ).all()
    found = []
    for family in FAMILY_LABELS:
        of_family = [row for row in rows if row.family == family]
        if of_family:
            first = of_family[0]
            counts = tuple(_counted(row) for row in of_family)
            found.append(Published(family, first.made_on, first.suppress_below, first.suppress_below_alone, counts))
    return tuple(found)


def published_of_city(connection: Connection) -> tuple[Published, ...]:
    """Return what the actor may know of the people of the whole city, by family."""
    city_id = connection.scalar(text("SELECT min(id) FROM area WHERE level = 'city'"))
    return published(connection, "city", city_id) if city_id else ()


def _counted(row: Row[Any]) -> Counted:
    groups = tuple(Group(tuple(group["classes"]), group["count"]) for group in row.groups)
    places = tuple((kind, place_id, name) for kind, place_id, name in row.places)
    return Counted(row.attribute, row.resolution, groups, places, row.steps, row.records, row.unknown)


def worth_showing(counts: Iterable[Counted]) -> list[Counted]:
    """Return of each attribute the counts of the fewest places, and finer groups where more places tell them.

    >>> here, around = (("compound", 1, "A"),), (("compound", 1, "A"), ("compound", 2, "B"))
    >>> fine = Counted("age", 1, (Group(("age_0_17",), 9), Group(("age_18_39",), 9)), around, 0, 2, 0)
    >>> coarse = Counted("age", 2, (Group(("age_0_17", "age_18_39"), 11),), here, 0, 1, 0)
    >>> [one.resolution for one in worth_showing([fine, coarse])]
    [2, 1]
    """
    found: list[Counted] = []
    for attribute in ATTRIBUTE_LABELS:
        finest_first = sorted((one for one in counts if one.attribute == attribute), key=lambda one: one.resolution)
        by_places: dict[tuple[tuple[str, int, str | None], ...], Counted] = {}
        for one in finest_first:
            by_places.setdefault(one.places, one)
        found += reversed(by_places.values())
    return found


def group_name(group: Group) -> str:
    """Return what people call classes counted together.

    >>> group_name(Group(("unknown", "age_0_17", "age_18_39"), 9)), group_name(Group(("age_70_89", "age_90_up"), 9))
    ('under 40 or unknown', '70 and over')
    >>> group_name(Group(("age_18_39", "age_40_59"), 9)), group_name(Group(("no", "unknown"), 9))
    ('18 to 59', 'not alone or unknown')
    """
    words = []
    ages = [AGES[code] for code in group.classes if code in AGES]
    if ages:
        words.append(_age_name(ages[0][0], ages[-1][1]))
    others = sorted((code for code in group.classes if code not in AGES), key=lambda code: code == "unknown")
    words += [_(CLASS_LABELS[code]) for code in others]
    return _(" or ").join(words)


def _age_name(first: int, last: int | None) -> str:
    if last is None:
        return _("{age} and over", age=first) if first else _("of known age")
    return _("{first} to {last}", first=first, last=last) if first else _("under {age}", age=last + 1)


def is_due(connection: Connection) -> bool:
    """Tell whether some family has no counts of the last 31 days."""
    query = "SELECT count(*) FROM publication WHERE made_on > current_date - 31"
    return int(connection.scalar(text(query)) or 0) < len(FAMILY_LABELS)


def publish(session: Session) -> dict[str, int]:
    """Publish the counts as they are now, 31 days after the last at the earliest; return the blocks of each family.

    Raises NotAllowed for a role that does not publish, Conflict when they are published or there is nothing to count.
    """
    require(session, "publish_counts")
    found: dict[str, int] = session.execute(text("SELECT publish_counts()")).scalar_one()
    if not found:
        raise Conflict(
            N_(
                "Nothing new was published: the last counts are not a month old, or nobody is on record yet. They are "
                "renewed every 31 days at most, so that two of them do not differ by one person."
            )
        )
    return found


def publish_as_job(context: JobContext) -> dict[str, Any]:
    """Publish the counts of this month as long work."""
    context.progress(0.1, N_("Merging small counts"))
    with writing(context.actor) as session:
        return {"published": publish(session)}
