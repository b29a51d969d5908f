"""Invented names: streets, compounds, areas and persons from small lists of characters, with their pinyin."""

from functools import cache

import numpy as np
from pypinyin import Style, lazy_pinyin

from data.frames import digits, join, texts

CITY = "澄阳市"
STREET_FIRST = "兴建文和平安康永顺昌华利光明新丰育振富春锦聚嘉瑞祥泰长宏卫"
STREET_SECOND = "业设化谐原乐宁庆达盛源民阳德园才邦裕晖秀贤禾福林远海清"
AREA_FIRST = "澄运北柳古观闸盐桂梧槐松凤龙鹤云石金玉青白朱湖堤"
AREA_SECOND = "湖河岭桥口楼庄营园坊塔台苑屯集源浦陵泉村亭墩铺井"
HOME_FIRST = ["金桂", "锦绣", "阳光", "翠湖", "书香", "紫荆", "丽景", "和谐", "御景", "碧水", "枫林", "梧桐", "海棠", "香榭", "星河", "华庭", "盛世", "荣盛", "水岸", "望岳", "明珠", "滨河", "东苑", "怡和", "康桥", "名仕", "瑞景", "青年", "昌润里", "月亮湾", "运河湾", "柳园", "凤凰", "金鼎", "中通", "湖畔", "玫瑰", "百合", "世纪", "新纪元"]
HOME_LAST = ["花园", "家园", "小区", "名苑", "华府", "公馆", "新城", "雅居", "嘉园", "城", "苑", "豪庭", "丽舍", "佳苑", "国际", "学府"]
WORK_FIRST = ["棉纺厂", "化肥厂", "机床厂", "地税局", "水利局", "教育局", "粮食局", "供电公司", "轴承厂", "师范学校", "第二医院", "运输公司", "印刷厂", "面粉厂", "农机厂", "建筑公司", "商业局", "林业局", "邮电局", "柴油机厂"]
WORK_LAST = ["家属院", "宿舍", "职工小区", "宿舍区"]
OLD_FIRST = (
    ["东关", "西关", "南关", "北关", "柳园", "前进", "红星", "向阳", "曙光", "胜利", "团结", "光明", "文庙", "鼓楼", "古槐", "大井", "竹竿巷", "状元", "米市", "观前"]
)
OLD_LAST = ["小区", "里", "新村", "街区", "胡同", "片区"]
SURNAMES = "王李张刘陈杨赵孙周吴徐马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
GIVEN_FIRST = "建文国志玉秀桂春海明永晓丽淑红小德学金庆立俊光长凤兰保新宝振亚爱云美卫清"
GIVEN_SECOND = "华明英军平芳梅兰强珍荣霞芬生民东峰林娟涛燕辉刚萍勇波杰洁斌红艳敏静超鹏香山云琴龙凯胜"
TEAM = {"party_branch": "党支部", "owners_committee": "业主委员会", "property_company": "物业服务中心"}


class Vocabulary:
    """Words with their pinyin and its initials, to build many names from places in the lists."""

    def __init__(self, words: tuple[str, ...]) -> None:
        syllables = [lazy_pinyin(word, style=Style.NORMAL) for word in words]
        self.words = texts(words)
        self.full = texts(["".join(parts) for parts in syllables])
        self.initials = texts(["".join(part[0] for part in parts) for parts in syllables])

    def __len__(self) -> int:
        return len(self.words)


@cache
def vocabulary(words: tuple[str, ...]) -> Vocabulary:
    """Return the words as a vocabulary (made once)."""
    return Vocabulary(words)


def compose(*parts: tuple[Vocabulary, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return names and their pinyin ("full initials") put together from words of vocabularies, row by row."""
    name = join(*[words.words[place] for words, place in parts])
    full = join(*[words.full[place] for words, place in parts])
    initials = join(*[words.initials[place] for words, place in parts])
    return name, join(full, " ", initials)


def streets(rng: np.random.Generator, across: int, along: int) -> list[str]:
    """Return a name for each line of the lattice: 路 from west to east, 街 from south to north."""
    pairs = [first + second for first in STREET_FIRST for second in STREET_SECOND if first != second]
    chosen = rng.permutation(len(pairs))
    names = [pairs[chosen[i % len(pairs)]] for i in range(across + along)]
    return [f"{name}{'路' if i < across else '街'}" for i, name in enumerate(names)]


def areas(rng: np.random.Generator, count: int, ending: str) -> tuple[np.ndarray, np.ndarray]:
    """Return names of areas with their ending (区, 街道, 社区) and pinyin, each at most once until they run out."""
    first, second = vocabulary(tuple(AREA_FIRST + STREET_FIRST)), vocabulary(tuple(AREA_SECOND + STREET_SECOND))
    pairs = rng.permutation(len(first) * len(second))
    place = pairs[np.arange(count) % len(pairs)]
    ends = vocabulary((ending,))
    return compose((first, place // len(second)), (second, place % len(second)), (ends, np.zeros(count, dtype=int)))


def compounds(rng: np.random.Generator, kind: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return names and pinyin of compounds by kind (0 commodity, 1 old, 2 work-unit housing)."""
    lists = ((HOME_FIRST, HOME_LAST), (OLD_FIRST, OLD_LAST), (WORK_FIRST, WORK_LAST))
    result = [np.full(len(kind), b"", dtype="S48"), np.full(len(kind), b"", dtype="S120")]
    for code, (firsts, lasts) in enumerate(lists):
        mine = np.flatnonzero(kind == code)
        first, second = vocabulary(tuple(firsts)), vocabulary(tuple(lasts))
        pairs = rng.permutation(len(first) * len(second))
        place = pairs[np.arange(len(mine)) % len(pairs)]
        for target, part in zip(
            result, compose((first, place // len(second)), (second, place % len(second))), strict=True
        ):
            target[mine] = part
    return result[0], result[1]


def persons(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return names and pinyin of invented persons."""
    surnames, first = vocabulary(tuple(SURNAMES)), vocabulary(tuple(GIVEN_FIRST))
    second = vocabulary((*GIVEN_SECOND, ""))
    rank = (rng.random(count) ** 2.2 * len(surnames)).astype(int)
    last = np.where(rng.random(count) < 0.2, len(second) - 1, rng.integers(0, len(second) - 1, count))
    return compose((surnames, rank), (first, rng.integers(0, len(first), count)), (second, last))


def phones(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return telephone numbers of a range that is not given out: 1990000 and four digits."""
    table = np.array([f"1990000{n:04d}".encode() for n in range(10_000)])
    return table[rng.integers(0, 10_000, count)]


def compose_numbered(before: str, number: np.ndarray, after: str) -> tuple[np.ndarray, np.ndarray]:
    """Return names such as 第3网格 with their pinyin."""
    parts = [vocabulary((word,)) for word in (before, after)]
    written = digits(number)
    full = join(parts[0].full[0], written, parts[1].full[0])
    initials = join(parts[0].initials[0], written, parts[1].initials[0])
    return join(before, written, after), join(full, " ", initials)
