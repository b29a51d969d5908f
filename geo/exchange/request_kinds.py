"""Files of requests: orders of the 12345 hotline, exports of other cities' systems, answers of an Open311 server."""

from geo.exchange.fields import Field, Kind
from geo.exchange.people_kinds import PLACE
from geo.exchange.spellings import words
from geo.i18n import N_

LONGEST_SUMMARY, LONGEST_TIMELINE, LONGEST_ID = 4000, 200_000, 200


def _text(name: str, label: str, synonyms: str, *, most: int | None = None) -> Field:
    return Field(name, "text", label, words(f"{name} {synonyms}"), high=most)


MOMENTS = (
    _text(
        "received_at",
        N_("Received"),
        "received requested_datetime createddate created_date date_created created_at 来电时间 受理时间 "
        "登记时间 诉求时间 "
        "创建时间 上报时间 接收时间 反映时间",
    ),
    _text("accepted_at", N_("Accepted"), "accepted 签收时间 接单时间"),
    _text("dispatched_at", N_("Handed on"), "dispatched 派单时间 转办时间 交办时间 派发时间"),
    _text("resolved_at", N_("Resolved"), "resolved resolveddate 办结时间 完成时间 处理完成时间 办理完成时间"),
    _text("closed_at", N_("Closed"), "closed closeddate closed_date date_closed 归档时间 结案时间 关闭时间"),
    _text("updated_at", N_("Last change"), "updated updateddate updated_datetime 更新时间 最后更新时间"),
)
ANSWERS = (
    _text("called_at", N_("Called back"), "called_back 回访时间 回访日期"),
    _text("reached", N_("Result of the call-back"), "callback_result 回访结果 回访情况 回访状态"),
    _text("responded", N_("Was answered"), "是否响应 是否联系 响应情况"),
    _text("solved", N_("Was solved"), "是否解决 解决情况 是否办成"),
    _text("satisfied", N_("Is satisfied"), "satisfaction 满意度 是否满意 满意情况 满意度评价"),
)
REQUESTED = Kind(
    "requests",
    "request",
    N_("Requests"),
    "point",
    (
        _text(
            "external_id",
            N_("Number in the other system"),
            "srnumber service_request_id sr_number request_id 工单编号 工单号 受理编号 诉求编号 案件编号 流水号 id",
            most=LONGEST_ID,
        ),
        _text("system", N_("The other system"), "external_system 来源系统", most=LONGEST_ID),
        *MOMENTS,
        _text("status", N_("Status"), "办理状态 工单状态 处理状态 状态"),
        _text(
            "category",
            N_("Category"),
            "requesttype request_type service_name complaint_type 诉求类别 诉求类型 诉求分类 问题类别 问题分类 "
            "事项类别 事项分类 "
            "类别 分类",
        ),
        _text(
            "channel",
            N_("Channel"),
            "requestsource request_source extended_attributes.channel 诉求来源 受理渠道 来电渠道 工单来源 渠道",
        ),
        _text("community_code", N_("Community"), "community 社区编码 社区代码 所属社区 社区 社区名称"),
        *PLACE,
        _text(
            "summary",
            N_("What they say"),
            "description 诉求内容 诉求描述 问题描述 工单内容 反映内容 主要内容 内容",
            most=LONGEST_SUMMARY,
        ),
        _text("timeline", N_("History"), "notes history 办理过程 处理过程", most=LONGEST_TIMELINE),
        *ANSWERS,
    ),
    layer_words=words("request requests service_requests 诉求 工单"),
)
HOTLINE_WORDS = frozenset(words("工单编号 工单号 来电时间 受理编号"))
"""Columns that only orders of the hotline have: their requests came by it unless a row says otherwise."""
HOTLINE = "12345"
