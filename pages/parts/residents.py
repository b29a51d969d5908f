"""How many people of which kind live in a place, as published for everybody: small counts only together with others."""

import streamlit as st

from geo.access.suppression import (
    ATTRIBUTE_LABELS,
    FAMILY_LABELS,
    Counted,
    Published,
    group_name,
    is_due,
    published,
    published_of_city,
    worth_showing,
)
from geo.briefing.map_state import Place
from geo.i18n import _, day, labelled, listed, number
from geo.maps.safe_text import plain
from pages.parts.figures import percent
from pages.parts.session import hand_in, looking, may

KINDS = ("city", "district", "street_office", "community", "compound")
MOST_NAMES = 6


def show_residents(place: Place) -> None:
    """Show the counts of an area or a compound, where there are any and the role sees them."""
    if place[0] in KINDS and may("see_residents"):
        with looking() as connection:
            found = published(connection, *place)
        for family in found:
            _show_family(family)


def show_residents_of_city() -> None:
    """Show the counts of the whole city, and to administrators the button that renews them once a month."""
    if not may("see_residents"):
        return
    with looking() as connection:
        found, due = published_of_city(connection), is_due(connection)
    for family in found:
        _show_family(family)
    if not found:
        st.caption(_("Counts of people by age and of people who need care would be here; none are published yet."))
    if due and may("publish_counts"):
        _offer_publishing()


def _offer_publishing() -> None:
    if st.button(_("Publish new counts of people"), icon=":material/groups:", key="publish_counts"):
        number_of_job = hand_in("publish_counts", {})
        st.success(_("The counts are being made as job {number}; they are here in a moment.", number=number_of_job))


def _show_family(family: Published) -> None:
    everybody = next((one for one in family.counts if one.attribute == "everybody"), None)
    with st.expander(_(FAMILY_LABELS[family.family])):
        st.caption(_basis(family, everybody))
        for counted in worth_showing(family.counts):
            _show_counted(family, counted)
        st.caption(
            _(
                "Shown from {least} people up (living alone from {least_alone}); fewer, and none, are counted together "
                "with neighbouring groups or places. Renewed once a month.",
                least=number(family.least), least_alone=number(family.least_alone),
            )
        )  # fmt: skip


def _basis(family: Published, everybody: Counted | None) -> str:
    on = _("As of {day}", day=day(family.made_on))
    if everybody is None or everybody.records is None:
        return on
    counted, unknown = number(everybody.records), number(everybody.unknown or 0)
    return f"{on} · {_('{counted} buildings with numbers, {unknown} unknown', counted=counted, unknown=unknown)}"


def _show_counted(family: Published, counted: Counted) -> None:
    whole = sum(group.count for group in counted.groups)
    label = _(ATTRIBUTE_LABELS[counted.attribute])
    if len(counted.groups) == 1 and counted.attribute != "everybody":
        return
    if not counted.is_alone:
        st.caption(_together(counted, family.least_alone if counted.attribute == "alone" else family.least))
    if len(counted.groups) == 1:
        st.markdown(labelled(label, number(whole)))
    else:
        st.dataframe(
            {
                label: [group_name(group) for group in counted.groups],
                _("People"): [group.count for group in counted.groups],
                _("Share"): [_share(group.count, whole) for group in counted.groups],
            },
            hide_index=True,
        )


def _share(part: int, whole: int) -> str:
    return _("under 1 %") if 100 * part < whole else percent(part, whole)


def _together(counted: Counted, least: int) -> str:
    names = [plain(name) if name else _("Not assigned yet") for _kind, _id, name in counted.places]
    left = len(names) - MOST_NAMES
    places = listed(names[:MOST_NAMES])
    if left > 0:
        places = _("{places} and {count} more", places=places, count=number(left))
    if len(names) == 1:
        return _("Fewer than {least} in a group here: these are the numbers of {places}.", least=least, places=places)
    return _("Fewer than {least} in a group: {places} are counted together.", least=least, places=places)
