"""Each test names the threat it stands for; every one ends in a BadInput that says what to do."""

import errno
import sqlite3
import stat
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from geo.errors import BadInput, NoRoom
from geo.exchange import hostile, sheets, sources
from geo.exchange.prepare import inspect, prepare
from geo.settings import ROOT, settings

TextFile = Callable[..., Path]
Maker = Callable[..., Path]
VRT = """<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>CSV:/etc/passwd</SrcDataSource>
<SrcLayer>passwd</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"""


def refused(path: Path, match: str, kind: str = "buildings") -> None:
    with pytest.raises(BadInput, match=match) as caught:
        prepare(path, kind, datum="wgs84")
    assert caught.value.text().endswith((".", ":"))


def test_a_vrt_renamed_gpkg_cannot_read_a_local_file(text_file: TextFile) -> None:
    refused(text_file("plan.gpkg", VRT), "VRT")


def test_a_vrt_below_a_long_comment_is_not_read_either(text_file: TextFile) -> None:
    refused(text_file("plan.gpkg", f"<!-- {'x' * 70_000} -->{VRT}"), "not in a format")


def test_the_reader_of_vrt_files_is_not_even_there() -> None:
    script = (
        "import geo.exchange.readers, pyogrio; print(sorted({'OGR_VRT', 'HTTP', 'GPKG'} & set(pyogrio.list_drivers())))"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert shown.stdout.strip() == "['GPKG']"


def test_a_gdal_pipeline_disguised_as_geojson_is_refused(text_file: TextFile) -> None:
    pipeline = '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline read /etc/passwd"}'
    refused(text_file("plan.geojson", pipeline), "not GeoJSON")


def test_an_empty_file_is_refused(text_file: TextFile) -> None:
    refused(text_file("empty.gpkg", ""), "is empty")


def test_a_blank_file_is_refused(text_file: TextFile) -> None:
    refused(text_file("blank.csv", " \n \n"), "is empty")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, "is not a file")


def test_an_upload_above_the_limit_is_refused_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIZHAN_MAX_UPLOAD_MB", "1")
    settings.cache_clear()
    huge = tmp_path / "huge.gpkg"
    with huge.open("wb") as file:
        file.truncate(3 * hostile.MEGABYTE)
    refused(huge, "more than the 1 MB allowed")
    settings.cache_clear()


@pytest.mark.parametrize("name", ["b.gpkg", "b.geojson", "b.shp.zip", "b.parquet"])
def test_half_a_file_is_refused(written: Maker, tmp_path: Path, name: str) -> None:
    whole = written(name)
    half = tmp_path / f"half_{name}"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    refused(half, "half")


def test_half_a_workbook_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["楼号", "层数"])
    book.save(tmp_path / "a.xlsx")
    half = tmp_path / "half.xlsx"
    half.write_bytes((tmp_path / "a.xlsx").read_bytes()[:2000])
    refused(half, "half")


def test_half_an_osm_file_is_refused(tmp_path: Path) -> None:
    half = tmp_path / "half.osm"
    half.write_text('<?xml version="1.0"?><osm version="0.6"><node id="1" lat="36.45" lon="115.98"/><way id="2"><nd')
    refused(half, "half")


def test_a_csv_cut_within_a_quoted_cell_is_refused(text_file: TextFile) -> None:
    refused(text_file("cut.csv", 'code,address\n1,"柳园路'), "quotes")


def test_a_locked_geopackage_says_to_close_the_other_program(written: Maker) -> None:
    path = written("open.gpkg")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        refused(path, "open in another program")
    finally:
        other.close()


def test_a_geopackage_with_unsaved_changes_beside_it_is_refused(written: Maker) -> None:
    path = written("wal.gpkg")
    path.with_name("wal.gpkg-wal").write_bytes(b"x" * 100)
    refused(path, "open in another program")


def test_a_full_disk_is_said_to_be_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "code\n1\n")

    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sources, "copy_bounded", full)
    with pytest.raises(NoRoom, match="no room on the disk"):
        prepare(path, "buildings", datum="wgs84")


def test_a_zip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0" * (40 * hostile.MEGABYTE))
    refused(bomb, "unpack without end")


def test_a_zip_of_many_middling_files_is_refused_by_their_sum(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hostile, "EXPANDED_FACTOR", 0)
    many = tmp_path / "many.zip"
    with zipfile.ZipFile(many, "w") as archive:
        archive.writestr("a.csv", "code\n1\n")
    refused(many, "unpacks to more than")


def test_a_zip_with_too_many_members_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hostile, "MAX_MEMBERS", 2)
    many = tmp_path / "many.zip"
    with zipfile.ZipFile(many, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}.csv", "code\n1\n")
    refused(many, "too many")


def test_a_zip_whose_members_overlap_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "overlap.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "code\n" * 500)
        first = archive.infolist()[0]
        archive.filelist.extend([first] * 5)
    refused(path, "far more than it holds")


