"""The list of imports: what was brought in when, and a way to take it back."""

import streamlit as st

from geo.access.actor import shown_name
from geo.exchange import reads
from geo.exchange.kinds import KINDS
from geo.exchange.wording import STATUS_WORDS, run_summary
from geo.i18n import _, moment, number
from geo.maps.safe_text import plain
from pages.parts.session import hand_in, looking

SHOWN = 20


def show_runs() -> None:
    """Show the latest imports, each with what can be done about it."""
    with looking() as connection:
        found = reads.runs(connection, limit=SHOWN)
    st.subheader(_("Imports so far"), anchor=False)
    if not found:
        st.caption(_("None yet. Each file you import appears here and can be taken back as a whole."))
    for run in found:
        with st.container(border=True, key=f"run_{run.id}"):
            text, look, undo = st.columns([6, 1, 1], vertical_alignment="center")
            kind, status = _(KINDS[run.kind].label), _(STATUS_WORDS[run.status])
            text.markdown(f"{run.id} · {plain(run.file_name)} · {kind} · {status}")
            when = moment(run.decided_at or run.created_at)
            text.caption(f"{when} · {plain(shown_name(run.actor))} · {run_summary(run.counts)}")
            look.button(_("Look"), key=f"look_{run.id}", on_click=_open, args=(run.id,), width="stretch")
            if run.status == "accepted":
                with undo:
                    _undo(run)


def _open(run_id: int) -> None:
    st.query_params.from_dict({"run": str(run_id)})


def _undo(run: reads.RunView) -> None:
    with st.popover(_("Undo"), icon=":material/undo:"):
        new, changed = number(run.counts.get("new")), number(run.counts.get("changed"))
        st.markdown(
            _("Remove the {new} records it added and give {changed} their former values?", new=new, changed=changed)
        )
        st.button(_("Yes, undo this import"), key=f"undo_{run.id}", on_click=_take_back, args=(run.id,))


def _take_back(run_id: int) -> None:
    job_id = hand_in("import_undo", {"run_id": run_id})
    st.query_params.from_dict({"job": str(job_id)})
