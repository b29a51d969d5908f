"""``yizhan keys``: the keys that seal personal data."""

from typing import Annotated

import typer

from geo.access import keys as kept
from geo.access import rotation
from geo.access.actor import OPERATOR
from geo.cli.showing import note, say, say_json, table
from geo.i18n import N_, _, listed, number
from geo.store import cluster, migrate
from geo.store.bulk import loading

STATE_WORDS = {
    "seals": N_("seals"),
    "opens": N_("opens"),
    "missing": N_("not here"),
    "unused": N_("not in use"),
    "retired": N_("given up"),
}


def add_to(app: typer.Typer) -> None:
    """Add the commands of keys."""
    group = typer.Typer(help=N_("Keys that seal personal data: list, make, rotate, retire."), no_args_is_help=True)
    group.command("list", help=N_("List the keys by name, with what they sealed; never the keys themselves."))(listing)
    group.command(help=N_("Make the first key, or one in place of a lost one."))(make)
    group.command(help=N_("Make a new key and seal everything again with it."))(rotate)
    group.command(help=N_("Give up old keys with which nothing is sealed any more."))(retire)
    app.add_typer(group, name="keys")


def listing(*, as_json: Annotated[bool, typer.Option("--json", help=N_("Answer in JSON."))] = False) -> None:
    """Show every key by name, whether it is here and how many values it sealed."""
    _ready()
    with loading(OPERATOR) as session:
        found = rotation.key_list(session)
    if as_json:
        say_json([view._asdict() for view in found])
        return
    where = _("YIZHAN_KEYS") if kept.from_environment() else kept.key_file()
    note(_("Keys are kept in {where}.", where=where))
    if not found:
        say(_("There is no key yet; one is made when the first person is recorded."))
        return
    rows = [[view.id, _(STATE_WORDS[_state(view)]), number(view.values)] for view in found]
    say(table([_("key"), _("state"), _("sealed values")], rows))


def _state(view: rotation.KeyView) -> str:
    if view.retired:
        return "retired"
    if not view.here:
        return "missing"
    return "seals" if view.seals else "opens" if view.values else "unused"


def make(
    *,
    lost: Annotated[
        bool, typer.Option(help=N_("The key of this database is lost for good; seal with a new one."))
    ] = False,
    printed: Annotated[
        bool, typer.Option("--print", help=N_("Only write a new key for YIZHAN_KEYS to stdout."))
    ] = False,
) -> None:
    """Make a key where there is none."""
    if printed:
        say(kept.fresh().written)
        return
    _ready()
    key = rotation.make(OPERATOR, lost=lost)
    say(_("The key {key} seals personal data from now on.", key=key.id))


def rotate() -> None:
    """Seal everything again with a new key; a rotation that was stopped goes on."""
    _ready()
    done = rotation.rotate(OPERATOR, lambda done: note(_("{count} records sealed again", count=number(done))))
    say(_("The key {key} seals now; {count} records were sealed again.", key=done.key_id, count=number(done.records)))
    if done.closed:
        say(_("{count} values stay closed: the key they were sealed with is not here.", count=number(done.closed)))
    say(_("The old key is kept until: yizhan keys retire. Backups made until now can only be read with it."))


def retire() -> None:
    """Give up old keys."""
    _ready()
    gone = rotation.retire(OPERATOR)
    if not gone:
        say(_("There is no old key to give up."))
        return
    say(_("Given up: {keys}", keys=listed(gone)))
    if kept.from_environment():
        say(_("Take them out of YIZHAN_KEYS now."))


def _ready() -> None:
    cluster.ensure_running()
    migrate.upgrade()
