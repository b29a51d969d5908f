"""Keys and the database: made on first use, the wrong one told, changed for a new one, never in a backup."""

import json
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from geo.access import keys, reveals, rotation
from geo.access.actor import OPERATOR
from geo.access.helped_persons import PersonDetails, Whereabouts, change_person, record_person
from geo.access.keyring import key_problems, known_keys
from geo.cli import run
from geo.errors import BadInput, Conflict, StoreUnavailable
from geo.settings import settings
from geo.store import backup, dumps
from geo.store.session import connect, engine, owner_engine, writing
from tests.store.access import helped
from tests.store.access.helped import DETAILS, WORDS, Helped
from tests.store.small_city import NORTH_ORGANISER as NORTH

Shown = pytest.CaptureFixture[str]


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A key file of this test alone, not made yet."""
    path = tmp_path / "kept" / "yizhan.keys"
    monkeypatch.setenv("YIZHAN_KEY_FILE", str(path))
    settings.cache_clear()
    yield path
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def there(clean_store: object, key_file: Path) -> Helped:
    """The small city with its helped persons, sealed with a key of this test."""
    return helped.build()


@pytest.fixture
def environment(key_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Keys handed over in YIZHAN_KEYS: whoever changes the list calls settings.cache_clear by using it."""
    given = Given(monkeypatch)
    yield given
    monkeypatch.undo()
    settings.cache_clear()


