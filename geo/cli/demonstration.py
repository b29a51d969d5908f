"""``yizhan demo``: an invented city to look at."""

from typing import Annotated, Any

import typer

from geo.access.actor import OPERATOR
from geo.cli.showing import job_follower, note, say
from geo.i18n import N_, _, number
from geo.jobs import runner
from geo.store import cluster, migrate

SEED = 1


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=N_("Load an invented city: about 300, 10,000 or 100,000 buildings."))(demo)


def demo(
    size: Annotated[str, typer.Option(help=N_("small, city or metro."))] = "city",
    seed: Annotated[int, typer.Option(help=N_("The same number makes the same city."))] = SEED,
    buildings: Annotated[
        int | None, typer.Option(help=N_("How many buildings, instead of the size's own number."))
    ] = None,
    *,
    replace: Annotated[bool, typer.Option(help=N_("Remove the demo city that is there."))] = False,
) -> None:
    """Make a demo city as a job and follow it; a real city is never removed."""
    cluster.ensure_running()
    migrate.upgrade()
    load(size, seed, buildings, replace=replace)


def load(size: str, seed: int, buildings: int | None = None, *, replace: bool = False) -> dict[str, Any]:
    """Run the job that loads a demo city; raises what went wrong."""
    note(_("Loading the demo city ({size}, seed {seed}).", size=size, seed=seed))
    params = {"size": size, "seed": seed, "buildings": buildings, "replace": replace}
    view = runner.run_now(OPERATOR, "demo", params, follow=job_follower())
    counts = runner.must_have_worked(view)
    say(
        _(
            "The demo city is there: {buildings} buildings, {households} households, {posts} posts.",
            buildings=number(counts["building"]),
            households=number(counts["household"]),
            posts=number(counts["post"]),
        )
    )
    return counts
