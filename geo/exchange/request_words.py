"""What other systems call a category, a status, a channel and an answer, as the codes that are stored here."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from geo.exchange.spellings import choices, plain
from geo.requests.tables import CHANNELS, SATISFACTIONS, STATUSES

OTHER = "other"
STATUS_WORDS = choices(
    STATUSES,
    "received=open new 待受理 已受理 待签收 待处理 新建 未处理 submitted;accepted=已签收 已接单 acknowledged;"
    "dispatched=已派单 已转办 已交办 待办理 assigned;"
    "in_progress=办理中 处理中 在办 正在办理 inprogress pending 挂起 已挂起 延期 processing;"
    "resolved=已办结 办结 已办理 已完成 已解决 待回访 completed done;called_back=已回访 回访完成;"
    "closed=已归档 归档 已结案 结案 已关闭 关闭 duplicate 重复 重复工单;returned=退单 已退单 退回 已退回;"
    "out_of_scope=不受理 不予受理 作废 无效 cancelled canceled referredout rejected;escalated=吹哨 已吹哨 督办;"
    "reopened=重办 已重办 二次办理",
)
CHANNEL_WORDS = choices(
    CHANNELS,
    "station_desk=驿站 窗口 现场 来访 walkin counter office letter;building_head=楼栋长 楼长;visit=走访 入户 入户走访;"
    "hotline_12345=12345 热线 电话 来电 市民热线 12345热线 call phone hotline voicemail;"
    "web=网站 网络 网页 微信 小程序 公众号 app 邮件 online mobileapp mobile selfservice email web 手机端;"
    "open311=open311 api",
)
REACHED_WORDS = choices(
    ("yes", "no"),
    "yes=成功 已接通 接通 回访成功 已回访 有效 是 reached;"
    "no=未接通 无人接听 无法接通 空号 停机 关机 拒访 拒绝回访 失败 回访失败 未回访成功 无效 否 挂断 notreached",
)
YES_NO_WORDS = choices(("yes", "no"), "yes=是 已解决 解决 有 y true 1 已响应 已联系 基本解决 部分解决;"
                       "no=否 未解决 没有解决 没有 无 n false 0 未响应 未联系")  # fmt: skip
SATISFIED_WORDS = choices(
    SATISFACTIONS, "yes=满意 非常满意 很满意 是 y true 1;basically=基本满意 一般 较满意 比较满意;"
    "no=不满意 非常不满意 很不满意 否 n false 0"
)  # fmt: skip
PARTS = re.compile(r"[/\\>＞|｜,，、;；—–·-]+")


@dataclass(frozen=True)
class CategoryWords:
    """The categories of the city: the codes there are, and what each goes by, plain."""

    codes: frozenset[str]
    names: Mapping[str, str]

    def code_of(self, said: str) -> str | None:
        """Return the category a word of another system means: as a whole, else by its most exact part; None if unclear.

        >>> known = categories([("rubbish", "Rubbish", "环境卫生", "rubbish 垃圾")])
        >>> known.code_of("城市管理/环境卫生"), known.code_of("RUBBISH"), known.code_of("Homeless Encampment")
        ('rubbish', 'rubbish', None)
        """
        for part in (said, *reversed(PARTS.split(said))):
            found = self.names.get(plain(part))
            if found is not None:
                return found
        return None


def categories(rows: Iterable[tuple[str, str, str, str | None]]) -> CategoryWords:
    """Return the categories of rows with code, name, Chinese name and further words; a name stands before a word."""
    listed = list(rows)
    names: dict[str, str] = {}
    for code, _name, _name_zh, more in reversed(listed):
        names.update({plain(word): code for word in (more or "").split() if plain(word)})
    for code, name, name_zh, _more in reversed(listed):
        names.update({plain(word): code for word in (name, name_zh, code)})
    return CategoryWords(frozenset(code for code, *_rest in listed), names)
