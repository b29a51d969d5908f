from collections.abc import Callable
from pathlib import Path

from geo.exchange.prepare import prepare

TextFile = Callable[..., Path]


def test_levels_and_parents_come_from_the_codes(text_file: TextFile) -> None:
    text = (
        "code,name,cityCode\n3715,聊城市,\n371502,东昌府区,3715\n371502001,古楼街道,3715\n371502001001,古城社区,3715\n"
    )
    rows = prepare(text_file("a.csv", text), "areas", datum="wgs84").rows
    assert rows["level"].tolist() == ["city", "district", "street_office", "community"]
    assert rows["code"].tolist() == ["371500", "371502", "371502001", "371502001001"]
    assert rows["parent_code"].fillna("").tolist() == ["", "371500", "371502", "371502001"]


def test_twelve_digit_codes_of_upper_levels_are_shortened_and_noted(text_file: TextFile) -> None:
    prepared = prepare(
        text_file("a.csv", "code,name\n371502000000,东昌府区\n371502001000,古楼街道\n"), "areas", datum="wgs84"
    )
    assert prepared.rows["code"].tolist() == ["371502", "371502001"]
    assert prepared.findings.by_code()["code_canonical"] == 2


def test_a_level_column_is_believed(text_file: TextFile) -> None:
    text = "code,name,级别,上级编码\nG1,第一网格,网格,371502001001\nX,某社区,社区,371502001\n"
    rows = prepare(text_file("a.csv", text), "areas", datum="wgs84").rows
    assert rows["level"].tolist() == ["grid", "community"]
    assert rows["parent_code"].tolist() == ["371502001001", "371502001"]
    assert rows["community_code"].fillna("").tolist() == ["371502001001", ""]


def test_one_level_for_all_rows_can_be_given(text_file: TextFile) -> None:
    prepared = prepare(text_file("a.csv", "code,name\nX1,某社区\n"), "areas", datum="wgs84", mapping={"level": "=社区"})
    assert prepared.rows["level"].tolist() == ["community"]


def test_a_code_that_tells_no_level_is_refused_with_what_to_do(text_file: TextFile) -> None:
    prepared = prepare(text_file("a.csv", "code,name\nX1,某社区\n371502,东昌府区\n"), "areas", datum="wgs84")
    refused = next(finding for finding in prepared.findings if finding.outcome == "refused")
    assert refused.code == "level_unknown"
    assert "add a column level" in refused.text()


def test_an_area_without_a_name_is_refused(text_file: TextFile) -> None:
    prepared = prepare(text_file("a.csv", "code,name\n371502, \n"), "areas", datum="wgs84")
    assert prepared.findings.by_code() == {"required_missing": 1}
