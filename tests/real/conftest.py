"""Tests on real files: collected only when YIZHAN_REAL_DATA names their folder."""

import os
from pathlib import Path

import pytest

FOLDER = os.environ.get("YIZHAN_REAL_DATA")
collect_ignore_glob = [] if FOLDER else ["test_*.py"]


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder with the real files, each with its provenance beside it."""
    assert FOLDER is not None
    folder = Path(FOLDER).resolve()
    assert folder.is_dir(), f"YIZHAN_REAL_DATA names {folder}, which is not a folder"
    return folder
