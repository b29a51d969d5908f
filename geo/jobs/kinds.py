"""The kinds of long work there are: the only functions a job can run."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from geo.errors import BadInput
from geo.i18n import N_

KINDS: dict[str, str] = {
    "demo": "geo.exchange.tasks:load_demo",
    "export": "geo.exchange.tasks:export_layers",
    "publish_counts": "geo.access.suppression:publish_as_job",
    "import_prepare": "geo.exchange.tasks:prepare_import",
    "import_accept": "geo.exchange.tasks:accept_import",
    "import_file": "geo.exchange.tasks:import_file",
    "import_undo": "geo.exchange.tasks:undo_import",
    "coverage_study": "geo.coverage.study:study_as_job",
    "pairing": "geo.coverage.pairing_study:pairing_as_job",
    "rota": "geo.coverage.rota_study:rota_as_job",
    "siting": "geo.siting.study:siting_as_job",
    "hotspots": "geo.hotspots.study:hotspots_as_job",
}

TITLES: dict[str, str] = {
    "demo": N_("Load the demo city"),
    "export": N_("Export layers"),
    "publish_counts": N_("Publish counts of people"),
    "import_prepare": N_("Read a file"),
    "import_accept": N_("Accept an import"),
    "import_file": N_("Import a file"),
    "import_undo": N_("Undo an import"),
    "coverage_study": N_("Study the coverage"),
    "pairing": N_("Propose care circles"),
    "rota": N_("Plan the rota of a week"),
    "siting": N_("Find sites for stations"),
    "hotspots": N_("Look for clusters of requests"),
}


def task_of(kind: str) -> Callable[..., dict[str, Any]]:
    """Return the function a kind of job runs, imported only now; BadInput when the kind is not listed."""
    check_kind(kind)
    module, _colon, function = KINDS[kind].partition(":")
    task: Callable[..., dict[str, Any]] = getattr(import_module(module), function)
    return task


def check_kind(kind: str) -> None:
    """Raise BadInput unless the kind is listed."""
    if kind not in KINDS:
        message = N_("There is no kind of job called {kind}; there are: {kinds}")
        raise BadInput(message, kind=kind, kinds=", ".join(sorted(KINDS)))


def title(kind: str) -> str:
    """Return the msgid of what a kind of job does; the kind itself when it has no title."""
    return TITLES.get(kind, kind)
