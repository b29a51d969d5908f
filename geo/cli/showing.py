"""How commands answer: lines and tables for people, JSON for machines, progress on stderr."""

import json
import sys
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import typer

from geo.i18n import _
from geo.jobs.rules import plain
from geo.jobs.runner import JobView

WIDE = "WF"
STEP = 0.1


def say(text: str) -> None:
    """Write a line to stdout."""
    typer.echo(text)


def note(text: str) -> None:
    """Write a line to stderr: progress and remarks, so that stdout holds the answer only."""
    typer.echo(text, err=True)


def say_json(answer: Any) -> None:
    """Write the answer as one JSON document."""
    typer.echo(json.dumps(plain(answer), ensure_ascii=False, indent=2))


def width(text: str) -> int:
    """Return how many columns a terminal gives to a text; Chinese characters take two.

    >>> width("楼栋 12")
    7
    """
    return sum(2 if unicodedata.east_asian_width(character) in WIDE else 1 for character in text)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return rows below their headings, in columns as wide as needed.

    >>> print(table(["table", "rows"], [["area", 2], ["building", 10]]))
    table     rows
    area      2
    building  10
    """
    return lines([headings, *rows])


def lines(rows: Sequence[Sequence[object]]) -> str:
    """Return rows in columns as wide as needed; empty for none."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


def job_follower() -> Callable[[JobView], None]:
    """Return what shows a job's progress: one line that is written over on a terminal, else a line per step."""
    said: dict[str, float] = {}

    def show(view: JobView) -> None:
        text = _("waiting for its turn") if view.status == "waiting" else view.doing()
        line = f"{view.progress:4.0%}  {text}"
        if sys.stderr.isatty():
            typer.echo(f"\r\x1b[K{line}" + ("\n" if view.finished else ""), nl=False, err=True)
        elif text and (view.finished or view.progress >= said.get(view.step, -1.0) + STEP):
            typer.echo(line, err=True)
            said[view.step] = view.progress

    return show
