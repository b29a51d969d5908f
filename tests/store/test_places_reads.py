"""Cards, search, counts and findings in the real database."""

import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.errors import NotFound
from geo.people import writes
from geo.places import reads
from geo.store.session import Actor, owner_engine, reading, writing
from tests.store.small_city import NORTH_ORGANISER, TODAY, SmallCity, build


@pytest.fixture(scope="module")
def city(clean_store_for_module: object) -> SmallCity:
    found = build()
    with writing(OPERATOR) as session:
        for name, code in (("王建国", "north-b1"), ("李秀英", "south-b1")):
            writes.assign_head(session, building_id=found[code], name=name, from_on=TODAY, how="elected")
    return found


def _search(wanted: str, actor: Actor = OPERATOR) -> list[str]:
    with reading(actor) as connection:
        return [hit.name for hit in reads.search_places(connection, wanted, on=TODAY)]


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("金桂花园", "金桂花园"),
        ("jinguihuayuan", "金桂花园"),
        ("Jin Gui Hua", "金桂花园"),
        ("jgh", "金桂花园"),
        ("金桂花园 3", "金桂花园3号楼"),
        ("金桂花园3号楼", "金桂花园3号楼"),
        ("jgh3", "金桂花园3号楼"),
        ("银杏", "银杏小区"),
        ("yxsq", "银杏社区"),
        ("south-b2", "银杏小区2号楼"),
        ("north-u1", "金桂花园2号楼1单元"),
        ("湖滨路 8 号 2", "金桂花园2号楼"),
        ("王建国", "金桂花园1号楼"),
        ("wjg", "金桂花园1号楼"),
        ("lixiuying", "银杏小区1号楼"),
        ("371500", "Lake City"),
        ("lake city", "Lake City"),
    ],
)
def test_a_place_is_found_by_what_people_call_it(city: SmallCity, wanted: str, first: str) -> None:
    assert first in _search(wanted)


@pytest.mark.parametrize("wanted", ["", "  ", "%", "_", "没有", "no such place", "\\", "'; DROP TABLE area; --"])
def test_a_text_that_means_nothing_finds_nothing(city: SmallCity, wanted: str) -> None:
    assert _search(wanted) == []


def test_an_address_in_latin_letters_is_found_in_any_case(city: SmallCity) -> None:
    with owner_engine().begin() as owner:
        owner.execute(
            text("UPDATE building SET address = 'Landstrasse 5, Vaduz' WHERE id = :id"), {"id": city["north-b3"]}
        )
    assert _search("landstrasse vaduz") == ["金桂花园3号楼"]


def _called(words: str, actor: Actor = OPERATOR, most: int = 50) -> list[int]:
    with reading(actor) as connection:
        found = connection.scalars(text("SELECT app_buildings_called(:words, :most)"), {"words": words, "most": most})
        return sorted(found)


def test_the_search_by_address_finds_only_what_the_actor_may_see(city: SmallCity) -> None:
    north, south = ({city[f"{side}-b{number}"] for number in (1, 2)} for side in ("north", "south"))
    assert north | south <= set(_called("%湖滨路%"))
    assert north <= set(_called("%湖滨路%", NORTH_ORGANISER))
    assert not south & set(_called("%湖滨路%", NORTH_ORGANISER))
    assert _called("%湖滨路%", Actor("nobody")) == []
    assert len(_called("%湖滨路%", most=2)) == 2
    assert _search("湖滨路 9 号", NORTH_ORGANISER) == []


def test_the_search_by_address_uses_its_index(city: SmallCity) -> None:
    with owner_engine().begin() as owner:
        owner.execute(text("SET LOCAL enable_seqscan = off"))
        for column in ("address", "name"):
            plan = owner.scalars(text(f"EXPLAIN SELECT id FROM building WHERE {column} ILIKE '%湖滨路%'")).all()
            assert any(f"ix_building_{column}_words" in line for line in plan)


def test_a_hit_says_where_it_is(city: SmallCity) -> None:
    with reading(OPERATOR) as connection:
        hit = reads.search_places(connection, "金桂花园 1")[0]
    assert (hit.kind, hit.id, hit.context) == ("building", city["north-b1"], "金桂社区")
    assert hit.bounds == pytest.approx((115.924, 36.424, 115.925, 36.425))
    assert hit.lon == pytest.approx(115.9245)


