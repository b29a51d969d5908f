"""``yizhan personal``: whose time is over, and erasing them; publishing counts of people."""

from typing import Annotated

import typer

from geo.access import retention, suppression
from geo.access.actor import OPERATOR
from geo.access.requesters import purge_requesters, requesters_due
from geo.cli.showing import say, table
from geo.i18n import N_, _, day, listed, number
from geo.planning.reads import parameters
from geo.store import cluster, migrate
from geo.store.clock import today
from geo.store.session import writing


def add_to(app: typer.Typer) -> None:
    """Add the commands of personal data."""
    group = typer.Typer(help=N_("Personal data: erase whose time is over, publish counts."), no_args_is_help=True)
    group.command(help=N_("Erase helped persons whose time is over."))(purge)
    group.command(help=N_("Publish new counts of people, once a month at most."))(publish)
    app.add_typer(group, name="personal")


def purge(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Show what is due and erase nothing."))] = False,
) -> None:
    """Erase everybody whose time is over today, who brought requests too; persons are told by number only."""
    cluster.ensure_running()
    migrate.upgrade()
    with writing(OPERATOR) as session:
        found = retention.due(session, on=today())
        keep_days = int(parameters(session.connection())["person_retention_days"])
        brought = requesters_due(session, on=today(), keep_days=keep_days)
        if dry_run or not (found or brought):
            if found:
                rows = [[one.person_id, one.community_id, day(one.retain_until)] for one in found]
                say(table([_("person"), _("community"), _("kept until")], rows))
            say(_("Due: {count} persons.", count=number(len(found) + brought)))
            return
        gone = retention.purge(session, on=today())
        gone += purge_requesters(session, on=today(), keep_days=keep_days)
    say(_("Erased: {count} persons. Backups made before still hold them.", count=number(gone)))


def publish() -> None:
    """Publish counts by age, risk class and living alone; small ones are counted together."""
    cluster.ensure_running()
    migrate.upgrade()
    with writing(OPERATOR) as session:
        found = suppression.publish(session)
    said = [f"{_(suppression.FAMILY_LABELS[family])} ({number(blocks)})" for family, blocks in found.items()]
    say(_("Published, with the number of groups of places: {families}", families=listed(said)))
