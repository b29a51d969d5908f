"""Backups: one file, proven equal after the restore, and nothing changed when it is not."""

import json
import subprocess
import zipfile
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR as ADMINISTRATOR
from geo.errors import BadInput, Conflict, NoRoom
from geo.store import backup, checks, cluster, dumps, migrate, session
from geo.store.session import Actor

pytestmark = pytest.mark.usefixtures("clean_store")

FILLED = """
INSERT INTO city (id, name, metric_srid, extent) SELECT 1, '聊城', 4526, ST_MakeEnvelope(115, 36, 117, 37, 4326);
INSERT INTO area (level, code, name) VALUES ('city', '3715', '聊城');
INSERT INTO area (level, code, name, parent_id, source)
VALUES ('community', 'c-1', '''quoted'' 社区', 1, E'tab\\tand\\nline');
INSERT INTO compound (code, name, community_id) SELECT 'k-' || n, 'No. ' || n, 2 FROM generate_series(1, 500) n;
INSERT INTO building (code, compound_id, community_id, height_m, geom)
SELECT 'b-' || n, n, 2, n / 7.0, ST_Multi(ST_Buffer(ST_SetSRID(ST_Point(116 + n / 3e4, 36.45), 4326), 1e-4))
FROM generate_series(1, 500) n;
DELETE FROM building WHERE id % 7 = 0;
INSERT INTO app_user (name, status) VALUES ('one', 'active');
INSERT INTO user_role (user_name, role, community_id, from_on, given_by)
VALUES ('one', 'organiser', 2, '2020-01-01', 'operator');
"""


def run(statements: str) -> None:
    with session.connect(session.owner_engine()) as connection, connection.begin():
        connection.execute(text(statements))


def count(table: str, actor: Actor = ADMINISTRATOR) -> int:
    with session.reading(actor) as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0


@pytest.fixture
def saved(tmp_path: Path) -> backup.Backup:
    run(FILLED)
    return backup.write_backup(tmp_path / "city.yizhan")


def rewrite(source: Path, **changed: bytes) -> Path:
    """Return a copy of a backup with the given parts (manifest, database) replaced."""
    target = source.with_name("changed.yizhan")
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name.split(".")[0], old.read(name)))
    return target


def changed_manifest(source: Path, **changed: Any) -> Path:
    with zipfile.ZipFile(source) as archive:
        manifest = json.loads(archive.read(backup.MANIFEST))
    return rewrite(source, manifest=json.dumps(manifest | changed).encode())


def test_a_backup_comes_back_equal_in_every_table_with_its_roles_and_row_security(
    saved: backup.Backup, running_cluster: cluster.Cluster
) -> None:
    session.engine().dispose()
    session.owner_engine().dispose()
    with running_cluster.superuser() as connection:
        connection.execute("DROP DATABASE yizhan WITH (FORCE)")
    running_cluster.ensure_running()
    proofs = backup.restore(saved.path)
    assert all(proof.equal for proof in proofs)
    assert {proof.name: proof.here[0] for proof in proofs if proof.here}["public.building"] == "429"
    assert count("building") == 429
    assert count("building", Actor("one")) == 429
    assert count("building", Actor("nobody")) == 0
    with session.reading(ADMINISTRATOR) as connection:
        assert checks.store_problems(connection) == []
    assert migrate.differences() == []
    run("INSERT INTO compound (code, name, community_id) VALUES ('next', 'after the restore', 2)")


def test_a_backup_is_for_its_owner_only_and_holds_no_roles_or_passwords(saved: backup.Backup, tmp_path: Path) -> None:
    assert saved.path.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir()] == ["city.yizhan"]
    with zipfile.ZipFile(saved.path) as archive:
        assert sorted(archive.namelist()) == ["database.dump", "manifest.json"]
        (tmp_path / "dump").write_bytes(archive.read("database.dump"))
    command = [dumps.programs() / "pg_restore", "-f", "-", tmp_path / "dump"]
    script = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "CREATE TABLE public.building" in script
    assert "PASSWORD" not in script
    assert "CREATE ROLE" not in script


