"""How many care needs there are, by status and task, and in which compounds: for filters and key figures."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, text

from geo.people.tables import NEED_STATUSES, TASKS
from geo.store.statements import statement


@dataclass(frozen=True)
class NeedFigures:
    """Needs by status (every status of needs.STATUS_LABELS), and the open ones by task and without a person."""

    by_status: dict[str, int]
    open_by_task: dict[str, int]
    open_without_person: int

    @property
    def records(self) -> int:
        """Return how many needs are recorded, the ended ones too."""
        return sum(self.by_status.values())


@dataclass(frozen=True)
class CompoundWithNeeds:
    """A compound where needs are recorded; compound is None where buildings are not assigned to one yet."""

    community_id: int
    community: str
    compound_id: int
    compound: str | None
    open: int


def need_figures(
    connection: Connection, *, community_id: int | None = None, compound_id: int | None = None
) -> NeedFigures:
    """Return how many needs the actor sees, in a part of the city or (None) everywhere they may look."""
    values = {"community_id": community_id, "compound_id": compound_id}
    by_status, by_task = dict.fromkeys(NEED_STATUSES, 0), Counter(dict.fromkeys(TASKS, 0))
    without_person = 0
    for row in connection.execute(text(statement("people", "need_figures")), values):
        by_status[row.status] += row.needs
        if row.status == "open":
            by_task.update(dict.fromkeys(row.tasks, row.needs))
            without_person += row.without_person
    return NeedFigures(by_status, dict(by_task), without_person)


def compounds_with_needs(connection: Connection) -> list[CompoundWithNeeds]:
    """Return the compounds where the actor sees needs, by community and name."""
    rows = connection.execute(text(statement("people", "need_compounds")))
    return [CompoundWithNeeds(*row) for row in rows]
