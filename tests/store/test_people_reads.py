"""Who holds what, in the real database: the queries agree with the rules, and show what an actor may see."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.people import reads
from geo.people.rules import HeadClass, HeldBuilding, Term, head_class, head_load, is_current, is_ending
from geo.store.session import Actor, owner_engine, reading
from tests.contacts import add_phone
from tests.store.small_city import NORTH_ORGANISER, TODAY, SmallCity, add, build

ENDING_DAYS = 60
ALARM = 40
BUILDINGS = 60
PERSONS = 18


@dataclass
class Made:
    """A random city as plain lists: what the rules are asked about."""

    households: dict[int, int | None] = field(default_factory=dict)
    units: dict[int, list[tuple[int, int | None]]] = field(default_factory=dict)
    heads: dict[int, list[tuple[int, Term]]] = field(default_factory=dict)
    unit_heads: dict[int, list[tuple[int, Term]]] = field(default_factory=dict)


def _terms(dice: random.Random, persons: list[int]) -> list[tuple[int, Term]]:
    """Terms one after the other, some of no days, some with gaps, some without end."""
    day = TODAY - timedelta(days=dice.choice([2000, 400, 30]))
    found = []
    for _turn in range(dice.randint(0, 4)):
        begins = day + timedelta(days=dice.choice([0, 0, 45]))
        length = dice.choice([0, 20, 90, 350, 700, None])
        ends = None if length is None else begins + timedelta(days=length)
        found.append((dice.choice(persons), Term(begins, ends)))
        if ends is None:
            break
        day = ends
    return found


def _hold(owner: Any, post: dict[str, Any], terms: list[tuple[int, Term]], community: int) -> None:
    post_id = add(owner, "post", community_id=community, **post)
    for person, term in terms:
        add(
            owner, "holding", post_id=post_id, person_id=person, community_id=community, from_on=term.from_on,
            to_on=term.to_on, how="elected",
        )  # fmt: skip


def _random_city(city: SmallCity, seed: int) -> Made:
    dice = random.Random(seed)
    made, north = Made(), city["north"]
    with owner_engine().begin() as owner:
        owner.execute(text("DELETE FROM unit; DELETE FROM building"))
        persons = [add(owner, "person", name=f"人{at}", community_id=north) for at in range(PERSONS)]
        shape = owner.scalar(text("SELECT ST_AsText(geom) FROM compound LIMIT 1"))
        for at in range(BUILDINGS):
            households = dice.choice([None, 8, 16, 24, 36])
            building = add(
                owner, "building", code=f"r{at}", compound_id=city["north-c"], community_id=north,
                households=households, geom=shape,
            )  # fmt: skip
            made.households[building] = households
            made.units[building] = []
            if dice.random() < 0.85:
                made.heads[building] = _terms(dice, persons)
                _hold(owner, {"kind": "building_head", "building_id": building}, made.heads[building], north)
            for number in range(dice.choice([0, 0, 2])):
                count = dice.choice([None, 4, 12])
                unit = add(
                    owner, "unit", code=f"r{at}-{number}", number=str(number), building_id=building,
                    community_id=north, households=count,
                )  # fmt: skip
                made.units[building].append((unit, count))
                if dice.random() < 0.6:
                    made.unit_heads[unit] = _terms(dice, persons)
                    _hold(owner, {"kind": "unit_head", "unit_id": unit}, made.unit_heads[unit], north)
    return made


def _holder(terms: list[tuple[int, Term]], on: date) -> tuple[int, Term] | None:
    return next((held for held in terms if is_current(held[1], on)), None)


def _loads(made: Made, on: date) -> dict[int, int | None]:
    buildings: dict[int, list[HeldBuilding]] = {}
    units: dict[int, list[int | None]] = {}
    for building, listed in made.units.items():
        headed = 0
        for unit, count in listed:
            holder = _holder(made.unit_heads.get(unit, []), on)
            if holder:
                units.setdefault(holder[0], []).append(count)
                headed += count or 0
        holder = _holder(made.heads.get(building, []), on)
        if holder:
            buildings.setdefault(holder[0], []).append(HeldBuilding(made.households[building], headed))
    people = {*buildings, *units}
    return {person: head_load(buildings.get(person, []), units.get(person, [])) for person in people}


def _expected(made: Made, on: date) -> dict[int, HeadClass]:
    carried = _loads(made, on)
    found = {}
    for building in made.households:
        terms = made.heads.get(building)
        holder = _holder(terms or [], on)
        followed = holder is not None and any(
            term.from_on == holder[1].to_on and (term.to_on is None or term.to_on > term.from_on)
            for _person, term in terms or []
        )
        found[building] = head_class(
            in_roster=terms is not None,
            held=holder is not None,
            ending=holder is not None and is_ending(holder[1], on, ENDING_DAYS) and not followed,
            load=carried.get(holder[0]) if holder else None,
            alarm_households=ALARM,
        )
    return found


def test_the_classes_of_random_cities_are_those_of_the_rules(clean_store: object) -> None:
    city = build()
    made = _random_city(city, seed=7)
    seen = set()
    for days in (0, 25, 95, 400):
        on = TODAY + timedelta(days=days)
        expected = _expected(made, on)
        with reading(OPERATOR) as connection:
            ids, classes = reads.head_classes(connection, on=on, ending_days=ENDING_DAYS, alarm_households=ALARM)
            few = sorted(made.households)[::7]
            some_ids, some_classes = reads.head_classes(
                connection, on=on, ending_days=ENDING_DAYS, alarm_households=ALARM, building_ids=few
            )
            carried = reads.loads(connection, on=on, person_ids=list(_loads(made, on)))
        assert dict(zip(ids.tolist(), classes.tolist(), strict=True)) == expected
        assert dict(zip(some_ids.tolist(), some_classes.tolist(), strict=True)) == {key: expected[key] for key in few}
        assert carried == {person: load for person, load in _loads(made, on).items() if load is not None}
        seen |= set(expected.values())
    assert seen == set(HeadClass)


def test_shares_and_vacancies_of_random_cities_are_those_of_the_rules(clean_store: object) -> None:
    city = build()
    made = _random_city(city, seed=11)
    expected = _expected(made, TODAY)
    held = [key for key, code in expected.items() if code not in (HeadClass.UNKNOWN, HeadClass.VACANT)]
    vacant = [key for key, code in expected.items() if code is HeadClass.VACANT]
    with reading(OPERATOR) as connection:
        by_compound = reads.compound_shares(connection, on=TODAY)
        by_community = reads.compound_shares(connection, on=TODAY, by="community")
        listed = reads.vacancies(connection, on=TODAY, kind="building_head")
        units = reads.vacancies(connection, on=TODAY, kind="unit_head")
        nothing = reads.vacancies(connection, on=TODAY, community_id=city["south"])
    assert by_compound.ids.tolist() == [city["north-c"]]
    assert by_community.ids.tolist() == [city["north"]]
    for shares in (by_compound, by_community):
        assert shares.buildings.tolist() == [BUILDINGS]
        assert shares.in_roster.tolist() == [len(made.heads)]
        assert shares.with_head.tolist() == [len(held)]
        assert shares.share.tolist() == [len(held) / len(made.heads)]
        assert shares.households_without.tolist() == [sum(made.households[key] or 0 for key in vacant)]
    assert {row.place_id for row in listed} == set(vacant)
    counts = [row.households for row in listed]
    assert counts == sorted(counts, key=lambda count: -1 if count is None else count, reverse=True)
    assert {row.place_id for row in units} == {
        unit for unit, terms in made.unit_heads.items() if _holder(terms, TODAY) is None
    }
    assert nothing == []


def test_a_share_is_unknown_where_the_roster_knows_no_building(clean_store: object) -> None:
    build()
    with reading(OPERATOR) as connection:
        shares = reads.compound_shares(connection, on=TODAY)
    assert shares.buildings.tolist() == [3, 3]
    assert np.isnan(shares.share).all()


def test_a_vacancy_says_where_since_when_and_how_many_households(clean_store: object) -> None:
    city = build()
    ended = TODAY - timedelta(days=30)
    with owner_engine().begin() as owner:
        person = add(owner, "person", name="王建国", community_id=city["north"])
        _hold(
            owner, {"kind": "building_head", "building_id": city["north-b2"]},
            [(person, Term(ended - timedelta(days=365), ended))], city["north"],
        )  # fmt: skip
        _hold(owner, {"kind": "unit_head", "unit_id": city["north-u2"]}, [], city["north"])
    with reading(OPERATOR) as connection:
        rows = reads.vacancies(connection, on=TODAY)
        assert len(reads.vacancies(connection, on=TODAY, limit=1)) == 1
    assert [(row.place_kind, row.place_name, row.households, row.since, row.community) for row in rows] == [
        ("building", "金桂花园2号楼", 50, ended, "金桂社区"),
        ("unit", "金桂花园2号楼2单元", 30, None, "金桂社区"),
    ]
    assert rows[0].lon == pytest.approx(115.9265)


def test_doors_neighbours_and_persons_of_a_head(clean_store: object) -> None:
    city = build()
    with owner_engine().begin() as owner:
        person = add(owner, "person", name="王建国", pinyin="wangjianguo wjg", community_id=city["north"])
        add_phone(owner, person, "13800001234")
        other = add(owner, "person", name="王建", community_id=city["south"])
        term = [(person, Term(TODAY, None))]
        _hold(owner, {"kind": "unit_head", "unit_id": city["north-u1"]}, term, city["north"])
        _hold(owner, {"kind": "building_head", "building_id": city["north-b1"]}, term, city["north"])
    with reading(OPERATOR) as connection:
        doors = reads.doors_of(connection, person, TODAY)
        before = reads.doors_of(connection, person, TODAY - timedelta(days=1))
        neighbours = reads.neighbours_of(connection, city["north-b2"], TODAY)
        found = reads.persons(connection, "王建", on=TODAY)
        called = [reads.persons(connection, number, on=TODAY) for number in ("138 0000-1234", "13800001235", "1234")]
        holders = reads.persons(connection, "wjg", on=TODAY, holders=True)
        me = reads.person_named(connection, person)
    assert [(door.kind, door.name, door.households) for door in doors] == [
        ("building", "金桂花园1号楼", 30),
        ("unit", "金桂花园2号楼1单元", 20),
    ]
    assert before == []
    assert sorted((row.name, row.person_name, row.in_roster) for row in neighbours) == [
        ("金桂花园1号楼", "王建国", True),
        ("金桂花园3号楼", None, False),
    ]
    assert [(row.id, row.phone, row.posts) for row in found] == [(other, None, 0), (person, "****1234", 2)]
    assert [row.id for row in holders] == [person]
    assert [[row.id for row in rows] for rows in called] == [[person], [], []]
    assert me is not None
    assert me.phone == "****1234"


def test_an_actor_sees_the_posts_of_their_communities_only(clean_store: object) -> None:
    city = build()
    with owner_engine().begin() as owner:
        for place in ("north", "south"):
            person = add(owner, "person", name="王建国", community_id=city[place])
            _hold(
                owner, {"kind": "building_head", "building_id": city[f"{place}-b1"]},
                [(person, Term(TODAY, None))], city[place],
            )  # fmt: skip
            _hold(owner, {"kind": "building_head", "building_id": city[f"{place}-b2"]}, [], city[place])

    def seen(actor: Actor) -> tuple[int, int, int, int]:
        with reading(actor) as connection:
            ids, _classes = reads.head_classes(connection, on=TODAY, ending_days=60, alarm_households=40)
            return (
                len(ids),
                len(reads.vacancies(connection, on=TODAY)),
                len(reads.compound_shares(connection, on=TODAY).ids),
                len(reads.persons(connection, "王建国", on=TODAY)),
            )

    assert seen(OPERATOR) == (6, 2, 2, 2)
    assert seen(NORTH_ORGANISER) == (3, 1, 1, 1)
    assert seen(Actor("nobody")) == (0, 0, 0, 0)
    with reading(NORTH_ORGANISER) as connection:
        assert reads.building_posts(connection, city["south-b1"], on=TODAY) == []
