"""The demo city as rows: deterministic, complete, with the unknown left unknown."""

import hashlib
from collections.abc import Iterable

import numpy as np
import pytest
import shapely

from data import city
from data.frames import Frame
from tests.unit.data.conftest import TODAY, TOWN_BUILDINGS, Made, gathered

PARENTS = {
    "compound": {"community_id": "area"},
    "gate": {"compound_id": "compound", "community_id": "area"},
    "building": {"compound_id": "compound", "community_id": "area"},
    "residents": {"building_id": "building"},
    "unit": {"building_id": "building", "community_id": "area"},
    "household": {"unit_id": "unit"},
    "post": {"building_id": "building", "community_id": "area"},
    "holding": {"post_id": "post", "person_id": "person", "community_id": "area"},
    "station": {"compound_id": "compound"},
    "candidate_site": {"compound_id": "compound"},
    "organisation": {"compound_id": "compound"},
}


def digests(frames: Iterable[Frame]) -> dict[str, str]:
    """A fingerprint of each table: every value of every row, geometry as WKB."""
    found: dict[str, hashlib._Hash] = {}
    for frame in frames:
        digest = found.setdefault(frame.table, hashlib.sha256())
        for name, column in frame.columns.items():
            digest.update(name.encode())
            if isinstance(column, np.ndarray):
                digest.update(repr(column.tolist()).encode())
            else:
                digest.update(b"".join(shapely.to_wkb(column.shapes(0, len(column)))))
    return {table: digest.hexdigest() for table, digest in found.items()}


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, second = (digests(city.make("small", 7, today=TODAY)) for _ in range(2))
    assert first == second


def test_another_seed_gives_another_city() -> None:
    first, second = (digests(city.make("small", seed, today=TODAY)) for seed in (1, 2))
    same = {table for table in first if first[table] == second[table]}
    assert not same


def test_the_day_moves_terms_and_nothing_else() -> None:
    first, second = (digests(city.make("small", 1, today=TODAY + days)) for days in (0, 9))
    assert {table for table in first if first[table] != second[table]} == {"holding", "station"}


@pytest.mark.parametrize(("size", "least", "most"), [("small", 280, 330), ("city", 9_900, 10_100)])
def test_sizes_have_about_the_buildings_they_promise(size: str, least: int, most: int) -> None:
    frames = city.make(size, 3, today=TODAY)
    assert least <= next(len(frame) for frame in frames if frame.table == "building") <= most


def test_a_wished_number_of_buildings_is_met_closely(town: Made) -> None:
    assert abs(len(town["building"]["id"]) - TOWN_BUILDINGS) < 60


@pytest.mark.parametrize("table", sorted(PARENTS))
def test_every_reference_leads_to_a_row(town: Made, table: str) -> None:
    for column, parent in PARENTS[table].items():
        asked = np.ma.compressed(town[table][column])
        assert np.isin(asked, town[parent]["id"]).all(), column


@pytest.mark.parametrize("table", ["area", "compound", "gate", "building", "unit", "household", "station", "walk_edge"])
def test_codes_are_unique(town: Made, table: str) -> None:
    codes = town[table]["code"].tolist()
    assert len(set(codes)) == len(codes)


def test_codes_tell_the_place_above(town: Made) -> None:
    compound = town["compound"]["code"][town["building"]["compound_id"] - 1]
    assert all(code.startswith(above + b"-") for code, above in zip(town["building"]["code"], compound, strict=True))
    building = town["building"]["code"][town["unit"]["building_id"] - 1]
    assert all(code.startswith(above + b"-") for code, above in zip(town["unit"]["code"], building, strict=True))


def test_unknown_counts_are_null_and_never_zero(town: Made) -> None:
    buildings, compounds = town["building"]["households"], town["compound"]["households"]
    assert 0.03 < np.ma.getmaskarray(buildings).mean() < 0.13
    assert 0.2 < np.ma.getmaskarray(compounds).mean() < 0.45
    assert buildings.compressed().min() > 0


def test_households_of_units_add_up_to_the_building(town: Made) -> None:
    units = town["unit"]
    known = ~np.ma.getmaskarray(units["households"])
    by_building = np.bincount(units["building_id"][known] - 1, weights=units["households"][known].data)
    all_known = np.bincount(units["building_id"] - 1, weights=~known) == 0
    told = np.flatnonzero(all_known & ~np.ma.getmaskarray(town["building"]["households"]))
    assert (by_building[told] == town["building"]["households"][told]).all()


def test_household_rows_are_those_of_units_that_are_known(town: Made) -> None:
    per_unit = np.bincount(town["household"]["unit_id"] - 1, minlength=len(town["unit"]["id"]))
    assert (per_unit == town["unit"]["households"].filled(0)).all()


def test_lifts_begin_at_seven_floors(town: Made) -> None:
    buildings = town["building"]
    known = ~np.ma.getmaskarray(buildings["floors"]) & ~np.ma.getmaskarray(buildings["elevator"])
    high = buildings["floors"].data[known] >= 9
    assert buildings["elevator"].data[known][high].all()
    assert buildings["elevator"].data[known][~high].mean() < 0.35


def test_old_compounds_have_more_old_people(town: Made) -> None:
    residents = town["residents"]
    year = town["building"]["built_year"].data[residents["building_id"] - 1]
    old = residents["age_60_69"].filled(0) + residents["age_70_89"].filled(0)
    everyone = sum(value.filled(0) for name, value in residents.items() if name.startswith("age_"))
    share = [old[part].sum() / everyone[part].sum() for part in (year < 1995, year > 2010)]
    assert share[0] > 1.8 * share[1]


def test_telephone_numbers_are_of_a_range_nobody_has(town: Made) -> None:
    phones = [phone for phone in town["person"]["phone"].tolist() if phone]
    assert phones
    assert all(phone.startswith(b"1990000") and len(phone) == 11 for phone in phones)


def test_addresses_name_street_compound_and_house(town: Made) -> None:
    address = town["building"]["address"][0].decode()
    compound = town["compound"]["name"][0].decode()
    assert address.endswith(f"号{compound}1号楼")
    assert "路" in address or "街" in address


def test_a_metropolis_counts_all_households_and_lists_those_of_the_first_ten_thousand_buildings() -> None:
    metro = gathered(city.make("metro", 1, 10_500, today=TODAY))
    listed = np.unique(metro["unit"]["building_id"][np.unique(metro["household"]["unit_id"]) - 1])
    assert 9_900 < listed.max() <= 10_000 < metro["building"]["id"].max()
    beyond = metro["unit"]["building_id"] > 10_000
    assert 0.8 < np.mean(~np.ma.getmaskarray(metro["unit"]["households"])[beyond]) < 1
