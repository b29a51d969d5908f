"""The command line: ``yizhan``. Exit codes: 0 all well, 1 findings or failed, 2 wrong use or a missing part."""

import sys
from typing import Any

import typer
from pydantic import ValidationError
from typer.exceptions import TyperException
from typer.main import get_command

from geo.cli import (
    auditing,
    checking,
    database,
    demonstration,
    exchanging,
    finding,
    keys,
    pairing,
    personal,
    reaching,
    scanning,
    serving,
    siting,
    users,
    working,
)
from geo.errors import NotAllowed, StoreUnavailable, YizhanError
from geo.i18n import N_, _, preferred_language, use_language
from geo.settings import settings

FINDINGS, WRONG_USE, INTERRUPTED = 1, 2, 130

app = typer.Typer(
    name="yizhan",
    help=N_("The map that city neighbourhoods run on."),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
serving.add_to(app)
database.add_to(app)
demonstration.add_to(app)
exchanging.add_to(app)
pairing.add_to(app)
reaching.add_to(app)
scanning.add_to(app)
finding.add_to(app)
siting.add_to(app)
working.add_to(app)
keys.add_to(app)
personal.add_to(app)
auditing.add_to(app)
users.add_to(app)
checking.add_to(app)


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command in the language of LANG and return its exit code; what went wrong is one line on stderr."""
    try:
        use_language(preferred_language(settings().lang.partition(".")[0].replace("_", "-")))
        outcome = in_language(get_command(app)).main(arguments, prog_name="yizhan", standalone_mode=False)
    except ValidationError as error:
        return _say_wrong_setting(error)
    except TyperException as error:
        said = getattr(error, "message", "") or str(error)
        typer.echo(said if said.startswith("Usage:") else f"yizhan: {said}", err=True)
        return WRONG_USE
    except YizhanError as error:
        typer.echo(f"yizhan: {error.text()}", err=True)
        return WRONG_USE if isinstance(error, StoreUnavailable | NotAllowed) else FINDINGS
    except (KeyboardInterrupt, typer.Abort):
        typer.echo(_("Stopped."), err=True)
        return INTERRUPTED
    return outcome if isinstance(outcome, int) else 0


def _say_wrong_setting(error: ValidationError) -> int:
    for wrong in error.errors():
        name = str(wrong["loc"][0])
        name = name if name.isupper() else f"YIZHAN_{name.upper()}"
        typer.echo(
            f"yizhan: {_('The setting {name} cannot be used: {reason}', name=name, reason=wrong['msg'])}", err=True
        )
    return WRONG_USE


def in_language(command: Any) -> Any:
    """Return the command with its help, and that of all parts of it, in the current language."""
    command.help = _(command.help or "")
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = _(parameter.help)
    for part in getattr(command, "commands", {}).values():
        in_language(part)
    return command
