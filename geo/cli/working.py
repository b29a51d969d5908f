"""``yizhan jobs``: what runs, and cancelling it."""

from dataclasses import asdict
from typing import Annotated

import typer

from geo.access.actor import OPERATOR
from geo.cli.showing import say, say_json, table
from geo.i18n import N_, _
from geo.jobs import runner
from geo.jobs.wording import STATUS_WORDS
from geo.store import cluster

Json = Annotated[bool, typer.Option("--json", help=N_("Answer in JSON."))]


def add_to(app: typer.Typer) -> None:
    """Add the commands of jobs."""
    group = typer.Typer(help=N_("Long work: list, cancel."), no_args_is_help=True)
    group.command("list", help=N_("List the newest jobs."))(listed)
    group.command(help=N_("Cancel a waiting or running job."))(cancel)
    app.add_typer(group, name="jobs")


def listed(*, as_json: Json = False) -> None:
    """Show the newest jobs, newest first."""
    cluster.ensure_running()
    views = runner.jobs(OPERATOR)
    if as_json:
        say_json([asdict(view) for view in views])
        return
    if not views:
        say(_("No job has been handed in yet."))
        return
    rows = [
        [
            view.id,
            view.title(),
            _(STATUS_WORDS[view.status]),
            f"{view.progress:.0%}",
            view.error_text() or view.outcome() or view.doing(),
        ]
        for view in views
    ]
    say(table([_("number"), _("work"), _("status"), _("done"), _("last message")], rows))


def cancel(job: Annotated[int, typer.Argument(help=N_("The number of the job."))]) -> None:
    """Cancel a job."""
    cluster.ensure_running()
    view = runner.cancel(OPERATOR, job)
    if view.status == "running":
        say(_("Job {job} was asked to stop.", job=job))
    else:
        say(_("Job {job}: {status}", job=job, status=_(STATUS_WORDS[view.status])))
