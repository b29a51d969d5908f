"""What leaves comes back unchanged: every layer in every format."""

from pathlib import Path

import openpyxl
import pyogrio
import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR as ADMINISTRATOR
from geo.errors import BadInput, NotAllowed
from geo.exchange.kinds import KINDS
from geo.exchange.reads import layer_counts
from geo.exchange.writers import FORMATS, export
from geo.store.session import Actor, reading, writing
from tests.contacts import phones
from tests.store.exchanging import asked, bring, changed, csv_file, square
from tests.users import add_user

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "－1", "＠x", "'=1", "=cmd|' /C calc'!A0"]


@pytest.mark.usefixtures("demo_store_for_module")
@pytest.mark.parametrize("fmt", FORMATS)
def test_every_layer_comes_back_without_a_change(fmt: str, tmp_path: Path) -> None:
    report = export(ADMINISTRATOR, ["all"], fmt, tmp_path / "city")
    with reading(ADMINISTRATOR) as connection:
        there = layer_counts(connection)
    assert set(report.rows) == set(KINDS)
    assert not report.too_long
    for kind, count in report.rows.items():
        assert 0 < count <= there[kind]
        done = bring(Path(report.path), kind, layer=kind)
        assert done.counts["refused"] == 0, done
        assert changed(done) == (0, 0, count), kind
    assert asked("SELECT count(*) FROM import_change") == [0]