@pytest.mark.parametrize("member", ["../../evil.csv", "/etc/evil.csv", "..\\evil.csv", "C:\\evil.csv"])
def test_a_zip_slip_is_refused(tmp_path: Path, member: str) -> None:
    slip = tmp_path / "slip.zip"
    with zipfile.ZipFile(slip, "w") as archive:
        archive.writestr(member, "code\n1\n")
    refused(slip, "outside the archive")
    assert not (tmp_path.parent / "evil.csv").exists()


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "link.zip"
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    refused(path, "the link")


def test_a_zip_in_a_zip_is_refused(tmp_path: Path) -> None:
    inner, outer = tmp_path / "inner.zip", tmp_path / "outer.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a.csv", "code\n1\n")
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(inner, "a.csv")
    refused(outer, "packed more than once")


def test_a_zip_without_a_layer_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "nothing here")
    refused(path, "holds no layer")


def test_a_shapefile_without_its_table_is_refused(written: Maker, tmp_path: Path) -> None:
    whole, part = written("b.shp.zip"), tmp_path / "part.zip"
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(part, "w") as target:
        for member in archive.namelist():
            if not member.endswith(".dbf"):
                target.writestr(member, archive.read(member))
    refused(part, "lacks its .dbf")


def add_to_database(path: Path, sql: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(sql)
    connection.close()


def test_a_geopackage_with_a_trigger_of_its_own_is_refused(written: Maker) -> None:
    path = written("trigger.gpkg", layer="buildings")
    add_to_database(path, "CREATE TRIGGER t AFTER INSERT ON gpkg_contents BEGIN SELECT load_extension('x'); END")
    refused(path, "the trigger t")


def test_a_trigger_that_borrows_a_standard_name_is_refused(written: Maker) -> None:
    path = written("trigger.gpkg", layer="buildings")
    add_to_database(path, "CREATE TRIGGER rtree_x AFTER INSERT ON gpkg_contents BEGIN DELETE FROM buildings; END")
    refused(path, "the trigger rtree_x")


def test_a_geopackage_with_a_view_is_refused(written: Maker) -> None:
    path = written("view.gpkg", layer="buildings")
    add_to_database(path, "CREATE VIEW v AS SELECT * FROM sqlite_master")
    refused(path, "the view v")


def test_a_geopackage_with_a_virtual_table_is_refused(written: Maker) -> None:
    path = written("virtual.gpkg", layer="buildings")
    add_to_database(path, "CREATE VIRTUAL TABLE v USING fts5(x)")
    refused(path, "the virtual table")


def test_a_database_that_is_no_geopackage_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plain.gpkg"
    add_to_database(path, "CREATE TABLE t (x)")
    refused(path, "not a GeoPackage")


def test_a_geopackage_with_a_spoiled_schema_is_refused(written: Maker) -> None:
    path = written("spoiled.gpkg")
    raw = bytearray(path.read_bytes())
    raw[100:4000] = b"\xff" * 3900
    path.write_bytes(raw)
    refused(path, "damaged")


def test_xml_entities_are_refused(text_file: TextFile) -> None:
    laughs = '<!DOCTYPE lolz [<!ENTITY lol "lol">]><osm version="0.6">&lol;</osm>'
    refused(text_file("a.osm", f'<?xml version="1.0"?>{laughs}'), "entities")


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", '<!DOCTYPE w [<!ENTITY a "a">]><workbook>&a;</workbook>')
    refused(path, "entities")


def test_a_workbook_that_claims_a_billion_cells_is_not_filled_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["code", "name"])
    book.active.cell(row=400, column=16_000, value="far")
    book.save(tmp_path / "wide.xlsx")
    monkeypatch.setattr(sheets, "MAX_CELLS", 10_000)
    refused(tmp_path / "wide.xlsx", "more than 10000 cells")


def test_an_old_excel_file_says_to_save_it_anew(tmp_path: Path) -> None:
    path = tmp_path / "old.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100)
    refused(path, "Save it as .xlsx")


def test_a_lone_shp_says_to_zip_its_parts(tmp_path: Path) -> None:
    path = tmp_path / "a.shp"
    path.write_bytes(struct.pack(">i", 9994) + b"\0" * 96)
    refused(path, "Zip it with")


def test_a_picture_named_csv_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 50)
    refused(path, "not in a format")


def test_text_in_an_unknown_encoding_names_the_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("code,name\n1,花园\n".encode() + b"2,\xff\xfe\xff\n")
    refused(path, "row 3 is neither UTF-8 nor GB18030")


def test_a_parquet_file_that_unpacks_too_large_is_refused(written: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written("b.parquet")
    monkeypatch.setattr("geo.exchange.parquet.expanded_limit", lambda: 10)
    refused(path, "unpacks to more than")


def test_a_file_name_with_a_vsi_prefix_is_only_a_name(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not a file"):
        inspect(tmp_path / "vsicurl" / "http:" / "example.org" / "a.gpkg")
