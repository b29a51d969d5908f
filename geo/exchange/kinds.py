"""The kinds of things a file can bring in: one table of fields per kind, under the names real files use."""

from geo.errors import BadInput
from geo.exchange.fields import (
    ADDRESS,
    BUILDING,
    COMMUNITY,
    COMPOUND,
    COMPOUND_NAME,
    HEIGHT,
    HOUSEHOLDS,
    Field,
    Kind,
    code_field,
    count,
    name_field,
    reference,
)
from geo.exchange.people_kinds import NEEDED, POSTS, VOLUNTEERED
from geo.exchange.request_kinds import REQUESTED
from geo.exchange.spellings import (
    COMPOUND_TYPES,
    EDGES,
    GATES,
    LEVELS,
    MONEY,
    ORGANISATIONS,
    PHASES,
    SITES,
    STATUSES,
    TEAMS,
    TENURE,
    words,
)
from geo.i18n import N_, _

AREAS = Kind(
    "areas",
    "area",
    N_("Areas"),
    "polygon",
    (
        Field("level", "choice", N_("Level"), words("level 级别 层级 类型"), choices=LEVELS),
        code_field(
            "adcode 行政区划代码 区划代码 统计用区划代码 社区编码 社区代码 villagecode id gb ref", required=True
        ),
        name_field("区划名称 社区名称 社区 街道名称 name:zh"),
        reference(
            "parent_code", N_("Code of the area above"), "parent 上级代码 上级编码 上级 streetcode areacode citycode"
        ),
        reference("community_code", N_("Code of the community"), "所属社区编码"),
        HOUSEHOLDS,
    ),
    parent="parent_code",
    layer_words=words("area district boundary boundaries 区 社区 街道 区划"),
)
COMPOUNDS = Kind(
    "compounds",
    "compound",
    N_("Compounds"),
    "polygon",
    (
        code_field("小区编码 小区代码 小区编号 compound_code compound_id id osm_id"),
        name_field("小区名称 小区名 小区 compound compound_name 楼盘"),
        COMMUNITY,
        Field(
            "kind",
            "choice",
            N_("Kind"),
            words("kind 小区类型 类型 性质"),
            choices=COMPOUND_TYPES,
        ),
        count(
            "built_year",
            N_("Built in"),
            "year_built 建成年份 建成年代 建成时间 竣工年份 建造年代 年代 start_date",
            low=1500,
            high=2200,
        ),
        HOUSEHOLDS,
        ADDRESS,
    ),
    parent="community_code",
    layer_words=words("compound compounds residential estate 小区"),
)
BUILDINGS = Kind(
    "buildings",
    "building",
    N_("Buildings"),
    "polygon",
    (
        code_field("楼栋编码 楼栋代码 建筑编号 楼编码 building_code building_id buildingid osm_id id uid objectid"),
        Field(
            "number",
            "text",
            N_("Number"),
            words("number 楼号 栋号 幢号 楼栋号 楼栋 addr:housenumber housenumber building_no 门牌号 号"),
        ),
        name_field("楼栋名称 楼名 建筑名称 building_name name:zh", required=False),
        ADDRESS,
        COMPOUND,
        COMPOUND_NAME,
        COMMUNITY,
        count(
            "floors",
            N_("Floors"),
            "floor 层数 楼层数 总层数 地上层数 building:levels levels storeys stories num_floors",
            low=1,
            high=200,
        ),
        HEIGHT,
        Field("elevator", "yes_no", N_("Elevator"), words("elevator lift 电梯 有无电梯 是否有电梯")),
        count(
            "built_year",
            N_("Built in"),
            "year_built 建成年份 建成年代 建造年代 竣工年份 年代 start_date",
            low=1000,
            high=2200,
        ),
        HOUSEHOLDS,
    ),
    geometry_required=True,
    parent="compound_code",
    layer_words=words("building buildings footprint footprints 楼 楼栋 建筑"),
)
UNITS = Kind(
    "units",
    "unit",
    N_("Units"),
    "point",
    (
        code_field("单元编码 单元代码 unit_code unit_id id"),
        Field("number", "text", N_("Number"), words("number 单元 单元号 unit unit_no"), required=True),
        BUILDING,
        ADDRESS,
        HOUSEHOLDS,
    ),
    parent="building_code",
    layer_words=words("unit units entrance entrances 单元"),
)
HOUSEHOLD_ROWS = Kind(
    "households",
    "household",
    N_("Households"),
    "none",
    (
        code_field("户编码 房屋编码 household_code household_id id"),
        reference("unit_code", N_("Code of the unit"), "unit unit_id 单元编码 单元代码"),
        BUILDING,
        Field("unit_number", "text", N_("Number of the unit"), words("unit_number unit_no 单元 单元号")),
        ADDRESS,
        count("floor", N_("Floor"), "楼层 所在楼层 层", low=-10, high=200),
        Field("room", "text", N_("Room"), words("room 房号 室 户号 房间号 门牌 室号"), required=True),
        Field(
            "area_m2",
            "decimal",
            N_("Floor area"),
            words("area_m2 area 面积 建筑面积 房屋面积"),
            unit="m²",
            low=0.1,
            high=9999.9,
        ),
        Field(
            "tenure",
            "choice",
            N_("Tenure"),
            words("tenure 居住类型 房屋状态 产权 使用情况"),
            choices=TENURE,
        ),
    ),
    parent="unit_code",
    layer_words=words("household households flat 户"),
)
ROADS = Kind(
    "roads",
    "walk_edge",
    N_("Roads and paths"),
    "line",
    (
        code_field("osm_id id objectid uid 道路编码"),
        Field("from_node", "integer", N_("From junction"), words("from_node from u fnode")),
        Field("to_node", "integer", N_("To junction"), words("to_node to v tnode")),
        Field(
            "kind",
            "choice",
            N_("Kind"),
            words("kind highway fclass class 类型 道路类型 道路等级"),
            choices=EDGES,
        ),
        name_field("道路名称 路名 street name:zh", required=False),
        Field("walkable", "yes_no", N_("Walkable"), words("walkable foot 可步行")),
        Field("oneway", "yes_no", N_("One way for walking"), words("oneway_foot oneway:foot 步行单行")),
        Field("barrier", "text", N_("Barrier"), words("barrier 障碍")),
    ),
    geometry_required=True,
    layer_words=words("road roads street streets edge edges highway lines 路 道路"),
)
STATIONS = Kind(
    "stations",
    "station",
    N_("Stations"),
    "point",
    (
        code_field("驿站编码 驿站编号 station_code id"),
        name_field("驿站名称 驿站 station 站名"),
        COMMUNITY,
        COMPOUND,
        COMPOUND_NAME,
        ADDRESS,
        Field(
            "status",
            "choice",
            N_("Status"),
            words("status 状态 建设状态"),
            choices=STATUSES,
        ),
        Field(
            "phase",
            "choice",
            N_("Phase"),
            words("phase 批次 阶段"),
            choices=PHASES,
        ),
        Field(
            "floor_area_m2",
            "decimal",
            N_("Floor area"),
            words("floor_area_m2 floor_area 建筑面积 面积"),
            unit="m²",
            low=0.1,
            high=100_000,
        ),
        Field("opening_hours", "text", N_("Opening hours"), words("opening_hours 开放时间 服务时间")),
        Field("opened_on", "date", N_("Opened on"), words("opened_on 启用时间 投用时间 启用日期 开放日期")),
    ),
    geometry_required=True,
    parent="compound_code",
    layer_words=words("station stations 驿站"),
)
CANDIDATES = Kind(
    "candidates",
    "candidate_site",
    N_("Candidate sites"),
    "point",
    (
        code_field("候选点编码 id"),
        name_field("候选点 候选点名称 地点 site"),
        Field("kind", "choice", N_("Kind"), words("kind 类型 房屋类型"), choices=SITES),
        COMMUNITY,
        COMPOUND,
        COMPOUND_NAME,
        ADDRESS,
        Field(
            "area_m2", "decimal", N_("Area"), words("area_m2 area 面积 建筑面积"), unit="m²", low=0.1, high=1_000_000
        ),
        Field(
            "cost_fen",
            "integer",
            N_("Cost"),
            words("cost_fen cost_yuan 费用 费用(元) 造价 造价(元) 费用(万元) 造价(万元)"),
            unit="fen",
            low=0,
            high=1e13,
            factors=MONEY,
        ),
        Field("owner", "text", N_("Owner"), words("owner 产权 产权单位 产权人 业主")),
    ),
    geometry_required=True,
    parent="compound_code",
    layer_words=words("candidate candidates site sites 候选"),
)
GATE_POINTS = Kind(
    "gates",
    "gate",
    N_("Gates"),
    "point",
    (
        code_field("大门编码 出入口编码 gate_code"),
        name_field("大门名称 出入口名称 出入口 gate", required=False),
        Field("kind", "choice", N_("Kind"), words("kind 大门类型 出入口类型 类型"), choices=GATES),
        COMMUNITY,
        COMPOUND,
        COMPOUND_NAME,
    ),
    geometry_required=True,
    parent="compound_code",
    layer_words=words("gate gates 大门 出入口"),
)
ORGANISED = Kind(
    "organisations",
    "organisation",
    N_("Organisations"),
    "none",
    (
        code_field("组织编码 机构编码 organisation_code"),
        name_field("组织名称 机构名称 单位名称 组织 机构 organisation"),
        Field("kind", "choice", N_("Kind"), words("kind 组织类型 机构类型 类型"), required=True, choices=ORGANISATIONS),
        Field("team_kind", "choice", N_("Kind of team"), words("team_kind 队伍类型 队伍类别"), choices=TEAMS),
        COMMUNITY,
        COMPOUND,
        COMPOUND_NAME,
    ),
    parent="community_code",
    layer_words=words("organisation organisations organization 组织 机构"),
)
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        *(AREAS, COMPOUNDS, GATE_POINTS, BUILDINGS, UNITS, HOUSEHOLD_ROWS),
        *(ROADS, STATIONS, CANDIDATES, ORGANISED, POSTS, VOLUNTEERED, NEEDED, REQUESTED),
    )
}


def kind_named(name: str) -> Kind:
    """Return the kind of this name, or raise BadInput listing the choices."""
    if name not in KINDS:
        raise BadInput(
            N_("{kind} is not something that can be imported. Choose one of: {choices}."),
            kind=name,
            choices=", ".join(KINDS),
        )
    return KINDS[name]


def field_title(name: str) -> str:
    """Return a field's name in words, in the language of the current context; other names stay as they are.

    >>> field_title("built_year"), field_title("geom"), field_title("no such field")
    ('Built in', 'Shape', 'no such field')
    """
    if name == "geom":
        return _("Shape")
    for kind in KINDS.values():
        if name in kind.field_names:
            return _(kind.field(name).label)
    return name
