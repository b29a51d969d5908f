"""Rules of stations: the states one goes through, and when its staffing is complete."""

from geo.errors import Conflict
from geo.i18n import N_, _

STATUS_LABELS = {
    "proposed": N_("Proposed"),
    "sited": N_("Sited"),
    "funded": N_("Funded"),
    "building": N_("Under construction"),
    "open": N_("Open"),
    "suspended": N_("Suspended"),
    "closed": N_("Closed"),
}
ORGANISATION_LABELS = {
    "party_branch": N_("Party branch"),
    "owners_committee": N_("Owners' committee"),
    "property_company": N_("Property company"),
    "volunteer_team": N_("Volunteer team"),
    "department": N_("Department"),
}
TEAM_LABELS = {
    "family_mediation": N_("Family mediation"),
    "care_4050_7080": N_("4050 helping 7080"),
    "repair": N_("Repairs"),
    "health": N_("Health"),
    "policy_talk": N_("Policy talks"),
}
NEXT = {
    "proposed": ("sited", "closed"),
    "sited": ("funded", "closed"),
    "funded": ("building", "closed"),
    "building": ("open", "closed"),
    "open": ("suspended", "closed"),
    "suspended": ("open", "closed"),
    "closed": (),
}


def checked_step(status: str, wanted: str) -> str:
    """Return the wanted status of a station; raises Conflict when it does not follow the present one.

    >>> checked_step("building", "open")
    'open'
    """
    if wanted not in NEXT[status]:
        steps = ", ".join(_(STATUS_LABELS[step]) for step in NEXT[status]) or _("nothing")
        raise Conflict(
            N_("After “{status}” comes: {steps}. Choose one of these."), status=_(STATUS_LABELS[status]), steps=steps
        )
    return wanted


def is_staffed(stationmasters: int, deputies: int) -> bool:
    """Tell whether a station's staffing is valid: one stationmaster and at least one deputy.

    >>> is_staffed(1, 1), is_staffed(1, 0)
    (True, False)
    """
    return stationmasters == 1 and deputies >= 1