@pytest.mark.usefixtures("demo_store_for_module")
def test_one_community_leaves_with_what_belongs_to_it(tmp_path: Path) -> None:
    [community] = asked(
        "SELECT community_id FROM building WHERE closed_on IS NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    )
    report = export(ADMINISTRATOR, ["areas", "buildings"], "gpkg", tmp_path / "part", community)
    assert (
        report.rows["buildings"]
        == asked("SELECT count(*) FROM building WHERE community_id = :id AND closed_on IS NULL", id=community)[0]
    )
    assert report.rows["areas"] == asked("SELECT count(*) FROM area WHERE :id IN (id, community_id)", id=community)[0]


@pytest.mark.usefixtures("clean_store")
def test_cells_that_look_like_formulas_are_text_and_come_back(tmp_path: Path) -> None:
    rows = [(f"b{n}", n + 1, square(0.001 * n, 0.001)) for n in range(len(HOSTILE))]
    bring(csv_file(tmp_path / "b.csv", "code,number,wkt", rows), "buildings")
    with writing(ADMINISTRATOR) as session:
        for n, name in enumerate(HOSTILE):
            session.execute(
                text("UPDATE building SET name = :name WHERE code = :code"), {"name": name, "code": f"b{n}"}
            )
    report = export(ADMINISTRATOR, ["buildings"], "xlsx", tmp_path / "out")
    sheet = openpyxl.load_workbook(report.path)["buildings"]
    column = [cell.value for cell in sheet[1]].index("name") + 1
    cells = [sheet.cell(row, column) for row in range(2, len(HOSTILE) + 2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)
    assert changed(bring(Path(report.path), "buildings")) == (0, 0, len(HOSTILE))
    assert asked("SELECT count(*) FROM building WHERE name = ANY(:names)", names=HOSTILE) == [len(HOSTILE)]


@pytest.mark.usefixtures("clean_store")
def test_an_outline_too_long_for_a_cell_is_left_out_and_counted(tmp_path: Path) -> None:
    north = ", ".join(f"{116 + 1e-5 * i:.7f} {36.45 + 1e-7 * (i * i % 97):.9f}" for i in range(2000))
    wkt = f"POLYGON ((115.98 36.45, {north}, 116 36, 115.98 36.45))"
    bring(csv_file(tmp_path / "a.csv", "code,name,wkt", [("371502", "东昌府区", wkt)]), "areas")
    report = export(ADMINISTRATOR, ["areas"], "xlsx", tmp_path / "out")
    assert report.too_long == {"areas": 1}
    assert changed(bring(Path(report.path), "areas")) == (0, 0, 1)
    assert asked("SELECT geom IS NOT NULL FROM area WHERE code = '371502'") == [True]


@pytest.mark.usefixtures("clean_store")
def test_an_unknown_format_layer_or_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Choose one of: gpkg, geojson, xlsx"):
        export(ADMINISTRATOR, ["areas"], "dwg", tmp_path / "x")
    with pytest.raises(BadInput, match="trees"):
        export(ADMINISTRATOR, ["trees"], "gpkg", tmp_path / "x")
    with pytest.raises(BadInput, match="at least one layer"):
        export(ADMINISTRATOR, [], "gpkg", tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("demo_store")
def test_an_actor_exports_only_what_the_role_may_see(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match="export layers"):
        export(Actor("nobody"), ["all"], "gpkg", tmp_path / "x")
    with pytest.raises(NotAllowed, match="import files"):
        bring_as_nobody(tmp_path)
    community = asked("SELECT community_id FROM holding GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")[0]
    report = export(add_user("one-organiser", "organiser", community_id=community), ["all"], "gpkg", tmp_path / "x")
    mine = asked("SELECT count(*) FROM building WHERE community_id = :id", id=community)
    assert [report.rows["buildings"]] == mine
    assert 0 < mine[0] < export(ADMINISTRATOR, ["buildings"], "gpkg", tmp_path / "y").rows["buildings"]


@pytest.mark.usefixtures("demo_store")
def test_who_may_not_see_holders_exports_posts_as_held_and_no_households(tmp_path: Path) -> None:
    leader = add_user("one-leader", "leader")
    report = export(leader, ["all"], "gpkg", tmp_path / "x")
    assert "households" not in report.rows
    roster = pyogrio.read_dataframe(report.path, layer="posts")
    assert len(roster) == export(ADMINISTRATOR, ["posts"], "gpkg", tmp_path / "y").rows["posts"] > 0
    assert set(roster["held"]) == {"yes"}
    assert roster["name"].isna().all()
    assert roster["phone"].isna().all()
    with pytest.raises(NotAllowed, match="who holds a post"):
        export(leader, ["households"], "gpkg", tmp_path / "z")


@pytest.mark.usefixtures("demo_store")
def test_telephone_numbers_leave_with_a_reason_only_and_each_is_logged(tmp_path: Path) -> None:
    [community] = asked("SELECT community_id FROM holding GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    one = add_user("one-organiser", "organiser", community_id=community)
    without = pyogrio.read_dataframe(export(one, ["posts"], "gpkg", tmp_path / "x").path)
    assert without["phone"].isna().all()
    assert "person_id" not in without
    report = export(one, ["posts"], "gpkg", tmp_path / "y", phones="list for the winter check")
    told = pyogrio.read_dataframe(report.path)["phone"].dropna()
    known = phones()
    logged = asked("SELECT entity_id FROM audit_entry WHERE action = 'reveal' AND entity = 'person' ORDER BY 1")
    assert set(told) <= set(known.values())
    assert len(told) >= len(logged) > 10
    assert {known[person] for person in logged} == set(told)
    assert asked("SELECT DISTINCT note FROM audit_entry WHERE action = 'reveal'") == ["list for the winter check"]
    assert changed(bring(Path(report.path), "posts")) == (0, 0, report.rows["posts"])
    leader = export(add_user("one-leader", "leader"), ["buildings"], "gpkg", tmp_path / "z", phones="x")
    assert leader.rows["buildings"] > 0


def bring_as_nobody(folder: Path) -> None:
    from geo.exchange import load
    from geo.exchange.prepare import prepare

    path = csv_file(folder / "b.csv", "code,number,wkt", [("x1", 1, square(0, 0))])
    prepared = prepare(path, "buildings", datum="wgs84")
    with writing(Actor("nobody")) as session:
        load.start_run(session, prepared, options={})
