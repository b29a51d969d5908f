"""A matched roster into posts, persons and holdings: nothing is overwritten, what it ends or corrects can be undone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, insert, text
from sqlalchemy.orm import Session

from geo.access.contacts import keep_contacts, marks_of, phone_end
from geo.access.keyring import keyring
from geo.access.keys import Keyring
from geo.access.sealing import mark
from geo.exchange.arrivals import column
from geo.exchange.findings import Findings
from geo.exchange.prepared import Prepared
from geo.exchange.terms import Held, Offered, PersonKey, Plan, plan
from geo.people.rules import plain_phone
from geo.people.tables import SINGLE_SEAT, Person
from geo.places.rules import pinyin_of
from geo.store import clock
from geo.store.copy import copy_columns
from geo.store.session import sync_driver
from geo.store.statements import statement

STAGED = {"row": "int8", "place_kind": "text", "place_id": "int8", "post": "text"}
DEFAULT_HOW = "elected"


class PhoneBook:
    """Numbers of a roster by their marks, so that they are compared with those the registry keeps sealed."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.phones: dict[str, str] = {}
        self._newest: dict[str, str] = {}
        self._ring: Keyring | None = None

    def mark(self, phone: str | None) -> str | None:
        """Return the mark of a number, None for none; the number itself is kept for whoever has to be made."""
        if phone is None:
            return None
        self._ring = ring = self._ring or keyring(self.connection)
        newest = mark(ring.sealing, phone).hex()
        self._newest.update({mark(key, phone).hex(): newest for key in ring.keys})
        self.phones[newest] = phone
        return newest

    def of(self, person_ids: Iterable[int]) -> dict[int, str]:
        """Return the marks of persons who have a number, as this roster writes them."""
        found = marks_of(self.connection, list(person_ids))
        return {person_id: self._newest.get(one.hex(), one.hex()) for person_id, one in found.items()}


@dataclass(frozen=True)
class Run:
    """An import that writes persons: its number, its file and the numbers it brings."""

    id: int
    file_name: str
    book: PhoneBook


def seat(session: Session, run_id: int, prepared: Prepared, noted: Findings) -> dict[str, int]:
    """Seat the persons of a roster whose rows were matched to places (columns place_kind and place_id).

    Every building of a compound the roster tells something new about gets a head's post. Rows that clash with a term
    the registry knows, or with an earlier row, are refused with a finding. Returns how many holdings are new, changed
    and unchanged, and how many posts and persons are new.
    """
    connection = session.connection()
    before = connection.execute(text("SELECT count(*) FROM post")).scalar_one()
    _make_posts(connection, run_id, prepared)
    book = PhoneBook(connection)
    offered, communities = _offered(connection, prepared, book)
    today = clock.today()
    held = _held(connection, {item.post_id for item in offered}, book)
    offered = _known_again(book, offered, held, communities)
    decided = plan(offered, held, today=today)
    _note(decided, noted)
    connection.execute(text(statement("exchange", "vacancies")), {"rows": [item.row for item in decided.add]})
    posts = connection.execute(text("SELECT count(*) FROM post")).scalar_one() - before
    changed = _end_and_correct(connection, run_id, decided, prepared.file_name)
    persons = _add(connection, Run(run_id, Path(prepared.file_name).name, book), decided.add, communities)
    return {
        "new": len(decided.add),
        "changed": changed,
        "unchanged": len(decided.same),
        "posts": posts,
        "persons": persons,
    }


def _make_posts(connection: Connection, run_id: int, prepared: Prepared) -> None:
    driver = sync_driver(connection)
    connection.execute(
        text("SELECT set_config('app.import_run', :run, true), set_config('app.import_file', :file, true)"),
        {"run": str(run_id), "file": Path(prepared.file_name).name},
    )
    driver.execute("DROP TABLE IF EXISTS pg_temp.roster, pg_temp.seats")
    driver.execute('CREATE TEMP TABLE roster ("row" int8, place_kind text, place_id int8, post text) ON COMMIT DROP')
    if len(prepared.rows):
        copy_columns(
            connection, "roster", STAGED, {name: column(prepared.rows[name], kind) for name, kind in STAGED.items()}
        )
    driver.execute(statement("exchange", "seats"))


