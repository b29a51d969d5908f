"""Classes and their styles."""

import numpy as np
import pytest

from geo.i18n import use_language
from geo.maps import legend
from geo.people.rules import HeadClass


def test_every_head_class_has_a_style_of_its_own() -> None:
    assert {style.code for style in legend.HEAD_STYLES} == set(HeadClass)
    assert len({style.fill for style in legend.HEAD_STYLES}) == len(HeadClass)


def test_vacant_is_hollow_and_unknown_hatched_so_that_colour_is_never_alone() -> None:
    marks = {style.code: (style.hollow, style.hatched) for style in legend.HEAD_STYLES}
    assert marks[HeadClass.VACANT] == (True, False)
    assert marks[HeadClass.UNKNOWN] == (False, True)


@pytest.mark.parametrize(
    ("share", "code"), [(0.0, 1), (0.499, 1), (0.5, 2), (0.7, 3), (0.85, 4), (0.95, 5), (1.0, 5), (np.nan, 0)]
)
def test_a_share_falls_into_the_class_its_label_says(share: float, code: int) -> None:
    assert legend.share_classes(np.array([share])).tolist() == [code]


def test_share_classes_are_those_of_the_styles() -> None:
    assert {style.code for style in legend.SHARE_STYLES} == set(range(len(legend.SHARE_EDGES) + 2))


def test_labels_are_translated() -> None:
    use_language("zh_CN")
    try:
        assert legend.described(legend.HEAD_STYLES)[0]["label"] != legend.HEAD_STYLES[0].label
    finally:
        use_language("en")
