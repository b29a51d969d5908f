"""Chinese addresses as people write them, brought to one spelling, and the places of a city found by them."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from typing import Any

import pandas as pd

DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
NUMERAL = re.compile(r"[零〇一二两三四五六七八九十百]+(?=号楼|号|栋|幢|座|单元|层|室|#)")
BUILDING = re.compile(r"第?0*([a-z]?\d+[a-z]?|[a-z])(?:号楼|栋楼?|幢楼?|座|#楼?|号住宅楼)")
UNIT = re.compile(r"第?0*([a-z]|\d+)单元")
DASHED = re.compile(r"(?<=[^\d\-a-z])0*(\d{1,3})-0*(\d{1,2})(?:-\d{2,4})?$")
ABOVE = re.compile(
    r"^(?:[^省]{2,8}省)?(?:[^市]{2,8}市)?(?:[^区县]{1,8}(?:(?<![小社园])区|县))?"
    r"(?:[^街镇乡]{1,8}(?:街道办事处|街道办|街道|镇|乡))?(?:[^社居]{1,10}(?:社区居委会|社区|居委会))?"
)
SHORTLIST = 30
ALIKE = 0.3


def chinese_number(text: str) -> int:
    """Return the number a short Chinese numeral means.

    >>> chinese_number("十二"), chinese_number("三"), chinese_number("二十"), chinese_number("一百零五")
    (12, 3, 20, 105)
    """
    total, digit = 0, 0
    for sign in text:
        if sign in {"十", "百"}:
            total, digit = total + (digit or 1) * (10 if sign == "十" else 100), 0
        else:
            digit = DIGITS[sign]
    return total + digit


@dataclass(frozen=True)
class Address:
    """An address in parts: what stands before the building, the building's number, the unit's number."""

    base: str
    building: str | None = None
    unit: str | None = None

    @property
    def key(self) -> str:
        """The one spelling of the whole address."""
        return self.base + (f"{self.building}号楼" if self.building else "") + (f"{self.unit}单元" if self.unit else "")

    @property
    def short(self) -> "Address":
        """The same address without province, city, district, street office and community."""
        return Address(ABOVE.sub("", self.base) or self.base, self.building, self.unit)

    def without_unit(self) -> "Address":
        """The building's address."""
        return Address(self.base, self.building)


@lru_cache(maxsize=200_000)
def parsed_address(text: str) -> Address:
    """Return an address in parts: full-width digits, Chinese numerals, 栋, 幢, 座, # and 3-2 all read alike.

    >>> parsed_address("花园小区３＃楼二单元").key, parsed_address("花园小区 十二栋").key
    ('花园小区3号楼2单元', '花园小区12号楼')
    >>> parsed_address("花园小区3-2-501").key
    '花园小区3号楼2单元'
    >>> parsed_address("山东省聊城市东昌府区柳园街道花园小区3号楼").short.key
    '花园小区3号楼'
    """
    plain = re.sub(r"[\s,，。.、;；:：()（）【】\[\]]+", "", unicodedata.normalize("NFKC", text).casefold())
    plain = NUMERAL.sub(lambda found: str(chinese_number(found.group())), plain)
    building, unit = BUILDING.search(plain), UNIT.search(plain)
    if building is None:
        dashed = DASHED.search(plain)
        if dashed:
            return Address(plain[: dashed.start()], dashed.group(1), dashed.group(2))
        return Address(plain[: unit.start()] if unit else plain, None, unit.group(1) if unit else None)
    return Address(plain[: building.start()], building.group(1), unit.group(1) if unit else None)


def building_number(text: str | None) -> str | None:
    """Return the bare number in a cell that names a building.

    >>> building_number("3号楼"), building_number("03"), building_number("A座"), building_number("三号楼")
    ('3', '3', 'a', '3')
    """
    if text is None:
        return None
    parsed = parsed_address(text)
    return parsed.building or parsed.base.removesuffix("号").removesuffix("楼").lstrip("0") or None


def unit_number(text: str | None) -> str | None:
    """Return the bare number in a cell that names a unit.

    >>> unit_number("2单元"), unit_number("02"), unit_number("二单元"), unit_number(None)
    ('2', '2', '2', None)
    """
    if text is None:
        return None
    parsed = parsed_address(text)
    return parsed.unit or parsed.base.lstrip("0") or None