def _offered(connection: Connection, prepared: Prepared, book: PhoneBook) -> tuple[list[Offered], dict[int, int]]:
    """Return the rows at their posts, and the community of each post."""
    found = connection.execute(
        text(
            "SELECT s.row, min(p.id), min(p.community_id) FROM seats s JOIN post p ON p.kind = s.post "
            "AND CASE s.place_kind WHEN 'building' THEN p.building_id WHEN 'unit' THEN p.unit_id "
            "WHEN 'station' THEN p.station_id WHEN 'grid' THEN p.grid_id ELSE p.organisation_id END = s.place_id "
            "GROUP BY s.row"
        )
    ).all()
    post_of = {row: (post_id, community_id) for row, post_id, community_id in found}
    assumed = {int(row) for batch in prepared.findings.batches if batch.code == "from_assumed" for row in batch.rows}
    today = clock.today()
    offered = [
        Offered(
            row=int(item.row),
            post_id=post_of[item.row][0],
            who=(str(item.name), book.mark(plain_phone(cell_text(item.phone)))),
            from_on=_day(item.from_on) or today,
            to_on=_day(item.to_on),
            how=cell_text(item.how),
            single_seat=item.post in SINGLE_SEAT,
            from_assumed=int(item.row) in assumed or _day(item.from_on) is None,
        )
        for item in prepared.rows.itertuples(index=False)
        if item.row in post_of
    ]
    return offered, dict(post_of.values())


def _held(connection: Connection, posts: Iterable[int], book: PhoneBook) -> list[Held]:
    rows = connection.execute(
        text(
            "SELECT h.id, h.post_id, n.name, n.id AS person_id, h.from_on, h.to_on, h.how FROM holding h "
            "JOIN person n ON n.id = h.person_id WHERE h.post_id = ANY(:posts)"
        ),
        {"posts": list(posts)},
    ).all()
    marks = book.of(row.person_id for row in rows)
    return [
        Held(row.id, row.post_id, (row.name, marks.get(row.person_id)), row.from_on, row.to_on, row.how) for row in rows
    ]


def _known_again(
    book: PhoneBook, offered: list[Offered], held: list[Held], communities: dict[int, int]
) -> list[Offered]:
    """Take a row without a number for the one person of that name at its post, else in its community."""
    bare = {(communities[row.post_id], row.who) for row in offered if row.who[1] is None}
    named: dict[tuple[object, ...], set[PersonKey]] = {}
    for term in held:
        for place in ((term.post_id, term.from_on), (term.post_id,)):
            named.setdefault((*place, term.who[0]), set()).add(term.who)
    for community, who in persons_named(book.connection, bare, book):
        named.setdefault(("community", community, who[0]), set()).add(who)
    return [_once_more(row, communities[row.post_id], named) for row in offered]


def _once_more(row: Offered, community: int, named: dict[tuple[object, ...], set[PersonKey]]) -> Offered:
    name = row.who[0]
    places = ((row.post_id, row.from_on, name), (row.post_id, name), ("community", community, name))
    found = next((named[place] for place in places if len(named.get(place, ())) == 1), None)
    return row if row.who[1] is not None or found is None else replace(row, who=next(iter(found)))


def _note(decided: Plan, noted: Findings) -> None:
    if decided.taken:
        holders = np.array([term.who[0] for term in decided.taken.values()], dtype=object)
        since = np.array([term.from_on.isoformat() for term in decided.taken.values()], dtype=object)
        noted.add("seat_taken", list(decided.taken), field="post", holder=holders, since=since)
    if decided.twice:
        noted.add("seat_twice", list(decided.twice), field="post", first=np.array(list(decided.twice.values())))


