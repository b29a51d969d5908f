"""Levels and parents of areas from their official codes: 4 or 6 digits city and district, 9 street
office, 12 community.
"""

import numpy as np
import pandas as pd

from geo.exchange.draft import Draft

LEVEL_OF_LENGTH = {6: "district", 9: "street_office", 12: "community"}
PARENT_LENGTH = {"district": 4, "street_office": 6, "community": 9}


def official_code(code: str) -> str:
    """Return an area code in its short official form.

    >>> official_code("3715"), official_code("371502000000"), official_code("371502001000")
    ('371500', '371502', '371502001')
    >>> official_code("371502001001")
    '371502001001'
    """
    if not code.isdigit() or len(code) not in {4, 12}:
        return code
    if len(code) == 4:
        return code + "00"
    return code[:6] if code.endswith("000000") else code[:9] if code.endswith("000") else code


def level_of(code: str) -> str | None:
    """Return the level an official code is of, None when it is none.

    >>> level_of("371500"), level_of("371502"), level_of("371502001"), level_of("371502001001"), level_of("A1")
    ('city', 'district', 'street_office', 'community', None)
    """
    if not code.isdigit():
        return None
    return "city" if len(code) == 6 and code.endswith("00") else LEVEL_OF_LENGTH.get(len(code))


def parent_of(code: str, level: str) -> str | None:
    """Return the official code of the area above, None when the code does not tell.

    >>> parent_of("371502001", "street_office"), parent_of("371502", "district"), parent_of("371500", "city")
    ('371502', '371500', None)
    """
    length = PARENT_LENGTH.get(level)
    if length is None or level_of(code) != level:
        return None
    return official_code(code[:length])


def derive_areas(draft: Draft) -> None:
    """Fill level and parent of areas from their codes; rows whose level stays unknown are taken out.

    A code that tells its parent overrules a parent column: a column may name the district where the street office is
    meant.
    """
    given = draft.frame["code"]
    short = given.map(official_code, na_action="ignore").astype("string")
    draft.note(
        (short != given).fillna(value=False).to_numpy(dtype=bool),
        "code_canonical",
        field="code",
        value=draft.text("code"),
        official=short.to_numpy(dtype=object, na_value=None),
    )
    draft.frame["code"] = short
    derived = short.map(level_of, na_action="ignore").astype("string")
    draft.frame["level"] = draft.frame["level"].fillna(derived)
    draft.take_out(
        draft.frame["level"].isna().to_numpy(dtype=bool), "level_unknown", field="level", value=draft.text("code")
    )
    told = pd.Series(
        [
            parent_of(code, level) if code else None
            for code, level in zip(draft.text("code"), draft.text("level"), strict=True)
        ],
        index=draft.frame.index,
        dtype="string",
    )
    column = draft.frame["parent_code"].map(official_code, na_action="ignore").astype("string")
    draft.frame["parent_code"] = told.fillna(column)
    grid = (draft.frame["level"] == "grid").to_numpy(dtype=bool)
    community = draft.frame["community_code"].fillna(draft.frame["parent_code"])
    draft.frame["community_code"] = community.where(grid, pd.NA)
    draft.frame["parent_code"] = draft.frame["parent_code"].mask(np.asarray(grid), community)
