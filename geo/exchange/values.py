"""From text cells to typed values: what is missing, what is no number, what is implausible becomes
unknown with a finding.
"""

import re
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.exchange.fields import Field
from geo.exchange.findings import Findings
from geo.exchange.spellings import MISSING, NO, YES, plain
from geo.store.texts import FORBIDDEN, HIDDEN, LONGEST, SEEN, SPACING, UNSEEN, shown

Rows = npt.NDArray[np.int64]
NUMBER = r"([-+]?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?)"
DATE = r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?"
COMPACT_DATE = r"(\d{4})(\d{2})(\d{2})"
DTYPES = {"integer": "Int64", "decimal": "Float64", "yes_no": "boolean", "date": "object"} | dict.fromkeys(
    ("text", "code", "choice"), "string"
)
LARGEST = 9e18
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_SERIALS = (20_000, 80_000)
NOT_PLAIN = rf"[\x00{FORBIDDEN}{UNSEEN.removeprefix(' ')}]"
LONGEST_TEXT = LONGEST["name"]
UNKNOWN_INSTEAD = {"text_hidden": "text_hidden_unknown", "text_too_long": "text_too_long_unknown"}


def text_column(raw: pd.Series) -> pd.Series:
    """Return a column as text: trimmed, whole numbers without a point, every spelling of "missing" as NA.

    >>> text_column(pd.Series(["007", " 无", "N/A", None, "-"])).tolist()
    ['007', <NA>, <NA>, <NA>, <NA>]
    """
    return _without_missing(_as_text(raw))


