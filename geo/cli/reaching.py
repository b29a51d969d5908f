"""``yizhan reach``: how far it is on foot from every origin to its targets, on files alone; no database is needed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from geo.cli.showing import note, say_json
from geo.i18n import N_, _, labelled, listed, number

if TYPE_CHECKING:
    from geo.coverage.network import Network
    from geo.coverage.oddities import Oddity
    from geo.coverage.reach import Ground, Question, Rows

NAMED = 5
IN_JSON = 200
SPEED_M_S = 1.2
SNAP_M = 500.0


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=N_("Walking distances from origins to targets, from files to a file; no database is needed."))(
        reach
    )


def reach(  # noqa: PLR0913
    origins: Annotated[Path, typer.Option(help=N_("Where walks begin: id, lon, lat; or an OSM file's buildings."))],
    targets: Annotated[Path, typer.Option(help=N_("Where walks lead: id, lon, lat; or an OSM file's buildings."))],
    out: Annotated[Path, typer.Option(help=N_("The .csv or .parquet file to write: origin, target, metres, minutes."))],
    *,
    network: Annotated[Path | None, typer.Option(help=N_("Roads: an .osm.pbf or .osm file."))] = None,
    edges: Annotated[Path | None, typer.Option(help=N_("Roads as a table: from, to, length_m, also oneway."))] = None,
    nodes: Annotated[Path | None, typer.Option(help=N_("The nodes of that table: node, lon, lat."))] = None,
    k: Annotated[int | None, typer.Option(help=N_("So many nearest targets of each origin."))] = None,
    limit_m: Annotated[float | None, typer.Option(help=N_("Only targets within so many metres."))] = None,
    speed: Annotated[float, typer.Option(help=N_("Metres a second, to turn metres into minutes."))] = SPEED_M_S,
    snap_m: Annotated[float, typer.Option(help=N_("How far a place may be from its road."))] = SNAP_M,
    as_json: Annotated[bool, typer.Option("--json", help=N_("Answer in JSON."))] = False,
) -> None:
    """Write a row for every walk, nearest first, and one without a target for each origin that reaches none."""
    from geo.coverage.reach import Question, on_ground
    from geo.exchange.reach_files import checked_target
    from geo.exchange.walking_files import read_network, read_places

    _check_files(network, edges, nodes)
    _check_numbers(k, limit_m, speed, snap_m)
    checked_target(out)
    roads = network or edges
    if roads:
        note(_("Reading {file}.", file=roads.name))
    town = read_network(roads, nodes) if roads else None
    begin, there = read_places(origins), read_places(targets)
    here, goals = ((places["lon"].to_numpy(), places["lat"].to_numpy()) for places in (begin, there))
    ground = on_ground(town, here, goals, snap_m)
    question = Question(1 if k is None and limit_m is None else k, np.inf if limit_m is None else limit_m, snap_m)
    told = _Told(begin["id"].to_numpy(dtype=object), there["id"].to_numpy(dtype=object), question)
    told.about(town, ground, (origins.name, targets.name))
    told.write(ground, out, speed)
    told.end(out)
    if as_json:
        say_json(told.answer(speed, out))


def _check_files(network: Path | None, edges: Path | None, nodes: Path | None) -> None:
    if network and (edges or nodes):
        raise typer.BadParameter(_("Give either --network, or --edges and --nodes."))
    if (edges is None) != (nodes is None):
        raise typer.BadParameter(_("--edges and --nodes belong together: give both."))


def _check_numbers(k: int | None, limit_m: float | None, speed: float, snap_m: float) -> None:
    if k is not None and k < 1:
        raise typer.BadParameter(_("--k is a whole number from 1 up."))
    if limit_m is not None and not limit_m >= 0:
        raise typer.BadParameter(_("--limit-m is a number of metres from 0 up."))
    if not 0 < speed < np.inf:
        raise typer.BadParameter(_("--speed is metres a second, more than 0."))
    if not snap_m >= 0:
        raise typer.BadParameter(_("--snap-m is a number of metres from 0 up."))


@dataclass
class _Told:
    """What is said about an answer while it is made, and kept for JSON."""

    origins: Any
    targets: Any
    question: "Question"
    network: dict[str, int] | None = None
    findings: list[dict[str, Any]] = field(default_factory=list)
    causes: list[Any] = field(default_factory=list)
    walks: int = 0

    def about(self, network: "Network | None", ground: "Ground", files: tuple[str, str]) -> None:
        """Say what the walks go over, and what is odd about it."""
        from geo.coverage.oddities import odd_in_network, odd_places

        if network is None or ground.there is None:
            note(_("No roads were given: distances are straight lines x 1.3."))
            return
        self.network = {
            "nodes": len(network),
            "edges": len(network.edges),
            "islands": len(network.island_sizes()) - 1,
        }
        many = {name: number(count) for name, count in self.network.items()}
        note(_("{nodes} nodes, {edges} edges that can be walked.", nodes=many["nodes"], edges=many["edges"]))
        self._note("network", odd_in_network(network))
        found = odd_places(network, self.targets, *ground.targets, ground.there, most_m=self.question.snap_m)
        self._note(files[1], found)

    def _note(self, where: str, oddities: "list[Oddity]") -> None:
        for oddity in oddities:
            words = _("roads") if where == "network" else where
            note(labelled(words, oddity.text()))
            about = {"where": where, "code": oddity.code, "count": len(oddity.names), "text": oddity.text()}
            listed_first = zip(oddity.names[:IN_JSON], oddity.lon.tolist(), oddity.lat.tolist(), strict=False)
            places = [{"id": name, "lon": lon, "lat": lat} for name, lon, lat in listed_first]
            self.findings.append({**about, "places": places})

    def write(self, ground: "Ground", out: Path, speed: float) -> None:
        """Write the answer part by part, and say how far it is when there is more than one part."""
        from geo.coverage.reach import reach as walks
        from geo.exchange.reach_files import names_for, table_of, written_whole

        names = names_for(out, self.origins), names_for(out, self.targets)
        with written_whole(out, *names) as file:
            for rows in walks(ground, self.question):
                file.write_table(table_of(rows, *names, speed))
                self._count(rows)

    def _count(self, rows: "Rows") -> None:
        self.causes.append(rows.cause)
        self.walks += len(rows.target)
        done, whole = rows.first + len(rows.cause), len(self.origins)
        if len(rows.cause) < whole:
            note(_("{done} of {whole} origins", done=number(done), whole=number(whole)))

    def unreached(self) -> dict[str, list[str]]:
        """Return the origins that reach nothing, by cause."""
        from geo.coverage.reach import CAUSES

        cause = np.concatenate(self.causes) if self.causes else np.empty(0, dtype=np.int8)
        return {name: self.origins[cause == code].tolist() for code, name in enumerate(CAUSES) if code}

    def end(self, out: Path) -> None:
        """Say how many origins reach something, and who does not and why."""
        from geo.coverage.reach import CAUSE_WORDS, CAUSES

        unreached = self.unreached()
        for code, words in CAUSE_WORDS.items():
            names = unreached[CAUSES[code]]
            if names:
                shown = listed(names[:NAMED]) + (" …" if len(names) > NAMED else "")
                values = {"snap_m": number(self.question.snap_m), "limit_m": number(self.question.limit_m)}
                values = {name: value for name, value in values.items() if f"{{{name}}}" in words}
                note(_(words, count=number(len(names)), names=shown, **values))
        reached = len(self.origins) - sum(map(len, unreached.values()))
        counts = {"reached": number(reached), "origins": number(len(self.origins)), "walks": number(self.walks)}
        note(_("{reached} of {origins} origins reach a target: {walks} walks in {path}.", path=out, **counts))

    def answer(self, speed: float, out: Path) -> dict[str, Any]:
        """Return the summary as one document: counts, and of every list the first 200."""
        unreached = self.unreached()
        limit_m = self.question.limit_m
        return {
            "distances": "network" if self.network else "straight_lines_x_1.3",
            "network": self.network,
            "origins": len(self.origins),
            "targets": len(self.targets),
            "walks": self.walks,
            "reached": len(self.origins) - sum(map(len, unreached.values())),
            "unreachable": {name: {"count": len(ids), "ids": ids[:IN_JSON]} for name, ids in unreached.items()},
            "findings": self.findings,
            "k": self.question.k,
            "limit_m": None if np.isinf(limit_m) else limit_m,
            "speed_m_s": speed,
            "out": str(out),
        }
