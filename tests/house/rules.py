"""The house's rules, each a function from a source to what it finds wrong there: ``file:line what``."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from tests.house.sources import Source

STAIRS = (
    "access", "places", "people", "requests", "governance", "planning", "hotspots", "coverage", "siting", "briefing",
)  # fmt: skip
"""The domain rooms: each may import those before it."""
FOR_EVERYBODY = ("store", "maps", "jobs", "settings", "errors", "i18n")
DOORS = ("exchange", "cli", "pages", "app")
"""May import every room; nobody imports web and cli but app.py."""
PURE_ROOMS = ("hotspots", "coverage", "siting")
DATABASE = ("sqlalchemy", "psycopg", "geoalchemy2", "geo.store")
NOT_IN_PAGES = ("pandas", "geopandas", "shapely", "sqlalchemy", "psycopg")
NOT_IN_GEO = ("streamlit", "streamlit_folium")
SMALL_HOURS = ("time.time", "datetime.now", "datetime.utcnow", "date.today", "datetime.today", "random.random")
FORBIDDEN_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "managers", "base", "misc", "tools"}
ALLOWED_NAMES = {"geo/store/base.py": "what SQLAlchemy itself calls the declarative base"}
MODULE_LINES = 400
PAGE_LINES = 120
APP_LINES = 79
FUNCTION_LINES = 50
POSITIONAL_PARAMETERS = 6
COMMENT_SHARE = 0.04
FREE_COMMENTS = 2

Found = Iterator[str]


def _within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _may_import(room: str, other: str) -> bool:
    if other in {"web", "cli"}:
        return room in {other, "app"}
    if room in {"settings", "errors", "i18n"}:
        return other in {"settings", "errors", "i18n"}
    if room == other or other in FOR_EVERYBODY or room in {*DOORS, "web"}:
        return True
    if room not in STAIRS:
        return False
    return other in STAIRS and STAIRS.index(other) < STAIRS.index(room)


def imports_go_up_the_stairs(source: Source) -> Found:
    """Report an import of a room that this room may not know."""
    for line, name in source.imports():
        parts = name.split(".")
        if parts[0] == "geo" and len(parts) > 1 and parts[1][:1].islower() and source.room not in {"geo", "data"}:
            if not _may_import(source.room, parts[1]):
                yield f"{source.name}:{line} {source.room} may not import {name}"
        elif parts[0] in {"pages", "app", "tests"} and source.room not in {"pages", "app", "tests"}:
            yield f"{source.name}:{line} nothing imports {name}"


def rooms_keep_foreign_things_out(source: Source) -> Found:
    """Report Streamlit in geo, frames and databases in pages, databases in pure rooms and rules."""
    forbidden: tuple[str, ...] = ()
    if source.name.startswith("geo/"):
        forbidden += NOT_IN_GEO
    if source.room == "pages":
        forbidden += NOT_IN_PAGES
    if source.room in PURE_ROOMS and not source.name.endswith(("/study.py", "_study.py")):
        forbidden += (*DATABASE, "folium")
    if source.name.endswith("/rules.py"):
        forbidden += (*DATABASE, "random")
    for line, name in source.imports():
        if _within(name, forbidden):
            yield f"{source.name}:{line} imports {name}"


def rules_have_no_clock(source: Source) -> Found:
    """Report a rules module that looks at the clock or rolls dice."""
    if source.name.endswith("/rules.py"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(SMALL_HOURS):
                yield f"{source.name}:{node.lineno} calls {ast.unparse(node.func)}"


def sizes_are_kept(source: Source) -> Found:
    """Report modules, pages, app.py, functions and parameter lists that have outgrown their limit."""
    lines = source.text.count("\n")
    limit = APP_LINES if source.name == "app.py" else PAGE_LINES if source.room == "pages" else MODULE_LINES
    if lines > limit:
        yield f"{source.name}: {lines} lines, at most {limit}"
    for function in source.functions():
        length = (function.end_lineno or function.lineno) - function.lineno + 1
        if length > FUNCTION_LINES:
            yield f"{source.name}:{function.lineno} {function.name} has {length} lines, at most {FUNCTION_LINES}"
        positional = [*function.args.posonlyargs, *function.args.args]
        count = len([one for one in positional if one.arg not in {"self", "cls"}])
        if count > POSITIONAL_PARAMETERS:
            yield f"{source.name}:{function.lineno} {function.name} takes {count} parameters by position"


def comments_are_rare(source: Source) -> Found:
    """Report a module with more than 4 % comment lines (marks for the linters are none)."""
    words = [
        token.string
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline)
        if token.type == tokenize.COMMENT and not re.match(r"#\s*(noqa|type:|fmt:|pragma|!)", token.string)
    ]
    lines = source.text.count("\n")
    if len(words) > max(FREE_COMMENTS, COMMENT_SHARE * lines):
        yield f"{source.name}: {len(words)} comments in {lines} lines"


def names_say_something(source: Source) -> Found:
    """Report modules with a name that could hold anything."""
    for part in source.name.removesuffix(".py").split("/"):
        if part in FORBIDDEN_NAMES and source.name not in ALLOWED_NAMES:
            yield f"{source.name}: a name like {part} says nothing"


def _public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.stmt]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from _public(node.body, f"{prefix}{node.name}.")


def public_things_are_described(source: Source) -> Found:
    """Report modules, public classes, functions and methods without a docstring."""
    if source.text.strip() and not ast.get_docstring(source.tree):
        yield f"{source.name}: no docstring"
    for name, node in _public(source.tree.body):
        overload = any("overload" in ast.unparse(one) for one in getattr(node, "decorator_list", []))
        if not overload and not ast.get_docstring(node):  # type: ignore[arg-type]
            yield f"{source.name}:{node.lineno} {name} has no docstring"


def only_settings_read_the_environment(source: Source) -> Found:
    """Report os.environ, os.getenv and the like."""
    for node in ast.walk(source.tree):
        text = ast.unparse(node) if isinstance(node, ast.Attribute | ast.Name) else ""
        if text in {"os.environ", "os.environb", "os.getenv", "environ", "getenv", "os.putenv"}:
            yield f"{source.name}:{node.lineno} {text}"
    for line, name in source.imports():
        if name in {"os.environ", "os.getenv"}:
            yield f"{source.name}:{line} imports {name}"


def errors_are_not_swallowed(source: Source) -> Found:
    """Report an except clause that catches everything and does nothing."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ExceptHandler):
            catches_all = node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
            silent = all(isinstance(step, ast.Pass | ast.Continue) for step in node.body)
            if node.type is None or (catches_all and silent):
                yield f"{source.name}:{node.lineno} an except that hides every error"


def prints_and_promises(source: Source) -> Found:
    """Report print calls and notes of work left for later."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"print", "breakpoint"}:
            yield f"{source.name}:{node.lineno} {node.func.id}"
    for number, line in enumerate(source.text.splitlines(), 1):
        if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", line):
            yield f"{source.name}:{number} work left for later"