def _end_and_correct(connection: Connection, run_id: int, decided: Plan, file_name: str) -> int:
    touched = [*decided.end, *decided.correct]
    if not touched:
        return 0
    connection.execute(
        text(
            "INSERT INTO import_change (import_run_id, entity, entity_id, before) SELECT :run, 'holding', id, "
            "jsonb_build_object('to_on', to_on, 'how', how, 'end_reason', end_reason, 'version', version) "
            "FROM holding WHERE id = ANY(:ids)"
        ),
        {"run": run_id, "ids": touched},
    )
    changes = [{"id": key, "to_on": day, "how": None, "reason": file_name} for key, day in decided.end.items()]
    changes += [{"id": key, "to_on": row.to_on, "how": row.how, "reason": None} for key, row in decided.correct.items()]
    connection.execute(
        text(
            "UPDATE holding SET to_on = coalesce(:to_on, to_on), how = coalesce(:how, how), "
            "end_reason = coalesce(:reason, end_reason), version = version + 1, changed_at = now() WHERE id = :id"
        ),
        changes,
    )
    return len(touched)


def _add(connection: Connection, run: Run, rows: list[Offered], communities: dict[int, int]) -> int:
    if not rows:
        return 0
    persons, made = persons_for(connection, run, {(communities[row.post_id], row.who) for row in rows})
    holdings = [
        {
            "post": row.post_id,
            "community": communities[row.post_id],
            "person": persons[communities[row.post_id], row.who],
            "from_on": row.from_on,
            "to_on": row.to_on,
            "how": row.how or DEFAULT_HOW,
            "single": row.single_seat,
            "run": run.id,
        }
        for row in rows
    ]
    connection.execute(
        text(
            "INSERT INTO holding (post_id, person_id, community_id, from_on, to_on, how, single_seat, import_id) "
            "VALUES (:post, :person, :community, :from_on, :to_on, :how, :single, :run)"
        ),
        holdings,
    )
    return made


def persons_for(
    connection: Connection, run: Run, wanted: set[tuple[int, PersonKey]]
) -> tuple[dict[tuple[int, PersonKey], int], int]:
    """Return the persons of these communities by name and number, made where missing, and how many were made."""
    named = persons_named(connection, wanted, run.book)
    known = {who: key for who, key in named.items() if who in wanted}
    missing = sorted(wanted - known.keys(), key=str)
    if missing:
        rows = [
            {
                "name": name,
                "pinyin": pinyin_of(name) or None,
                "phone_end": phone_end(run.book.phones.get(mark or "")),
                "community_id": community,
                "source": run.file_name,
                "import_id": run.id,
            }
            for community, (name, mark) in missing
        ]
        making = insert(Person).returning(Person.id, sort_by_parameter_order=True)
        ids = connection.scalars(making, rows).all()
        known |= dict(zip(missing, ids, strict=True))
        phones = {key: run.book.phones[who[1]] for (_community, who), key in known.items() if key in ids and who[1]}
        keep_contacts(connection, phones)
    return known, len(missing)


def persons_named(
    connection: Connection, wanted: set[tuple[int, PersonKey]], book: PhoneBook
) -> dict[tuple[int, PersonKey], int]:
    """Return everybody of these names in these communities by community, name and number."""
    rows = connection.execute(
        text(
            "SELECT id, community_id, name FROM person WHERE closed_on IS NULL "
            "AND community_id = ANY(:communities) AND name = ANY(:names) ORDER BY id DESC"
        ),
        {"communities": sorted({key[0] for key in wanted}), "names": sorted({key[1][0] for key in wanted})},
    ).all()
    marks = book.of(row.id for row in rows)
    return {(row.community_id, (row.name, marks.get(row.id))): row.id for row in rows}


def cell_text(value: Any) -> str | None:
    """Return a cell as text, None where it is unknown."""
    return None if value is None or pd.isna(value) else str(value)


def _day(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else value
