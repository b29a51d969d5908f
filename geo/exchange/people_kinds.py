"""The kinds of files that name people: rosters of posts, of volunteers and of those who need help."""

from geo.exchange.fields import ADDRESS, COMPOUND_NAME, Field, Kind, count, reference
from geo.exchange.spellings import POSTS_NAMED, RISKS, WAYS, words
from geo.i18n import N_
from geo.people.volunteer_rules import PLAUSIBLE_HOURS_WEEK

NAME = Field("name", "text", N_("Name of the person"), words("name person person_name 姓名 人员姓名"), required=True)
PHONE = Field(
    "phone", "text", N_("Phone"), words("phone tel mobile 电话 手机 手机号 手机号码 联系电话 联系方式 电话号码")
)
PLACE_CODE = reference("place_code", N_("Code of the place"), "楼栋编码 单元编码 building_code unit_code")
BUILDING_NUMBER = Field(
    "building_number", "text", N_("Building"), words("building_number 楼栋 楼号 楼栋号 栋号 幢号 楼幢 building")
)
UNIT_NUMBER = Field("unit_number", "text", N_("Unit"), words("unit_number 单元 单元号 unit"))
PLACE = (ADDRESS, PLACE_CODE, COMPOUND_NAME, BUILDING_NUMBER, UNIT_NUMBER)
BORN = count("birth_year", N_("Year of birth"), "出生年份 出生年 born", low=1890, high=2200)
SKILLS = Field("skills", "text", N_("Skills"), words("skills skill 技能 特长 服务技能 所需技能"))
HOURS = Field(
    "hours_week",
    "decimal",
    N_("Hours a week"),
    words("hours_week hours 每周小时 每周小时数 每周时长 周服务时长 每周服务小时"),
    unit="h",
    low=0,
    high=PLAUSIBLE_HOURS_WEEK,
)
POSTS = Kind(
    "posts",
    "holding",
    N_("Roster of posts"),
    "none",
    (
        Field(
            "address",
            "text",
            N_("Address"),
            (*ADDRESS.synonyms, *words("楼栋 楼号 负责楼栋 包联楼栋 管辖范围 负责区域")),
        ),
        reference(
            "place_code",
            N_("Code of the place"),
            "code 编码 代码 楼栋编码 单元编码 building_code unit_code station_code",
        ),
        COMPOUND_NAME,
        Field("building_number", "text", N_("Building"), words("building_number 楼栋号 栋号 幢号 楼幢 building")),
        Field("unit_number", "text", N_("Unit"), words("unit_number 单元 单元号 unit")),
        Field(
            "post",
            "choice",
            N_("Post"),
            words("post 岗位 职务 职位 身份 角色 kind"),
            choices=POSTS_NAMED,
        ),
        Field(
            "name",
            "text",
            N_("Name of the person"),
            words("name person person_name 姓名 楼栋长 楼长 楼栋长姓名 单元长 负责人 人员姓名"),
            required=True,
        ),
        PHONE,
        Field(
            "from_on",
            "date",
            N_("From"),
            words("from_on from since 任职时间 任职日期 上任时间 开始日期 起始日期 起 任期开始 聘任时间"),
        ),
        Field(
            "to_on",
            "date",
            N_("To"),
            words("to_on to until 离任时间 结束日期 截止日期 止 任期结束 到期时间 任期届满 任期至 任期止"),
        ),
        Field(
            "how",
            "choice",
            N_("How"),
            words("how 产生方式 任职方式 方式"),
            choices=WAYS,
        ),
    ),
    parent="place_code",
    layer_words=words("post posts roster 花名册 名册 名单 楼栋长"),
)
VOLUNTEERED = Kind(
    "volunteers",
    "volunteer",
    N_("Roster of volunteers"),
    "none",
    (
        Field("name", "text", NAME.label, (*NAME.synonyms, *words("volunteer 志愿者 志愿者姓名")), required=True),
        PHONE,
        *PLACE,
        Field("community", "text", N_("Community"), words("community 社区 社区名称 所属社区 社区编码")),
        Field("team", "text", N_("Team"), words("team 队伍 志愿队 服务队 志愿服务队 所属队伍")),
        SKILLS,
        HOURS,
        Field("times", "text", N_("Times"), words("times availability 空闲时间 可服务时间 服务时间 空闲时段")),
        count("limit_m", N_("Walks at most"), "步行上限 最远距离 服务半径", low=50, high=20_000),
        BORN,
        Field("party_member", "yes_no", N_("Party member"), words("party_member party 党员 是否党员")),
        Field("checked_in_on", "date", N_("Checked in on"), words("checked_in_on check_in 报到日期 报到时间 双报到")),
    ),
    parent="place_code",
    layer_words=words("volunteer volunteers 志愿者 志愿"),
)
NEEDED = Kind(
    "care_needs",
    "care_need",
    N_("Roster of care needs"),
    "none",
    (
        Field("name", "text", NAME.label, (*NAME.synonyms, *words("帮扶对象 老人姓名"))),
        PHONE,
        Field("notes", "text", N_("Notes"), words("notes note 备注 健康状况 说明")),
        *PLACE,
        Field("room", "text", N_("Room"), words("room 房号 室 户号 房间号 门牌 室号")),
        Field("tasks", "text", N_("Help needed"), words("tasks help 帮扶需求 服务需求 帮扶内容 需求 需求内容")),
        Field("risk_class", "choice", N_("Risk class"), words("risk_class risk 风险等级 风险 类别"), choices=RISKS),
        Field("living_alone", "yes_no", N_("Living alone"), words("living_alone alone 独居 是否独居")),
        BORN,
        SKILLS,
        HOURS,
        count("cadence_days", N_("Days between visits"), "cadence 走访周期 走访间隔 间隔天数", low=1, high=730),
        Field("opened_on", "date", N_("Since"), words("opened_on since 登记日期 登记时间 建档日期")),
    ),
    parent="place_code",
    layer_words=words("need needs care 帮扶 需求"),
)