@dataclass(frozen=True)
class Match:
    """What an address or code led to: the position of the place, or several when it is not clear, or none."""

    positions: tuple[int, ...]

    @property
    def found(self) -> int | None:
        """The position of the one place, None when there is none or more than one."""
        return self.positions[0] if len(self.positions) == 1 else None


class PlaceIndex:
    """The places of a city, found by code, by address in any spelling, or by likeness.

    places: a frame with the columns kind, id, code, name, address, compound, number, lon, lat (see Surroundings).
    """

    def __init__(self, places: pd.DataFrame) -> None:
        self.places = places.reset_index(drop=True)
        self._kinds: list[str] = self.places["kind"].tolist()
        self._records = list(
            zip(*(_texts(self.places[name]) for name in ("name", "address", "compound", "number")), strict=True)
        )

    @cached_property
    def _by_code(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = {}
        for position, (kind, code) in enumerate(zip(self._kinds, _texts(self.places["code"]), strict=True)):
            if code:
                found.setdefault((kind, code), []).append(position)
        return found

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], list[int]]:
        found: dict[tuple[str, str], list[int]] = {}
        for position, kind in enumerate(self._kinds):
            for key in self._keys(position):
                found.setdefault((kind, key), []).append(position)
        return found

    def _keys(self, position: int) -> set[str]:
        name, address, compound, number = self._records[position]
        kind = self._kinds[position]
        if kind not in {"building", "unit"}:
            written = [name, f"{compound or ''}{name or ''}"]
            return {parsed_address(text).key for text in written if text}
        building = building_number(name if kind == "unit" else number)
        unit = unit_number(number) if kind == "unit" else None
        parts = [Address(parsed_address(compound).base, building, unit)] if compound and building else []
        if address:
            given = parsed_address(address)
            parts.append(Address(given.base, given.building or building, given.unit or unit))
            if kind == "building":
                parts.append(given.without_unit())
        if kind == "building" and name:
            parts.append(parsed_address(name))
        return {spelled for part in parts for spelled in (part.key, part.short.key)}

    def by_code(self, kind: str, code: str) -> Match:
        """Return the place of this kind with this code."""
        return Match(tuple(self._by_code.get((kind, code), ())))

    def by_address(self, kind: str, address: Address) -> Match:
        """Return the places of this kind at this address."""
        for spelled in (address, address.short):
            positions = self._by_key.get((kind, spelled.key), ())
            if positions:
                return Match(tuple(dict.fromkeys(positions)))
        return Match(())

    @cached_property
    def _postings(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for position in range(len(self._kinds)):
            for pair in _pairs(self.label(position)):
                found.setdefault(pair, []).append(position)
        return found

    def nearest(self, kind: str, text: str, count: int = 3) -> list[int]:
        """Return the positions of the places of a kind whose address is written most alike, best first."""
        wanted = parsed_address(text).key
        shared = Counter(position for pair in _pairs(wanted) for position in self._postings.get(pair, ()))
        same_kind = Counter({position: number for position, number in shared.items() if self._kinds[position] == kind})
        likeness = {
            position: SequenceMatcher(None, wanted, self.label(position), autojunk=False).ratio()
            for position, _number in same_kind.most_common(SHORTLIST)
        }
        return [
            position
            for position in sorted(likeness, key=lambda item: -likeness[item])[:count]
            if likeness[position] >= ALIKE
        ]

    def label(self, position: int) -> str:
        """Return how a place is written in a proposal: compound with number, else its address or name."""
        name, address, compound, number = self._records[position]
        kind = self._kinds[position]
        if kind == "unit":
            above = f"{compound or ''}{building_number(name) or ''}号楼" if compound else address or name or ""
            return f"{above}{unit_number(number)}单元"
        if kind == "building" and compound and number:
            return f"{compound}{building_number(number)}号楼"
        return address or name or f"{self.places['code'].iloc[position]}"


def _texts(column: "pd.Series[Any]") -> list[Any]:
    return [None if value is None or pd.isna(value) or not str(value).strip() else str(value) for value in column]


def _pairs(text: str) -> set[str]:
    return {text[start : start + 2] for start in range(max(len(text) - 1, 1))}
