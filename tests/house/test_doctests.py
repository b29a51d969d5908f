"""Every example in a docstring is true."""

import doctest
from importlib import import_module

import pytest

from tests.house.sources import product

WITH_EXAMPLES = [
    source.name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for source in product()
    if ">>> " in source.text and source.name.split("/")[0] in {"geo", "data"}
]


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_the_examples_of_a_module_are_true(module: str) -> None:
    failed, tried = doctest.testmod(import_module(module), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert tried
    assert not failed
