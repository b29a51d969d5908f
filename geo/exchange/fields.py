"""What a field and a kind of import are, and the fields several kinds share."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geo.exchange.spellings import words
from geo.i18n import N_

TYPES = ("text", "code", "integer", "decimal", "yes_no", "date", "choice")
GEOMETRIES = ("polygon", "line", "point", "none")


@dataclass(frozen=True)
class Field:
    """One field of a kind: its type, its plausible range (of a text: its most characters), the column names it goes by.

    `factors` says by what a number in a column of that name is multiplied (yuan to fen).
    `choices` maps every accepted spelling to the stored code.
    """

    name: str
    type: str
    label: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    unit: str | None = None
    low: float | None = None
    high: float | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    factors: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """One kind of import: the table it fills, its fields, its geometry and the field that names its parent."""

    name: str
    table: str
    label: str
    geometry: str
    fields: tuple[Field, ...]
    geometry_required: bool = False
    parent: str | None = None
    layer_words: tuple[str, ...] = ()

    def field(self, name: str) -> Field:
        """Return the field of this name; KeyError when the kind has none."""
        return next(item for item in self.fields if item.name == name)

    @property
    def field_names(self) -> tuple[str, ...]:
        """The names of all fields, in the order they are shown."""
        return tuple(item.name for item in self.fields)


def code_field(synonyms: str, *, required: bool = False) -> Field:
    """Return the field that identifies a place, under these column names too."""
    return Field("code", "code", N_("Code"), words("code 编码 编号 代码 " + synonyms), required=required)


def reference(name: str, label: str, synonyms: str, *, required: bool = False) -> Field:
    """Return a field that holds the code of another place."""
    return Field(name, "code", label, words(name + " " + synonyms), required=required)


def name_field(synonyms: str, *, required: bool = True) -> Field:
    """Return the field for the name of a place."""
    return Field("name", "text", N_("Name"), words("name 名称 " + synonyms), required=required)


def count(name: str, label: str, synonyms: str, *, low: float = 0, high: float = 1_000_000) -> Field:
    """Return a whole-number field with its plausible range."""
    return Field(name, "integer", label, words(name + " " + synonyms), low=low, high=high)


COMMUNITY = reference(
    "community_code",
    N_("Code of the community"),
    "community 社区编码 社区代码 村居代码 areacode streetcode villagecode",
)
COMPOUND = reference("compound_code", N_("Code of the compound"), "compound compound_id 小区编码 小区代码 小区编号")
BUILDING = reference(
    "building_code", N_("Code of the building"), "building building_id 楼栋编码 楼栋代码 楼栋编号 楼编码"
)
COMPOUND_NAME = Field(
    "compound_name", "text", N_("Name of the compound"), words("compound_name 小区名称 小区名 小区 所属小区")
)
ADDRESS = Field(
    "address",
    "text",
    N_("Address"),
    words("address addr addr:full 地址 标准地址 详细地址 门牌地址 坐落 位置 楼栋地址"),
)
HOUSEHOLDS = count(
    "households", N_("Households"), "household_count 户数 总户数 住户数 居民户数 hushu number_of_households"
)
HEIGHT = Field(
    "height_m",
    "decimal",
    N_("Height"),
    words("height_m height building:height 高度 楼高 建筑高度 高度(米)"),
    unit="m",
    low=0.1,
    high=999.9,
)