def test_the_card_of_a_building_shows_facts_parent_units_and_history(city: SmallCity) -> None:
    with reading(OPERATOR) as connection:
        card = reads.place_card(connection, "building", city["north-b2"])
        head = reads.place_card(connection, "building", city["north-b1"]).history[0]
    assert card.name == "金桂花园2号楼"
    assert dict(card.facts)["Floors"] == "6"
    assert dict(card.facts)["Built in"] == "unknown"
    assert card.parent == ("compound", city["north-c"], "金桂花园")
    assert [(kind, name, households) for kind, _id, name, households in card.children] == [
        ("unit", "金桂花园2号楼1单元", 20),
        ("unit", "金桂花园2号楼2单元", 30),
    ]
    assert (head.action, head.changes[0].field, head.changes[0].before) == ("Head assigned", "Head", "")
    assert head.changes[0].after == "王建国 from 2026-11-22"


def test_unknown_counts_stay_unknown_on_the_card_of_a_compound(city: SmallCity) -> None:
    with reading(OPERATOR) as connection:
        facts = dict(reads.place_card(connection, "compound", city["north-c"]).facts)
    assert facts["Households"] == "unknown"
    assert facts["Households counted in buildings"] == "80; unknown in 1 of 3 buildings"


@pytest.mark.parametrize(("kind", "code"), [("city", "371500"), ("community", "north"), ("unit", "north-u1")])
def test_every_kind_has_a_card_from_which_one_gets_to_parent_and_children(
    city: SmallCity, kind: str, code: str
) -> None:
    with reading(OPERATOR) as connection:
        card = reads.place_card(connection, kind, city[code])
        if card.parent:
            above = reads.place_card(connection, card.parent[0], card.parent[1])
            assert (kind, city[code]) in [(child[0], child[1]) for child in above.children]
    assert card.code == code


def test_a_card_of_nothing_is_not_found(city: SmallCity) -> None:
    with reading(OPERATOR) as connection:
        for kind, place_id in (("building", 10**9), ("community", city["371500"]), ("../secret", 1)):
            with pytest.raises(NotFound):
                reads.place_card(connection, kind, place_id)


def test_an_actor_of_one_community_finds_only_its_places(city: SmallCity) -> None:
    assert _search("金桂花园", NORTH_ORGANISER) == ["金桂花园"]
    assert _search("银杏", NORTH_ORGANISER) == []
    assert _search("李秀英", NORTH_ORGANISER) == []
    with reading(NORTH_ORGANISER) as connection:
        assert reads.counts(connection)["building"] == 3
        with pytest.raises(NotFound):
            reads.place_card(connection, "building", city["south-b1"])


def test_without_an_actor_there_is_no_city(city: SmallCity) -> None:
    with reading(Actor("nobody")) as connection:
        assert reads.city(connection) is None
        assert reads.communities(connection) == []
        assert set(reads.counts(connection).values()) == {0}
        assert reads.search_places(connection, "金桂花园") == []
        assert reads.findings_inside_parent(connection) == []


def test_counts_tell_levels_apart(city: SmallCity) -> None:
    with reading(OPERATOR) as connection:
        found = reads.counts(connection)
    assert {kind: found[kind] for kind in ("area", "community", "compound", "building", "unit", "post")} == {
        "area": 3,
        "community": 2,
        "compound": 2,
        "building": 6,
        "unit": 2,
        "post": 2,
    }


def test_a_building_less_than_nine_tenths_inside_its_compound_is_listed(city: SmallCity) -> None:
    move = text("UPDATE building SET geom = ST_Translate(geom, :by, 0) WHERE id = :id")
    with owner_engine().begin() as owner:
        owner.execute(move, {"by": 0.0035, "id": city["south-b3"]})
    with reading(OPERATOR) as connection:
        found = reads.findings_inside_parent(connection)
        none = reads.findings_inside_parent(connection, community_id=city["north"])
    with owner_engine().begin() as owner:
        owner.execute(move, {"by": -0.0035, "id": city["south-b3"]})
    assert [(row.kind, row.name, row.parent_name) for row in found] == [("building", "银杏小区3号楼", "银杏小区")]
    assert found[0].share == pytest.approx(0.5, abs=0.01)
    assert none == []


def test_an_area_without_boundary_is_listed(city: SmallCity) -> None:
    with owner_engine().begin() as owner:
        owner.execute(
            text("INSERT INTO area (level, code, name, parent_id) VALUES ('community', 'west', '西湖社区', :city)"),
            {"city": city["371500"]},
        )
    with reading(OPERATOR) as connection:
        found = reads.areas_without_boundary(connection)
        names = [row.name for row in reads.communities(connection)]
    with owner_engine().begin() as owner:
        owner.execute(text("DELETE FROM area WHERE code = 'west'"))
    assert [(area.kind, area.code, area.parent) for area in found] == [("community", "west", "Lake City")]
    assert "西湖社区" in names
