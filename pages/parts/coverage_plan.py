"""The plan of patches at work: their balance, who heads each, doors to move by click, and to accept or drop it."""

import streamlit as st

from geo.briefing.coverage_patches import MOVE_WORDS, Plan
from geo.briefing.map_state import Place
from geo.briefing.overview import Stand
from geo.coverage.patches import Move
from geo.i18n import _, labelled, number
from geo.maps.safe_text import plain
from geo.people.patch_writes import give_patches
from geo.store.clock import today
from pages.parts.coverage_patches import MADE_AT, PLAN
from pages.parts.coverage_swatches import swatch
from pages.parts.language import rerun_part
from pages.parts.session import act


def show_plan(stand: Stand, plan: Plan, place: Place | None) -> None:
    """Show the patches of the plan at work: balance, heads, doors to move, and what to do with it."""
    division = plan.division
    st.subheader(_("Patches of {place}", place=plain(plan.name)))
    st.markdown(
        _("{count} patches, {mean} households each on average, at most {deviation} off.",
          count=number(len(division.load)), mean=number(division.mean, 1), deviation=number(division.deviation, 1))
    )  # fmt: skip
    st.caption(_balance(plan))
    _move_doors(plan, place)
    for patch, load in enumerate(division.load.tolist()):
        _show_patch(plan, patch, load)
    reason = st.text_input(_("Reason"), key="patch_reason", max_chars=300)
    if stand.posts != st.session_state.get(MADE_AT):
        st.warning(_("Posts changed since these patches were made. Divide again before you accept them."),
                   icon=":material/update:")  # fmt: skip
    elif st.button(
        _("Accept: give the posts"), type="primary", icon=":material/how_to_reg:", key="patch_accept", width="stretch"
    ):
        _accept(plan, reason)
    if st.button(_("Drop the plan"), icon=":material/close:", key="patch_drop", width="stretch"):
        forget()
        rerun_part()


def forget() -> None:
    """Put the plan away."""
    st.session_state.pop(PLAN, None)


def _balance(plan: Plan) -> str:
    division = plan.division
    bound = number(division.bound)
    words = _("No division into connected patches has a smaller largest one than {bound} households.", bound=bound)
    if division.proven:
        words = _("Proven: no division into connected patches is more even.")
    if plan.fewest_heads is not None:
        fewest = number(plan.fewest_heads)
        words = f"{words} {_('At least {count} heads are needed for this limit.', count=fewest)}"
    if plan.too_large:
        large = number(plan.too_large)
        words = f"{words} {_('{count} units are above the limit by themselves.', count=large)}"
    if division.uncounted.sum():
        counted = number(int(division.uncounted.sum()))
        guess = number(plan.doors.graph.assumed)
        words = f"{words} {_('{count} entrances without a count are taken for {guess}.', count=counted, guess=guess)}"
    return words


def _move_doors(plan: Plan, place: Place | None) -> None:
    node = plan.node_of(place) if place and place[0] in {"building", "unit"} else None
    if node is None:
        st.caption(_("Click a building on the map to give its doors to another patch."))
        return
    here = int(plan.division.patch[node])
    st.markdown(labelled(_("Chosen doors"), _("patch {number}", number=number(here + 1))))
    for to in plan.next_to(node):
        if st.button(_("Give them to patch {number}", number=number(to + 1)), key=f"patch_to_{to}"):
            outcome, moved = plan.moved(node, to)
            if outcome is Move.DONE:
                st.session_state[PLAN] = moved
                rerun_part()
            st.warning(_(MOVE_WORDS[outcome]), icon=":material/block:")


def _show_patch(plan: Plan, patch: int, load: int) -> None:
    size, who = st.columns([2, 3], vertical_alignment="center")
    with size:
        swatch(plan.colour_of(patch), _("Patch {number}: {count}", number=number(patch + 1), count=number(load)))
    people = [None, *plan.doors.people.tolist()]
    chosen = who.selectbox(
        _("Head of patch {number}", number=number(patch + 1)), people, people.index(plan.heads[patch]),
        key=f"patch_head_{patch}_{plan.heads[patch]}", label_visibility="collapsed", placeholder=_("nobody yet"),
        format_func=lambda key: plan.names.get(key, str(key)) if key else _("nobody yet"),
    )  # fmt: skip
    if chosen != plan.heads[patch]:
        st.session_state[PLAN] = plan.with_head(patch, chosen)
        rerun_part()


def _accept(plan: Plan, reason: str) -> None:
    changed = act(lambda session: give_patches(session, plan.seats(), on=today(), reason=reason) or -1)
    if changed:
        forget()
        st.toast(_("{count} posts have changed hands.", count=number(max(changed, 0))), icon=":material/check:")
        rerun_part()