class Given(list[str]):
    """A list of written keys that stands in YIZHAN_KEYS after every append."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self.patch = patch

    def append(self, written: str) -> None:
        """Put a key at the end."""
        super().append(written)
        self.patch.setenv("YIZHAN_KEYS", ",".join(self))
        settings.cache_clear()


def problems() -> list[str]:
    """The codes of what is wrong with the keys, as the app sees it."""
    with connect(engine()) as connection:
        return [problem.code for problem in key_problems(connection)]


def name_of(person: int) -> object:
    return reveals.reveal(NORTH, person, ["name"], reason="test").values["name"]


def used() -> dict[str, int]:
    """How many values each key sealed."""
    with owner_engine().connect() as owner:
        return {view.id: view.values for view in rotation.key_list(owner) if view.values}


def test_a_key_is_made_with_the_first_person_and_then_stays(clean_store: object, key_file: Path) -> None:
    assert problems() == []
    assert not key_file.exists()
    there = helped.build()
    (key,) = keys.read()
    with writing(NORTH) as session:
        record_person(session, Whereabouts(there.city["north-b1"]), PersonDetails("乙"))
        assert [(one.id, one.check) for one in known_keys(session)] == [(key.id, key.check)]
    assert keys.read() == (key,)


def test_the_database_never_holds_the_key(there: Helped) -> None:
    (key,) = keys.read()
    with owner_engine().connect() as owner:
        row = owner.execute(text("SELECT id, check_value FROM personal.sealing_key")).one()
    assert key.secret not in bytes(row.check_value)
    assert row.id not in key.written


def test_a_wrong_or_a_lost_key_is_told_before_anything_is_sealed_or_logged(there: Helped, key_file: Path) -> None:
    right = key_file.read_text()
    for wrong in (None, keys.fresh().written):
        key_file.unlink(missing_ok=True)
        if wrong:
            keys.add(keys.parsed([wrong], "test")[0])
        assert problems() == ["key_missing"]
        with pytest.raises(StoreUnavailable, match="not here"):
            name_of(there.person)
        with pytest.raises(StoreUnavailable, match="yizhan keys make --lost"), writing(NORTH) as session:
            record_person(session, Whereabouts(there.city["north-b1"]), PersonDetails("乙"))
    key_file.write_text(right)
    assert name_of(there.person) == DETAILS.name
    with owner_engine().connect() as owner:
        assert owner.scalar(text("SELECT count(*) FROM audit_entry WHERE action = 'reveal'")) == 1


def test_check_tells_of_the_key_and_leaves_with_one(there: Helped, key_file: Path, capsys: Shown) -> None:
    run(["check", "--json"])
    lines = {line["code"]: line["state"] for line in json.loads(capsys.readouterr().out)}
    assert lines["keys"] == "ok"
    key_file.chmod(0o644)
    assert run(["check", "--json"]) == 1
    lines = {line["code"]: line for line in json.loads(capsys.readouterr().out)}
    assert "chmod 600" in lines["key_unusable"]["text"]


def test_rotating_seals_everything_again_and_the_old_key_stays_until_retired(there: Helped, capsys: Shown) -> None:
    (old,) = keys.read()
    assert run(["keys", "rotate"]) == 0
    assert "2 records were sealed again" in capsys.readouterr().out
    kept, new = keys.read()
    assert kept == old
    assert used() == {new.id: 4}
    assert name_of(there.person) == DETAILS.name
    assert run(["keys", "retire"]) == 0
    assert old.id in capsys.readouterr().out
    assert keys.read() == (new,)
    assert name_of(there.person) == DETAILS.name
    assert problems() == []
    assert run(["keys", "list", "--json"]) == 0
    shown = capsys.readouterr().out
    assert [(one["id"], one["seals"], one["retired"]) for one in json.loads(shown)] == [
        (old.id, False, True),
        (new.id, True, False),
    ]
    assert new.written not in shown
    with owner_engine().connect() as owner:
        logged = owner.execute(
            text("SELECT actor, action, after FROM audit_entry WHERE entity = 'sealing_key' ORDER BY id")
        ).all()
    assert [(entry.actor, entry.action) for entry in logged] == [
        (OPERATOR.name, "rotate_key"),
        (OPERATOR.name, "retire_keys"),
    ]
    assert logged[0].after == {"key": new.id, "records": 2, "closed": 0}


def test_a_rotation_that_was_stopped_goes_on_with_the_key_it_made(
    there: Helped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 1)

    def stop(_persons: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotation.rotate(OPERATOR, stop)
    old, new = keys.read()
    assert set(used()) == {old.id, new.id}
    assert name_of(there.person) == DETAILS.name
    with pytest.raises(Conflict, match="rotate"):
        rotation.retire(OPERATOR)
    done = rotation.rotate(OPERATOR)
    assert (done.key_id, done.records) == (new.id, 1)
    assert keys.read() == (old, new)
    assert used() == {new.id: 4}
    assert rotation.rotate(OPERATOR).key_id not in {old.id, new.id}


def test_with_keys_of_the_environment_a_rotation_asks_for_a_new_one_there(
    clean_store: object, environment: list[str], key_file: Path, capsys: Shown
) -> None:
    old, new = keys.fresh(), keys.fresh()
    environment.append(old.written)
    there = helped.build()
    with pytest.raises(BadInput, match="YIZHAN_KEYS"):
        rotation.rotate(OPERATOR)
    environment.append(new.written)
    assert name_of(there.person) == DETAILS.name
    assert rotation.rotate(OPERATOR).key_id == new.id
    assert used() == {new.id: 4}
    assert run(["keys", "retire"]) == 0
    assert "Take them out of YIZHAN_KEYS" in capsys.readouterr().out
    assert not key_file.exists()
    assert run(["keys", "make", "--print"]) == 0
    assert len(keys.parsed([capsys.readouterr().out.strip()], "stdout")) == 1


def test_after_a_lost_key_work_goes_on_with_a_new_one_and_old_values_can_be_written_anew(
    there: Helped, key_file: Path, capsys: Shown
) -> None:
    assert run(["keys", "make"]) == 1
    assert "rotate" in capsys.readouterr().err
    key_file.unlink()
    assert run(["keys", "make"]) == 1
    assert "--lost" in capsys.readouterr().err
    assert run(["keys", "make", "--lost"]) == 0
    with pytest.raises(StoreUnavailable, match="not here"):
        name_of(there.person)
    assert reveals.reveal(NORTH, there.person, ["birth_year"], reason="code").values == {"birth_year": 1943}
    with writing(NORTH) as session:
        change_person(session, there.person, {"name": "王秀兰", "phone": None, "notes": None})
    assert name_of(there.person) == "王秀兰"
    assert rotation.rotate(OPERATOR).closed == 1
    assert problems() == ["key_missing"]


def test_a_key_the_database_gave_up_seals_nothing(there: Helped) -> None:
    old = keys.read()[0]
    rotation.rotate(OPERATOR)
    rotation.retire(OPERATOR)
    keys.remove([keys.read()[0].id])
    keys.add(old)
    with pytest.raises(StoreUnavailable, match="not here"), writing(NORTH) as session:
        record_person(session, Whereabouts(there.city["north-b1"]), PersonDetails("乙"))


def test_a_backup_holds_neither_key_nor_name_and_opens_with_the_key_after_a_restore(
    there: Helped, tmp_path: Path
) -> None:
    (key,) = keys.read()
    file = tmp_path / "city.yizhan"
    backup.write_backup(file)
    with zipfile.ZipFile(file) as archive:
        archive.extractall(tmp_path)
    unpacked = subprocess.run(
        [dumps.programs() / "pg_restore", "-f", "-", tmp_path / backup.DUMP], capture_output=True, check=True
    ).stdout
    content = file.read_bytes() + unpacked
    assert there.number.encode() in unpacked
    secrets = [key.secret, key.secret.hex().encode(), key.written.encode(), key.written.rstrip("=").encode()]
    assert not [secret for secret in secrets if secret in content]
    assert not [word for word in WORDS if word.encode() in content]
    backup.restore(file, replace=True)
    assert name_of(there.person) == DETAILS.name
