"""Settings: the only reader of the environment. Each is documented in docs/settings.md."""

from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What can be configured from outside; the environment name is YIZHAN_ and the field's name in capitals."""

    model_config = SettingsConfigDict(env_prefix="YIZHAN_", env_ignore_empty=True, frozen=True)

    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")
    """A PostGIS to use instead of the private cluster, as postgresql://user:password@host:port/name."""
    owner_database_url: str | None = None
    """The same database as the role that owns the tables, for migrations; DATABASE_URL when unset."""
    state_dir: Path = ROOT / ".yizhan"
    """Where the private cluster, uploads, logs and job files live."""
    keys: SecretStr | None = None
    """Keys that seal personal data, with blanks or commas between, the newest last; instead of the key file."""
    key_file: Path | None = None
    """Where the keys are kept: outside the checkout and the state folder; a file of its own per database when unset."""
    config_home: Path | None = Field(default=None, validation_alias="XDG_CONFIG_HOME")
    """The user's configuration folder, as the operating system names it, else .config in the home folder."""
    host: str = "127.0.0.1"
    """The address the server listens on."""
    port: int = 8501
    """The port the server listens on; the next free one is taken when it is busy."""
    time_zone: str = "Asia/Shanghai"
    """Time zone of the city, by its IANA name: days begin and end there."""
    session_hours: int = 12
    """A sign-in ends by itself after so many hours."""
    https: bool = False
    """Browsers reach the server by https, through a proxy in front of it: cookies are then sent that way only."""
    public_request_form: str | None = None
    """The user in whose name residents hand in requests without a sign-in at /request-form/; not offered when unset."""
    max_upload_mb: int = 500
    """Uploads above this size are refused."""
    tianditu_key: str | None = None
    """Key of the Tianditu base map; without it that base map is not offered."""
    online_base_maps: bool = False
    """Offer base maps from other hosts (they see which part of the city is looked at)."""
    job_memory_mb: int = 8192
    """Memory limit of one job."""
    job_time_limit_s: int = 7200
    """Time limit of one job."""
    ballast_mb: int = 64
    """Size of the file that is given up when the disk is full, so that the database can stop cleanly."""
    log_level: str = "INFO"
    """Level of the server's and the jobs' logs."""
    lang: str = Field(default="", validation_alias="LANG")
    """Language of the command line, as the operating system names it; Chinese when it begins with zh, else English."""

    @field_validator("time_zone")
    @classmethod
    def _a_known_zone(cls, time_zone: str) -> str:
        if time_zone not in available_timezones():
            raise ValueError(f"{time_zone} is no time zone; write an IANA name such as Asia/Shanghai")
        return time_zone

    @field_validator("state_dir")
    @classmethod
    def _from_the_checkout(cls, state_dir: Path) -> Path:
        """Read a relative folder from the checkout, so that commands and jobs mean the same one wherever they run."""
        return ROOT / state_dir


@cache
def settings() -> Settings:
    """Return the settings, read once."""
    return Settings()
