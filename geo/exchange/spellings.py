"""How people spell choices, yes and no, and "missing", in English and Chinese."""

import re
import unicodedata

from geo.access.tables import RISK_CLASSES
from geo.governance.tables import ORGANISATION_KINDS, STATION_PHASES, STATION_STATUSES, TEAM_KINDS
from geo.people.tables import HOW, POST_KINDS, SKILLS, TASKS
from geo.places.tables import AREA_LEVELS, CANDIDATE_KINDS, COMPOUND_KINDS, EDGE_KINDS, GATE_KINDS, TENURES


def plain(text: str) -> str:
    """Return a column name or choice as it is compared: no case, width, blanks, or punctuation.

    >>> plain("Building:Levels"), plain("楼　号（栋）"), plain("year_built")
    ('buildinglevels', '楼号栋', 'yearbuilt')
    """
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def words(text: str) -> tuple[str, ...]:
    """Return the blank-separated words of a text."""
    return tuple(text.split())


def choices(codes: tuple[str, ...], spellings: str) -> dict[str, str]:
    """Return every accepted spelling, plain, with the stored code it means.

    >>> choices(("owner", "tenant"), "owner=业主 自住")["业主"]
    'owner'
    """
    known = {plain(code): code for code in codes}
    for line in spellings.split(";"):
        code, _sep, words = line.strip().partition("=")
        known.update({plain(word): code for word in words.split()})
    return known


YES = words("是 有 y yes true t 1 带 √")
NO = words("否 无 没有 n no false f 0 不带 × x")
OPEN_ENDED = frozenset(words("至今 迄今 长期 长期有效 永久 现在 目前 在任 present now ongoing"))

LEVELS = choices(
    AREA_LEVELS,
    "city=市 地级市;district=区县 区 县 市辖区 county;street_office=街道 乡镇 镇 乡 street town 街道办 街道办事处;"
    "community=社区 村 村居 village 居委会 村委会;grid=网格",
)
COMPOUND_TYPES = choices(
    COMPOUND_KINDS,
    "commodity=商品房 商品房小区 商品小区;old=老旧小区 老旧 老小区;work_unit=单位房 单位宿舍 家属院 单位小区",
)
EDGES = choices(
    EDGE_KINDS,
    "road=motorway trunk primary secondary tertiary 主干路 次干路 公路 道路;street=residential "
    "unclassified service living_street 街"
    " 街 巷 支路;"
    "path=footway track cycleway pedestrian 小路 步道 人行道;stairs=steps 台阶 楼梯;crossing=人行横道 过街 斑马线",
)
STATUSES = choices(
    STATION_STATUSES,
    "proposed=拟建 申报;sited=选址 已选址;funded=已拨款 资金到位;building=在建 建设中;open=运行 开放 已建成 投用 启用;"
    "suspended=暂停 停用;closed=关闭 撤销",
)
POSTS_NAMED = choices(
    POST_KINDS,
    "stationmaster=站长 驿站站长;deputy_stationmaster=副站长 驿站副站长;building_head=楼栋长 楼长 栋长 head;"
    "unit_head=单元长 门栋长 门长;grid_member=网格员 网格长 专职网格员;committee_member=委员 业委会委员",
)
SITES = choices(
    CANDIDATE_KINDS,
    "empty_room=空房 闲置房 闲置用房;gatehouse=门卫 门卫室 传达室 门房;bike_shed=车棚 自行车棚;other=其他 其它",
)
GATES = choices(GATE_KINDS, "main=正门 大门 主门 主入口;side=侧门 边门 后门;foot=人行门 步行门 小门")
ORGANISATIONS = choices(
    ORGANISATION_KINDS,
    "party_branch=党支部 支部 党组织;owners_committee=业委会 业主委员会;property_company=物业 物业公司 物业企业;"
    "volunteer_team=志愿队 志愿服务队 志愿者队伍;department=部门 职能部门 单位",
)
TEAMS = choices(
    TEAM_KINDS,
    "family_mediation=家庭事务调解队 家庭调解 调解 调解队;care_4050_7080=4050助7080 助老 助老队;"
    "repair=维修 维修队 家电维修;health=健康 健康队 医疗 卫生;policy_talk=政策宣讲 宣讲 宣讲队",
)
SKILLS_NAMED = choices(
    SKILLS,
    "company=陪伴 陪聊 聊天 陪护 看望 探访;shopping=代购 购物 买菜 采购;medicine=取药 代取药 买药 送药;"
    "cooking=做饭 烹饪 做菜 助餐;nursing=护理 医疗 医护 量血压 康复;repair=维修 修理 家电维修 水电 水电维修;"
    "mediation=调解 矛盾调解;policy_talk=宣讲 政策宣讲 宣传",
)
TASKS_NAMED = choices(
    TASKS,
    "visit=探访 看望 走访 陪伴 聊天;shopping=代购 购物 买菜 采购;medicine=取药 代取药 买药 送药;"
    "meal=送餐 助餐 做饭 餐食",
)
RISKS = choices(RISK_CLASSES, "high=高 高风险 重度;key=重点 重点户 中 中风险;general=一般 普通 低 低风险")
PHASES = choices(STATION_PHASES, "pilot=试点;rollout=推广")
WAYS = choices(HOW, "elected=选举 推选 民选;appointed=任命 聘任 指定 委派")
TENURE = choices(TENURES, "owner=自住 业主 自有;tenant=出租 租户 租住 租赁;vacant=空置 空房 闲置")
MONEY = {
    "costyuan": 100.0,
    "费用": 100.0,
    "费用元": 100.0,
    "造价": 100.0,
    "造价元": 100.0,
    "费用万元": 1_000_000.0,
    "造价万元": 1_000_000.0,
}

MISSING_FOLDED = frozenset(
    words(
        "null none n/a na nan nil #n/a <null> - -- --- — —— / \\ \\n ? ？ 无 未知 不详 不明 暂无 空 （空） "
        "(空) unknown missing undefined"
    )
)
MISSING = frozenset(
    spelled
    for word in MISSING_FOLDED
    for spelled in (word, word.upper(), word.title(), word.capitalize(), word.replace("nan", "NaN"))
)