def test_rows_in_another_order_have_the_same_fingerprint_and_a_changed_row_another(saved: backup.Backup) -> None:
    run("UPDATE compound SET name = name WHERE id < 100; CLUSTER building USING uq_building_code")
    assert backup.contents_here() == saved.contents
    run("UPDATE compound SET name = 'other' WHERE id = 99")
    differing = [proof.name for proof in backup.compare(saved.contents, backup.contents_here()) if not proof.equal]
    assert differing == ["public.compound"]


def test_a_database_with_content_is_refused_and_replaced_only_when_told(saved: backup.Backup) -> None:
    run("UPDATE compound SET name = 'later'; CREATE TABLE later (id int); CREATE SCHEMA later_still")
    with pytest.raises(Conflict, match="not empty"):
        backup.restore(saved.path)
    assert all(proof.equal for proof in backup.restore(saved.path, replace=True))
    assert backup.contents_here() == saved.contents


def test_a_migrated_database_without_content_counts_as_empty(saved: backup.Backup) -> None:
    assert backup.holds_anything(saved.contents)
    migrate.downgrade("base")
    migrate.upgrade()
    assert not backup.holds_anything(backup.contents_here())
    assert all(proof.equal for proof in backup.restore(saved.path))


def test_a_file_whose_rows_do_not_match_its_manifest_changes_nothing(saved: backup.Backup) -> None:
    contents = {**saved.contents, "public.building": ("430", "1")}
    lying = changed_manifest(saved.path, contents=contents)
    run("UPDATE compound SET name = 'later'")
    before = backup.contents_here()
    with pytest.raises(BadInput, match=r"not equal to the backup \(public\.building\)\. Nothing was changed"):
        backup.restore(lying, replace=True)
    assert backup.contents_here() == before


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_half_a_backup_is_refused_and_changes_nothing(saved: backup.Backup, share: float) -> None:
    whole = saved.path.read_bytes()
    saved.path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BadInput, match="not a whole backup"):
        backup.restore(saved.path, replace=True)
    assert count("building") == 429


def test_a_flipped_bit_is_found_before_anything_is_changed(saved: backup.Backup) -> None:
    damaged = bytearray(saved.path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    saved.path.write_bytes(damaged)
    with pytest.raises(BadInput, match="not a whole backup"):
        backup.restore(saved.path, replace=True)


def test_a_dump_that_breaks_halfway_changes_nothing(saved: backup.Backup) -> None:
    with zipfile.ZipFile(saved.path) as archive:
        dump = archive.read(backup.DUMP)
    with pytest.raises(BadInput, match="nothing was changed"):
        backup.restore(rewrite(saved.path, database=dump[: len(dump) // 2]), replace=True)
    assert backup.contents_here() == saved.contents


def test_other_files_and_packed_ones_are_no_backups(saved: backup.Backup, tmp_path: Path) -> None:
    packed = tmp_path / "packed"
    with zipfile.ZipFile(saved.path) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    list_only = rewrite(saved.path, manifest=b"[]")
    for path in (Path(__file__), packed, list_only, tmp_path / "missing", tmp_path):
        with pytest.raises(BadInput):
            backup.read_backup(path)


def test_a_backup_of_a_newer_version_is_refused(saved: backup.Backup) -> None:
    for change in ({"revision": "9999_from_the_future"}, {"format": 2}):
        with pytest.raises(BadInput, match="newer Yizhan"):
            backup.read_backup(changed_manifest(saved.path, **change))


def test_a_restore_waits_for_nobody_and_says_who_is_in_the_way(
    saved: backup.Backup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "LOCK_PATIENCE_S", 1)
    with session.writing(ADMINISTRATOR) as busy:
        busy.execute(text("UPDATE compound SET name = 'mine' WHERE id = 1"))
        with pytest.raises(Conflict, match="Somebody is working"):
            backup.restore(saved.path, replace=True)
    assert count("building") == 429


def test_a_full_disk_leaves_the_older_backup_as_it_was(saved: backup.Backup, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_snapshot: str, _target: object) -> None:
        raise OSError(ENOSPC, "No space left on device")

    before = saved.path.read_bytes()
    monkeypatch.setattr(dumps, "dump", full)
    with pytest.raises(NoRoom, match="disk is full"):
        backup.write_backup(saved.path)
    assert saved.path.read_bytes() == before
    assert [path.name for path in saved.path.parent.iterdir()] == ["city.yizhan"]


def test_a_backup_into_a_missing_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="folder that exists"):
        backup.write_backup(tmp_path / "no" / "city.yizhan")
