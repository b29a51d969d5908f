"""What is published of the demo city, who reads it, and that the app role gets nothing rawer in any way."""

from collections import Counter
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geo.access.actor import OPERATOR
from geo.access.suppression import FAMILY_LABELS, OWNERS_ONLY, is_due, publish, published, published_of_city
from geo.cli import run
from geo.errors import BadInput, Conflict, NotAllowed
from geo.planning.writes import set_parameter
from geo.store.session import Actor, owner_engine, reading, writing
from tests.users import add_user

ALL_COUNTS = text("SELECT id, groups FROM published_count")
A_MONTH_AGO = text("UPDATE publication SET month = month - interval '1 month', made_on = made_on - 31")


@pytest.fixture
def owner(demo_store: object) -> Iterator[Connection]:
    """A connection of the tables' owner, outside row security."""
    with owner_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        yield connection


def _raw(owner: Connection) -> dict[str, int]:
    residents = ["age_0_17", "age_18_39", "age_40_59", "age_60_69", "age_70_89", "age_90_up"]
    summed = " + ".join(f"coalesce({age}, 0)" for age in residents)
    return {
        "residents": owner.scalar(text(f"SELECT sum({summed}) FROM residents")),
        "helped": owner.scalar(
            text("SELECT count(DISTINCT helped_person_id) FROM care_need WHERE status <> 'ended'")
        ),
    }  # fmt: skip


def test_the_demo_city_is_published_with_nothing_below_the_least_count(owner: Connection) -> None:
    rows = owner.execute(text("SELECT c.attribute, c.groups FROM published_count c")).all()
    assert len(rows) > 100
    for attribute, groups in rows:
        assert all(group["count"] >= (10 if attribute == "alone" else 5) for group in groups)
    with reading(OPERATOR) as connection:
        city = published_of_city(connection)
    assert [family.family for family in city] == list(FAMILY_LABELS)
    for family in city:
        for counted in family.counts:
            assert sum(group.count for group in counted.groups) == _raw(owner)[family.family]


def test_every_place_with_numbers_has_its_block_and_unknown_buildings_are_told(owner: Connection) -> None:
    buildings = owner.scalar(text("SELECT count(*) FROM building WHERE closed_on IS NULL"))
    without = owner.execute(
        text(
            "SELECT c.id FROM compound c JOIN building b ON b.compound_id = c.id LEFT JOIN residents r "
            "ON r.building_id = b.id GROUP BY 1 HAVING count(r.building_id) = 0"
        )
    ).scalars()
    empty = set(without)
    with reading(OPERATOR) as connection:
        everybody = next(c for c in published_of_city(connection)[0].counts if c.attribute == "everybody")
        for compound in owner.execute(text("SELECT id FROM compound")).scalars():
            here = {family.family: family for family in published(connection, "compound", compound)}
            nearest = min(counted.steps for counted in here["residents"].counts)
            assert (nearest == 0) == (compound not in empty)
            assert "helped" in here
    assert everybody.records + everybody.unknown == buildings


def test_residents_who_are_not_helped_are_guarded_by_every_class_of_every_building(owner: Connection) -> None:
    year = 2026
    upper = {"age_0_17": 18, "age_18_39": 40, "age_40_59": 60, "age_60_69": 70, "age_70_89": 90, "age_90_up": 999}
    helped: Counter[tuple[int, str]] = Counter()
    for building, born in owner.execute(
        text(
            "SELECT p.building_id, p.birth_year FROM personal.helped_person p WHERE EXISTS "
            "(SELECT FROM care_need n WHERE n.helped_person_id = p.id AND n.status <> 'ended')"
        )
    ):
        age = "unknown" if born is None else next(code for code, end in upper.items() if year - born < end)
        helped[building, age] += 1
    expected: Counter[tuple[int, str]] = Counter()
    counts: Counter[tuple[int, str]] = Counter()
    for row in owner.execute(
        text("SELECT b.compound_id, r.* FROM residents r JOIN building b ON b.id = r.building_id")
    ):
        for code in upper:
            lives = getattr(row, code)
            if lives is not None:
                counts[row.compound_id, code] += lives
                rest = lives - helped[row.building_id, code] - helped[row.building_id, "unknown"]
                expected[row.compound_id, code] += max(rest, 0)
    assert sum(expected.values()) < sum(counts.values())
    cells = owner.execute(text("SELECT * FROM suppressed_cells('residents', :year)"), {"year": year}).all()
    for cell in cells:
        if cell.attribute == "age":
            place = (cell.compound_id, cell[2])
            assert (cell.n, cell.rest) == (counts[place], expected[place])
    assert sum(cell.rest for cell in cells if cell.attribute == "everybody") == sum(expected.values())


def test_each_role_reads_what_touches_its_places(owner: Connection) -> None:
    mine, other = owner.scalars(
        text("SELECT community_id FROM building GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 2")
    ).all()
    north = add_user("organiser-n", "organiser", owner=owner, community_id=mine)
    total = len(owner.execute(ALL_COUNTS).all())
    touching = owner.scalar(
        text("SELECT count(*) FROM published_count WHERE :mine = ANY (community_ids)"), {"mine": mine}
    )
    assert 0 < touching < total
    for actor, expected in (
        (OPERATOR, total),
        (add_user("leader-1", "leader", owner=owner), total),
        (add_user("planner-1", "planner", owner=owner), total),
        (north, touching),
        (add_user("auditor-1", "auditor", owner=owner), 0),
        (Actor("nobody"), 0),
    ):
        with reading(actor) as connection:
            assert len(connection.execute(ALL_COUNTS).all()) == expected, actor
    with reading(north) as connection:
        assert all(mine_or_above.steps < 9 for mine_or_above in published(connection, "community", mine)[0].counts)
        assert all(
            counted.steps > 0 for family in published(connection, "community", other) for counted in family.counts
        )


