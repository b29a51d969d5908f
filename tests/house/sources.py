"""The product's own files as the house tests read them: text, syntax tree, imports."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("app.py", "geo", "pages", "data")
MIGRATIONS = "geo/store/migrations/"
BINARY = {".png", ".mo", ".gpkg", ".zip", ".pbf", ".parquet", ".xlsx", ".ico", ".woff2", ".gz", ".jpg"}


@dataclass(frozen=True)
class Source:
    """One Python file; ``name`` is its path from the root with slashes."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.name)

    @property
    def room(self) -> str:
        """``places`` for geo/places/x.py, ``cli`` for geo/cli.py, ``pages`` for pages/x.py, ``app`` for app.py."""
        parts = self.name.removesuffix(".py").split("/")
        return parts[1] if parts[0] == "geo" and len(parts) > 1 else parts[0]

    def imports(self) -> Iterator[tuple[int, str]]:
        """Yield line and full dotted name of everything imported, wherever in the file it stands."""
        package = self.name.removesuffix(".py").removesuffix("/__init__").split("/")
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = package[: len(package) - node.level] if node.level else []
                module = ".".join([*above, *([node.module] if node.module else [])])
                yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Yield every function and method, nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


@cache
def files() -> tuple[str, ...]:
    """Return the names of all files that are, or could be, committed."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "-c", f"safe.directory={ROOT}", "ls-files", "-co", "--exclude-standard", "-z"],
        capture_output=True, text=True, check=True,
    ).stdout.split("\0")  # fmt: skip
    return tuple(sorted(name for name in set(listed) if name and (ROOT / name).is_file()))


@cache
def sources(*places: str) -> tuple[Source, ...]:
    """Return the Python files below the given folders (or the files themselves)."""
    wanted = [
        name
        for name in files()
        if name.endswith(".py") and any(name == place or name.startswith(f"{place}/") for place in places)
    ]
    return tuple(Source(name, (ROOT / name).read_text(encoding="utf-8")) for name in wanted)


def product() -> list[Source]:
    """Return the product's Python files without the generated migrations."""
    return [source for source in sources(*PRODUCT) if not source.name.startswith(MIGRATIONS)]


def texts() -> Iterator[tuple[str, str]]:
    """Yield name and content of every text file, data files of other makers included."""
    for name in files():
        if Path(name).suffix not in BINARY:
            yield name, (ROOT / name).read_text(encoding="utf-8")


def standard_library() -> frozenset[str]:
    """Return the names of Python's own top-level modules."""
    return frozenset(sys.stdlib_module_names)
