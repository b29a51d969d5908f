"""The tasks of the exchange and the demo as jobs run them."""

from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from geo.access.reads import require_for_work
from geo.errors import NotFound
from geo.exchange import load, undo, writers
from geo.exchange.around import surroundings_of
from geo.exchange.prepare import prepare
from geo.exchange.prepared import Prepared
from geo.exchange.sealed_rows import sealed
from geo.exchange.uploads import forget_upload
from geo.i18n import N_
from geo.jobs.context import JobContext
from geo.jobs.folders import job_folder
from geo.settings import settings
from geo.store import bulk
from geo.store.disk import require_free_space
from geo.store.session import reading, writing

SHOWN_FINDINGS = 200
READING, WRITING = 0.6, 0.95


def prepare_import(
    context: JobContext, *, path: str, kind: str, datum: str, file_name: str | None = None, **choices: Any
) -> dict[str, Any]:
    """Read and judge a file, keep the rows in the job's folder and the import as one that waits for a decision.

    choices: layer, mapping and trust of ``geo.exchange.prepare.prepare``. Returns run_id and what was found.
    """
    require_for_work(context.actor, "import_prepare")
    prepared = _prepared(context, Path(path), kind, datum, file_name, choices)
    with writing(context.actor) as session:
        prepared = sealed(session, prepared)
    prepared.save(context.folder)
    forget_upload(Path(path), prepared.kind)
    with writing(context.actor) as session:
        options = {"datum": datum, "layer": prepared.layer, "mapping": prepared.mapping}
        run_id = load.start_run(session, prepared, options=options, job_id=context.job_id)
    return {"run_id": run_id, **_found(prepared)}


def accept_import(context: JobContext, *, run_id: int, prepared_by: int) -> dict[str, Any]:
    """Write a prepared import into the registry; ``prepared_by`` is the job whose folder holds its rows."""
    require_for_work(context.actor, "import_accept")
    context.progress(0.05, N_("Writing the rows"))
    folder = job_folder(prepared_by)
    if not (folder / "rows.parquet").is_file():
        raise NotFound(
            N_("The prepared rows of import {run} are kept for two weeks only. Read the file again."), run=run_id
        )
    prepared = Prepared.load(folder)
    with _writing_rows(context, prepared) as session:
        return load.accept(session, run_id, prepared).to_dict()


def import_file(
    context: JobContext, *, path: str, kind: str, datum: str, dry_run: bool = False, **choices: Any
) -> dict[str, Any]:
    """Read, judge and, unless ``dry_run``, write a file in one go, as the command line does."""
    require_for_work(context.actor, "import_file")
    prepared = _prepared(context, Path(path), kind, datum, None, choices)
    found = _found(prepared)
    context.best(found)
    if dry_run:
        return found
    options = {"datum": datum, "layer": prepared.layer, "mapping": prepared.mapping}
    context.progress(READING, N_("Writing rows: {count}"), count=len(prepared.rows))
    with _writing_rows(context, prepared) as session:
        run_id = load.start_run(session, prepared, options=options, job_id=context.job_id)
        done = load.accept(session, run_id, prepared)
        context.progress(WRITING, N_("Finishing"))
    listed = sorted([*found["findings"], *done.noted], key=lambda finding: int(finding["row"]))
    return {**found, "findings": listed, "run_id": run_id, "counts": done.counts, "noted": done.findings}


def _writing_rows(context: JobContext, prepared: Prepared) -> AbstractContextManager[Session]:
    """Open the transaction for the rows: as the owner, who may take indexes down, when there are very many."""
    context.check_cancelled()
    many = len(prepared.rows) >= bulk.WORTH_ROWS
    return bulk.loading(context.actor) if many else writing(context.actor)


def _prepared(
    context: JobContext, path: Path, kind: str, datum: str, file_name: str | None, choices: dict[str, Any]
) -> Prepared:
    if not path.is_file():
        raise NotFound(
            N_("The file is not kept any more: one that names people is thrown away once read. Choose it again.")
        )
    require_free_space(settings().state_dir, path.stat().st_size)
    with reading(context.actor) as connection:
        surroundings = surroundings_of(connection, kind)

    def tell(share: float, message: str, **values: Any) -> None:
        context.progress(share * READING, message, **values)

    return prepare(path, kind, datum=datum, file_name=file_name, surroundings=surroundings, progress=tell, **choices)


def _found(prepared: Prepared) -> dict[str, Any]:
    first = prepared.findings.frame(SHOWN_FINDINGS)
    return {
        "kind": prepared.kind,
        "file_name": prepared.file_name,
        "layer": prepared.layer,
        "mapping": prepared.mapping,
        "counts": prepared.counts,
        "by_code": prepared.findings.by_code(),
        "findings": first.to_dict("records"),
        "evidence": prepared.evidence,
    }


def undo_import(context: JobContext, *, run_id: int) -> dict[str, Any]:
    """Take an accepted import back as a whole; returns its number, how many records went and how many came back."""
    require_for_work(context.actor, "import_undo")
    context.progress(0.05, N_("Taking back import {run}"), run=run_id)
    with writing(context.actor) as session:
        return asdict(undo.undo_import(session, run_id))


def export_layers(
    context: JobContext,
    *,
    layers: list[str],
    fmt: str,
    path: str | None = None,
    community_id: int | None = None,
    phones: str | None = None,
) -> dict[str, Any]:
    """Write layers the actor may see to ``path``, or to the job's folder for the page to hand out.

    phones: the reason why telephone numbers go along with posts.
    """
    require_for_work(context.actor, "export")
    target = Path(path) if path else context.folder / f"yizhan-{context.job_id}"
    report = writers.export(context.actor, layers, fmt, target, community_id, progress=context.progress, phones=phones)
    return report.to_dict()


def load_demo(
    context: JobContext, *, size: str, seed: int, buildings: int | None = None, replace: bool = False
) -> dict[str, Any]:
    """Make and store a demo city; returns the number of rows per table."""
    require_for_work(context.actor, "demo")
    from data.load import load_demo as load_city

    return load_city(context.actor, size, seed, buildings, context.progress, replace=replace)