def test_the_same_numbers_for_everybody_until_the_next_month(owner: Connection) -> None:
    with reading(OPERATOR) as connection:
        before = published_of_city(connection)
        assert not is_due(connection)
    owner.execute(text("DELETE FROM residents WHERE building_id = (SELECT min(building_id) FROM residents)"))
    with pytest.raises(Conflict), writing(OPERATOR) as session:
        publish(session)
    with reading(OPERATOR) as connection:
        assert published_of_city(connection) == before
    owner.execute(text("UPDATE publication SET month = month - interval '1 month', made_on = made_on - 30"))
    with pytest.raises(Conflict), writing(OPERATOR) as session:
        publish(session)
    owner.execute(text("UPDATE publication SET made_on = made_on - 1"))
    with writing(OPERATOR) as session:
        assert is_due(session.connection())
        found = publish(session)
    with reading(OPERATOR) as connection:
        after = published_of_city(connection)
    assert set(found) == set(FAMILY_LABELS)
    assert after[0].counts != before[0].counts
    assert after[1].counts == before[1].counts
    assert owner.scalar(text("SELECT count(DISTINCT publication_id) FROM published_count")) == 2
    logged = owner.scalars(text("SELECT after FROM audit_entry WHERE action = 'publish_counts' ORDER BY id")).all()
    assert logged[-1] == found


def test_the_least_count_can_be_raised_and_never_lowered(owner: Connection) -> None:
    for name, too_low in (("suppress_below", 4), ("suppress_below_alone", 9)):
        with pytest.raises(BadInput), writing(OPERATOR) as session:
            set_parameter(session, name, too_low, expected_version=0)
    with writing(OPERATOR) as session:
        set_parameter(session, "suppress_below", 30, expected_version=0)
    owner.execute(A_MONTH_AGO)
    with writing(OPERATOR) as session:
        publish(session)
    rows = owner.scalars(text("SELECT groups FROM published_count")).all()
    assert min(group["count"] for groups in rows for group in groups) >= 30
    owner.execute(text("UPDATE parameter SET value = '1' WHERE name = 'suppress_below'"))
    owner.execute(A_MONTH_AGO)
    with writing(OPERATOR) as session:
        publish(session)
    rows = owner.scalars(text("SELECT groups FROM published_count")).all()
    assert 5 <= min(group["count"] for groups in rows for group in groups) < 30


def test_only_administrators_publish_and_nobody_writes_counts_by_hand(owner: Connection) -> None:
    owner.execute(A_MONTH_AGO)
    leader = add_user("leader-2", "leader", owner=owner)
    with pytest.raises(NotAllowed), writing(leader) as session:
        publish(session)
    with pytest.raises(DBAPIError, match="only an administrator"), writing(leader) as session:
        session.execute(text("SELECT publish_counts()"))
    for statement in ("DELETE FROM published_count", "UPDATE publication SET month = '2000-01-01'"):
        with pytest.raises(DBAPIError, match="permission denied"), writing(OPERATOR) as session:
            session.execute(text(statement))


def test_the_command_publishes_and_says_when_it_is_too_early(
    owner: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["personal", "publish"]) == 1
    assert "not a month old" in capsys.readouterr().err
    owner.execute(A_MONTH_AGO)
    assert run(["personal", "publish"]) == 0
    assert "Residents by age" in capsys.readouterr().out


def test_the_app_role_reaches_no_raw_count(owner: Connection) -> None:
    functions = owner.execute(
        text(
            "SELECT p.proname, p.prosrc, p.prosecdef FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
            "WHERE n.nspname = 'public' AND has_function_privilege('yizhan_app', p.oid, 'EXECUTE') "
            "AND p.prolang IN (SELECT oid FROM pg_language WHERE lanname IN ('sql', 'plpgsql')) "
            "AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
    ).all()
    names = {row.proname for row in functions}
    assert {"publish_counts", "app_actor_known"} <= names
    made = set(owner.scalars(text("SELECT proname FROM pg_proc WHERE proname LIKE 'suppressed%'")))
    assert made == set(OWNERS_ONLY)
    assert not names & made
    open_doors = {row.proname for row in functions if row.prosecdef and "suppressed_" in row.prosrc}
    assert open_doors == {"publish_counts"}
    raw = {row.proname for row in functions if "helped_person" in row.prosrc or "residents" in row.prosrc}
    assert raw == {"publish_counts"}
    leader = add_user("leader-3", "leader", owner=owner)
    with reading(leader) as connection:
        assert connection.scalar(text("SELECT count(*) FROM residents")) == 0
    for question in ("personal.helped_person", "suppressed_cells('residents', 2026)", "suppressed_places('helped')"):
        with pytest.raises(DBAPIError, match="permission denied"), reading(leader) as connection:
            connection.execute(text(f"SELECT * FROM {question}"))
