"""Nothing lies around unused: every function, class and constant of the product is named somewhere else."""

import ast
from collections import Counter
from collections.abc import Iterator

from tests.house.sources import Source, product, sources

CALLED_BY_NAME = {"__all__"}


def _definitions(source: Source) -> Iterator[tuple[str, int]]:
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.decorator_list:
            yield node.name, node.lineno
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((target.id, node.lineno) for target in targets if isinstance(target, ast.Name))


def _mentions(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and ":" in node.value:
            yield node.value.rsplit(":", maxsplit=1)[-1]


def unused(products: list[Source], others: list[Source]) -> list[str]:
    """Return what is defined at the top of a product's module and mentioned nowhere."""
    mentioned = Counter(word for source in [*products, *others] for word in _mentions(source))
    return [
        f"{source.name}:{line} {name} is used nowhere"
        for source in products
        if not source.name.endswith("/tables.py")
        for name, line in _definitions(source)
        if name not in CALLED_BY_NAME and not mentioned[name]
    ]


def test_everything_that_is_defined_is_used() -> None:
    found = unused(product(), [*sources("tests"), *sources("geo/store/migrations")])
    assert not found, "\n".join(["", *found])


def test_a_planted_leftover_is_found() -> None:
    program = Source("geo/x.py", "LIMIT = 3\nUSED = 4\n\n\ndef left():\n    return USED\n")
    assert unused([program], []) == [
        "geo/x.py:1 LIMIT is used nowhere",
        "geo/x.py:5 left is used nowhere",
    ]
