"""The document of roles, written from the one table of who may do what: ``python -m tests.house.roles_table``."""

from geo.access.rules import ACTION_LABELS, MAY, PAGE_ACTIONS, ROLE_LABELS, ROLES
from tests.house.sources import ROOT

TARGET = ROOT / "docs" / "roles.md"
HEAD = """# Roles

Who may do what is one table in `geo/access/rules.py`. Pages, routes, long work and every write ask it, and row
security in the database keeps the rows apart besides. This document is written from that table (`python -m
tests.house.roles_table`), so it says what holds.

A role is held from a day on and, when wanted, until a day. An **organiser** holds it for one or more communities,
**station staff** for a station (and see its community), a **building head** for the doors of a person on the
roster; the others hold it for the whole city. Somebody may hold several roles and then may do what any of them lets
them.

- Leaders and planners see that a post is held, not by whom: "held" stands where others read a name, in lists, cards
  and files. Figures are the same for everybody.
- A building head sees their own doors and who looks after the other doors of the same compound.
- An auditor sees the log and no places.
- An administrator runs the city and reads the log, and does not look into the records of helped persons.

"""
TABLE, PAGES = "## What each role may do\n\n", "\n## What each page asks for\n\n"
YES, NO = "●", ""


def document() -> str:
    """Return the document as it should be."""
    actions = [
        [label, *(YES if action in MAY[role] else NO for role in ROLES)] for action, label in ACTION_LABELS.items()
    ]
    pages = [[f"`{page}`", ACTION_LABELS[action]] for page, action in sorted(PAGE_ACTIONS.items())]
    titles = ["", *(ROLE_LABELS[role] for role in ROLES)]
    return HEAD + TABLE + _table(titles, actions) + PAGES + _table(["page", "action"], pages)


def _table(titles: list[str], rows: list[list[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="utf-8")
