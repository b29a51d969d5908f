"""Answers of an Open311 server kept as a file: an array of requests, each a flat record with its notes."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geo.errors import BadInput
from geo.exchange.content import Content
from geo.exchange.findings import Findings
from geo.exchange.sources import HALF_A_FILE
from geo.i18n import N_


def read_reports(path: Path, name: str, limit: int | None) -> Content:
    """Return the requests of a file as text columns, at most `limit`, numbered from 1.

    What lies one level below becomes a column of its own (extended_attributes.channel); lists stay as JSON. Raises
    BadInput for half a file, or one with something else than records.
    """
    try:
        listed = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise BadInput(HALF_A_FILE, file=name) from error
    if not all(isinstance(one, dict) for one in listed):
        raise BadInput(N_("{file} holds something else than requests. Export it again."), file=name)
    flat = [_flat(one) for one in listed[:limit]]
    columns = pd.DataFrame(flat, dtype="string")
    return Content(columns, None, np.arange(1, len(flat) + 1, dtype=np.int64), None, Findings())


def _flat(record: dict[str, Any]) -> dict[str, str | None]:
    flat: dict[str, str | None] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": _written(one) for inner, one in value.items()}
        else:
            flat[name] = _written(value)
    return flat


def _written(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