def _as_text(raw: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(raw.dtype):
        return raw.map({True: "true", False: "false"}).astype("string")
    if pd.api.types.is_float_dtype(raw.dtype):
        whole = raw.notna() & np.isfinite(raw.fillna(0)) & (raw.fillna(0) % 1 == 0) & (raw.abs().fillna(0) < 1e15)
        text = raw.astype("string")
        text[whole] = raw[whole].astype("int64").astype("string")
        return text
    if raw.dtype == object:
        raw = raw.map(lambda value: value if isinstance(value, str) else None if value is None else str(value))
    return raw.astype("string").str.strip()


def _without_missing(text: pd.Series) -> pd.Series:
    return text.mask((text == "") | text.isin(MISSING), pd.NA)


def typed_column(raw: pd.Series, field: Field, column: str, rows: Rows, findings: Findings) -> pd.Series:
    """Return a raw column as the field's type; what does not fit is NA and noted at its row.

    Texts that are too long or hold hidden signs are refused where the row needs them, else NA.
    Types: text and code -> string, integer -> Int64, decimal -> Float64, yes_no -> boolean, date -> object of date,
    choice -> string of the stored code.
    """
    if raw.isna().all():
        nothing = [None] * len(raw) if field.type == "date" else pd.NA
        return pd.Series(nothing, index=raw.index, dtype=DTYPES[field.type])
    text = _as_text(raw)
    if field.type == "yes_no":
        return _yes_no(text, field, rows, findings)
    text = _without_missing(text)
    if field.type == "integer" and field.low is None and text.str.fullmatch(r"\d{1,18}|[1-8]\d{18}").all():
        return exact_integers(text)
    if field.type in {"integer", "decimal"}:
        return _number(text, field, column, rows, findings)
    if field.type == "date":
        return _date(text, field, rows, findings)
    if field.type == "choice":
        return _choice(text, field, rows, findings)
    return _bounded(_readable(text, field, rows, findings), field, rows, findings)


def _readable(text: pd.Series, field: Field, rows: Rows, findings: Findings) -> pd.Series:
    """Return texts without line ends, tabs and signs nobody sees at either end; those with hidden signs are noted."""
    odd = text.str.contains(NOT_PLAIN).fillna(value=False).to_numpy(dtype=bool)
    if not odd.any():
        return text
    spaced = text[odd].str.replace(SPACING, " ", regex=True)
    text = text.copy()
    text[odd] = [_visible_part(value) for value in spaced]
    text = _without_missing(text)
    hidden = text.str.contains(HIDDEN.pattern).fillna(value=False)
    return _kept_out("text_hidden", text, hidden, field, rows, findings)


def _visible_part(value: str) -> str | Any:
    """Return a text from its first to its last sign that counts: one that can be seen, or one that must not be there.

    >>> _visible_part("\u3000\u200b金桂 花园\ufeff")
    '金桂 花园'
    """
    counting = [place for place, sign in enumerate(value) if SEEN.match(sign) or HIDDEN.match(sign)]
    return value[counting[0] : counting[-1] + 1] if counting else pd.NA


def _bounded(text: pd.Series, field: Field, rows: Rows, findings: Findings) -> pd.Series:
    most = LONGEST["code"] if field.type == "code" else int(field.high or LONGEST.get(field.name, LONGEST_TEXT))
    long = (text.str.len() > most).fillna(value=False)
    return _kept_out("text_too_long", text, long, field, rows, findings, most=most)


def _kept_out(
    code: str, text: pd.Series, wrong: pd.Series, field: Field, rows: Rows, findings: Findings, **detail: Any
) -> pd.Series:
    """Return texts without the wrong ones: what a row cannot do without refuses it, anything else becomes unknown."""
    needed = field.required or field.name == "code"
    _noted(code if needed else UNKNOWN_INSTEAD[code], text, wrong, field, rows, findings, **detail)
    return text.mask(wrong, pd.NA)


def exact_integers(text: pd.Series) -> pd.Series:
    """Return digits as whole numbers, exact beyond what a decimal number holds (node numbers have 19 digits).

    >>> exact_integers(pd.Series(["6355816838264084480", None], dtype="string")).tolist()
    [6355816838264084480, <NA>]
    """
    whole = [pd.NA if value is None else int(value) for value in text.to_numpy(dtype=object, na_value=None)]
    return pd.Series(pd.array(whole, dtype="Int64"), index=text.index)


def _noted(
    code: str, text: pd.Series, wrong: pd.Series, field: Field, rows: Rows, findings: Findings, **detail: Any
) -> None:
    where = wrong.to_numpy(dtype=bool, na_value=False)
    if where.any():
        values = text[where].map(shown).to_numpy(dtype=object)
        findings.add(code, rows[where], field=field.name, value=values, **detail)


def _number(text: pd.Series, field: Field, column: str, rows: Rows, findings: Findings) -> pd.Series:
    numbers = pd.to_numeric(text, errors="coerce").astype("Float64")
    unread = text.notna() & numbers.isna()
    if unread.any():
        found = text[unread].str.normalize("NFKC").str.extract(NUMBER, expand=False).str.replace(",", "")
        numbers[unread] = pd.to_numeric(found, errors="coerce").astype("Float64")
    numbers = numbers.mask(numbers.abs() > LARGEST, pd.NA)
    _noted("not_a_number", text, text.notna() & numbers.isna(), field, rows, findings)
    numbers = numbers * field.factors.get(plain(column), 1.0)
    if field.low is not None and field.high is not None:
        outside = ~numbers.between(field.low, field.high) & numbers.notna()
        _noted("implausible", text, outside, field, rows, findings, low=field.low, high=field.high)
        numbers = numbers.mask(outside, pd.NA)
    if field.type == "decimal":
        return numbers
    whole = np.floor(numbers + 0.5)
    _noted("number_rounded", text, numbers.notna() & (whole != numbers), field, rows, findings)
    return whole.astype("Int64")


def _yes_no(text: pd.Series, field: Field, rows: Rows, findings: Findings) -> pd.Series:
    folded = text.str.casefold()
    answer = pd.Series(pd.NA, index=text.index, dtype="boolean")
    answer[folded.isin(YES).fillna(value=False)] = True
    answer[folded.isin(NO).fillna(value=False)] = False
    unclear = answer.isna() & _without_missing(text).notna()
    _noted("not_yes_no", text, unclear, field, rows, findings)
    return answer


def _choice(text: pd.Series, field: Field, rows: Rows, findings: Findings) -> pd.Series:
    spelled = {value: field.choices.get(plain(value)) for value in text.dropna().unique()}
    codes = text.map(spelled).astype("string")
    known = ", ".join(dict.fromkeys(field.choices.values()))
    _noted("not_a_choice", text, text.notna() & codes.isna(), field, rows, findings, choices=known)
    return codes


def _date(text: pd.Series, field: Field, rows: Rows, findings: Findings) -> pd.Series:
    spelled = {value: parsed_date(value) for value in text.dropna().unique()}
    found = [spelled.get(value) for value in text.to_numpy(dtype=object, na_value="")]
    days = pd.Series(found, index=text.index, dtype=object)
    _noted("not_a_date", text, text.notna() & days.isna(), field, rows, findings)
    return days


def parsed_date(text: str) -> date | None:
    """Return the date a cell means, or None: 2024-01-05, 2024/1/5, 2024.1, 2024年1月5日, 20240105, an Excel serial
    number.

    >>> parsed_date("2024年1月5日"), parsed_date("2024.1"), parsed_date("45296"), parsed_date("soon")
    (datetime.date(2024, 1, 5), datetime.date(2024, 1, 1), datetime.date(2024, 1, 5), None)
    """
    cell = text.strip()
    found = re.match(DATE, cell) or re.fullmatch(COMPACT_DATE, cell)
    if found:
        year, month, day = found.group(1), found.group(2), found.group(3) or "1"
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            return None
    number = re.fullmatch(r"(\d{5})(?:\.\d+)?", cell)
    if number and EXCEL_SERIALS[0] <= int(number.group(1)) <= EXCEL_SERIALS[1]:
        return EXCEL_EPOCH + timedelta(days=int(number.group(1)))
    return None
