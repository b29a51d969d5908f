"""What residents of the demo city ask for: how often, in which season, where, and in which words."""

from dataclasses import dataclass

SEASONS = {
    "even": (1.0,) * 12,
    "winter": (2.6, 2.2, 1.3, 0.2, 0.0, 0.0, 0.0, 0.0, 0.1, 0.5, 2.4, 2.7),
    "summer": (0.5, 0.5, 0.7, 0.8, 1.1, 1.6, 1.9, 1.9, 1.3, 0.8, 0.5, 0.4),
    "rain": (0.4, 0.4, 0.6, 0.8, 1.1, 1.5, 2.4, 2.2, 1.1, 0.7, 0.4, 0.4),
    "cold": (1.6, 1.4, 1.0, 0.8, 0.7, 0.8, 0.9, 0.9, 0.8, 0.9, 1.1, 1.5),
    "spring": (0.3, 0.4, 1.2, 1.9, 1.8, 1.4, 1.2, 1.1, 1.0, 0.9, 0.5, 0.3),
}
"""How many times the usual month of each kind, January first."""


@dataclass(frozen=True)
class Usual:
    """A category as the demo knows it: its share, its season, how much more often old compounds ask, the words."""

    code: str
    share: float
    season: str
    old: float
    words: tuple[str, ...]


USUAL = (
    Usual("gas", 0.012, "cold", 1.2, ("楼道里有燃气味，请尽快来看", "厨房燃气表处疑似漏气")),
    Usual("lift", 0.045, "even", 0.05, ("电梯停在中间层不动了", "电梯开关门时有异响", "电梯按键失灵，老人上下楼困难")),
    Usual("safety", 0.015, "summer", 1.3, ("外墙瓷砖松动，有掉落危险", "消防通道被杂物堵住")),
    Usual("water", 0.06, "summer", 1.4, ("家里水压太小，热水器打不着火", "楼下阀门处一直漏水", "停水一天了，没有通知")),
    Usual("power", 0.045, "summer", 1.3, ("本单元突然停电", "晚上电压不稳，空调跳闸")),
    Usual("heating", 0.09, "winter", 1.5, ("暖气不热，室温只有十五度", "暖气片漏水", "供暖后管道有响声")),
    Usual("sewage", 0.055, "rain", 1.9, ("下水道堵塞，污水返上来了", "雨后楼前积水排不下去", "化粪池外溢，有臭味")),
    Usual("street_light", 0.05, "cold", 1.6, ("楼道灯坏了，晚上看不见台阶", "小区路灯有三盏不亮")),
    Usual("rubbish", 0.1, "summer", 1.2, ("垃圾桶满了两天没有清运", "单元门口堆放建筑垃圾", "楼道堆物影响通行")),
    Usual("repair", 0.085, "even", 1.4, ("单元门锁坏了关不上", "楼梯扶手松动", "健身器材损坏")),
    Usual("parking", 0.1, "even", 1.3, ("有车长期占用消防通道", "车位被外来车辆占用", "车停在单元门口挡路")),
    Usual("charging", 0.04, "summer", 1.5, ("电动车在楼道里充电", "充电桩不够用，飞线充电")),
    Usual("noise", 0.075, "summer", 0.9, ("夜里楼上装修敲打", "广场舞音乐声太大", "楼下商铺排风扇扰民")),
    Usual("greening", 0.03, "spring", 0.8, ("树枝伸到窗口挡光", "绿化带枯死未补种")),
    Usual("animals", 0.025, "spring", 1.0, ("有人遛狗不牵绳", "流浪猫在楼道里")),
    Usual("security", 0.03, "even", 1.1, ("门岗夜里没有人", "门禁一直开着，外人随便进")),
    Usual("care", 0.03, "cold", 1.4, ("独居老人需要有人帮忙买药", "行动不便，希望上门理发")),
    Usual("property_service", 0.045, "even", 0.8, ("报修后物业三天没有回音", "保洁很久没有打扫楼道")),
    Usual("fees", 0.025, "even", 0.6, ("对物业费账单有疑问", "水电公摊没有公示")),
    Usual("neighbours", 0.02, "even", 1.2, ("楼上漏水，邻居不愿维修", "邻居在公共过道放鞋柜，协商不成")),
    Usual("roof", 0.02, "rain", 2.2, ("顶楼屋面渗水，墙皮脱落", "外墙渗水，屋里发霉")),
    Usual("illegal_building", 0.012, "spring", 1.0, ("一楼住户在院里搭建房屋", "楼顶违规加盖")),
    Usual("renewal", 0.015, "even", 2.5, ("希望加装电梯", "管网老化，盼望早日改造")),
    Usual("other", 0.02, "even", 1.0, ("想了解社区活动的时间", "咨询居住证明怎么办理")),
)
REASONS = {
    "returned": ("不属于本部门职责", "地点不清，请核实后再派"),
    "waiting": ("等待配件到货", "等待天气转好再施工"),
    "escalated": ("需要街道协调专业单位", "多次处理未果，提请街道牵头"),
    "out_of_scope": ("属于家庭内部事务，已解释", "已进入诉讼程序"),
    "reopened": ("居民反映问题仍在", "维修后又坏了"),
}
