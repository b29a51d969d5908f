from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from geo.settings import ROOT, Settings

GIVEN = {
    "DATABASE_URL": ("postgresql://db.example/town", "database_url", "postgresql://db.example/town"),
    "YIZHAN_OWNER_DATABASE_URL": ("postgresql://owner@db.example/town", "owner_database_url", "postgresql://owner@db.example/town"),
    "YIZHAN_STATE_DIR": ("/srv/state", "state_dir", Path("/srv/state")),
    "YIZHAN_KEYS": ("abc", "keys", SecretStr("abc")),
    "YIZHAN_KEY_FILE": ("/srv/yizhan.keys", "key_file", Path("/srv/yizhan.keys")),
    "XDG_CONFIG_HOME": ("/srv/config", "config_home", Path("/srv/config")),
    "YIZHAN_HOST": ("10.0.0.7", "host", "10.0.0.7"),
    "YIZHAN_PORT": ("9000", "port", 9000),
    "YIZHAN_PUBLIC_REQUEST_FORM": ("form", "public_request_form", "form"),
    "YIZHAN_MAX_UPLOAD_MB": ("20", "max_upload_mb", 20),
    "YIZHAN_TIANDITU_KEY": ("abc", "tianditu_key", "abc"),
    "YIZHAN_ONLINE_BASE_MAPS": ("true", "online_base_maps", True),
    "YIZHAN_JOB_MEMORY_MB": ("1024", "job_memory_mb", 1024),
    "YIZHAN_JOB_TIME_LIMIT_S": ("60", "job_time_limit_s", 60),
    "YIZHAN_BALLAST_MB": ("0", "ballast_mb", 0),
    "YIZHAN_LOG_LEVEL": ("WARNING", "log_level", "WARNING"),
    "YIZHAN_TIME_ZONE": ("Asia/Urumqi", "time_zone", "Asia/Urumqi"),
    "YIZHAN_SESSION_HOURS": ("8", "session_hours", 8),
    "YIZHAN_HTTPS": ("true", "https", True),
    "LANG": ("zh_CN.UTF-8", "lang", "zh_CN.UTF-8"),
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in GIVEN:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", GIVEN)
def test_every_setting_is_read_from_its_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written, field, expected = GIVEN[name]
    assert getattr(Settings(), field) != expected
    monkeypatch.setenv(name, written)
    assert getattr(Settings(), field) == expected


def test_this_list_names_every_setting() -> None:
    assert {field for _written, field, _expected in GIVEN.values()} == set(Settings.model_fields)


def test_nothing_needs_to_be_set() -> None:
    found = Settings()
    assert found.database_url is None
    assert found.host == "127.0.0.1"
    assert found.state_dir == ROOT / ".yizhan"


@pytest.mark.parametrize("name", GIVEN)
def test_an_empty_value_counts_as_not_set(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "")
    field = GIVEN[name][1]
    assert getattr(Settings(), field) == Settings.model_fields[field].default


def test_a_wrong_value_is_refused_with_the_name_of_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIZHAN_PORT", "eighty")
    with pytest.raises(ValidationError, match="port"):
        Settings()


def test_a_relative_state_folder_lies_in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIZHAN_STATE_DIR", "elsewhere/state")
    assert Settings().state_dir == ROOT / "elsewhere" / "state"
