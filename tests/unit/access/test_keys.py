"""Keys: where they are kept, who may read them, what is refused."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geo.access import keys
from geo.errors import StoreUnavailable
from geo.settings import ROOT, settings


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Set settings for one test; a value of None takes it away."""

    def give(**values: object) -> None:
        for name, value in values.items():
            if value is None:
                monkeypatch.delenv(name, raising=False)
            else:
                monkeypatch.setenv(name, str(value))
        settings.cache_clear()

    yield give
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def file(given: Callable[..., None], tmp_path: Path) -> Path:
    """The path of a key file that is not there yet."""
    path = tmp_path / "kept" / "yizhan.keys"
    given(YIZHAN_KEY_FILE=path)
    return path


def test_without_file_and_variable_there_are_no_keys(file: Path) -> None:
    assert keys.read() == ()
    assert keys.may_be_made()


def test_the_first_key_is_made_once_and_only_its_owner_can_read_it(file: Path) -> None:
    made = keys.make_first()
    assert len(made) == 1
    assert keys.make_first() == made == keys.read()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert list(file.parent.iterdir()) == [file]


def test_keys_are_added_at_the_end_and_taken_out_by_name(file: Path) -> None:
    first = keys.make_first()[0]
    second = keys.fresh()
    assert keys.add(second) == (first, second) == keys.read()
    assert keys.remove([first.id]) == (second,) == keys.read()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_file_others_can_read_is_refused_with_the_command_that_helps(file: Path) -> None:
    keys.make_first()
    file.chmod(0o640)
    with pytest.raises(StoreUnavailable, match="chmod 600"):
        keys.read()


@pytest.mark.parametrize("inside", [ROOT / "yizhan.keys", ROOT / ".yizhan" / "a" / "b.keys"])
def test_a_file_in_the_checkout_is_refused_before_it_is_made(given: Callable[..., None], inside: Path) -> None:
    given(YIZHAN_KEY_FILE=inside)
    for use in (keys.read, keys.make_first):
        with pytest.raises(StoreUnavailable, match="YIZHAN_KEY_FILE"):
            use()
    assert not inside.exists()


def test_a_file_in_the_state_folder_is_refused_even_by_way_of_a_link(
    given: Callable[..., None], tmp_path: Path
) -> None:
    state, elsewhere = tmp_path / "state", tmp_path / "elsewhere"
    state.mkdir()
    elsewhere.symlink_to(state)
    given(YIZHAN_STATE_DIR=state, YIZHAN_KEY_FILE=elsewhere / "yizhan.keys")
    with pytest.raises(StoreUnavailable, match="copies and backups"):
        keys.make_first()
    assert list(state.iterdir()) == []


@pytest.mark.parametrize("content", ["nonsense\n", "AAAA\n", "A" * 43 + "=\nhalf\n", "é\n"])
def test_a_file_with_something_else_in_it_is_refused_without_showing_it(file: Path, content: str) -> None:
    file.parent.mkdir()
    file.write_text(content)
    file.chmod(0o600)
    with pytest.raises(StoreUnavailable, match="no key") as refused:
        keys.read()
    assert content.strip() not in str(refused.value)


def test_keys_of_the_variable_come_before_the_file(file: Path, given: Callable[..., None]) -> None:
    keys.make_first()
    old, new = keys.fresh(), keys.fresh()
    given(YIZHAN_KEYS=f"{old.written}, {new.written} {old.written}")
    assert keys.read() == (old, new)
    assert not keys.may_be_made()
    given(YIZHAN_KEYS="short")
    with pytest.raises(StoreUnavailable, match="YIZHAN_KEYS holds something that is no key"):
        keys.read()


def test_two_checkouts_and_two_databases_have_files_of_their_own(given: Callable[..., None], tmp_path: Path) -> None:
    given(YIZHAN_KEY_FILE=None, XDG_CONFIG_HOME=tmp_path)
    found = []
    for state, url in (("a", None), ("b", None), ("a", "postgresql://x:y@db/one"), ("a", "postgresql://db/two")):
        given(YIZHAN_STATE_DIR=tmp_path / state, DATABASE_URL=url)
        found.append(keys.key_file())
    assert len(set(found)) == 4
    assert {path.parent for path in found} == {tmp_path / "yizhan"}
    given(DATABASE_URL="postgresql://somebody:else@db/one")
    assert keys.key_file() == found[2]


def test_a_folder_that_cannot_be_made_says_which_setting_helps(given: Callable[..., None], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    given(YIZHAN_KEY_FILE=tmp_path / "taken" / "yizhan.keys")
    with pytest.raises(StoreUnavailable, match="YIZHAN_KEY_FILE"):
        keys.make_first()


def test_a_key_is_never_shown_by_accident() -> None:
    key = keys.fresh()
    assert key.written not in f"{key} {key!r} {keys.Keyring((key,), key)}"
    assert repr(key.secret) not in repr(key)
    assert {key.id, key.check} != {keys.fresh().id, keys.fresh().check}
