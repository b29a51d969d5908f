"""Commands on proposals: a matter is raised for deliberation, or withdrawn with a reason."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import BadInput, NotAllowed, NotFound, Outdated
from geo.governance.tables import PROPOSAL_SOURCES, Proposal
from geo.i18n import N_
from geo.places.search_text import cleaned
from geo.store import audit

MAY = "raise_proposals"
NOT_PERMITTED = "42501"
NO_NAME = N_("Name: write down in a few words what is proposed.")
NO_REASON = N_("Reason: write down why the proposal is withdrawn.")
NOT_HERE = N_("This proposal does not exist, or you may not see it.")
CHANGED = N_("Somebody changed this proposal while you were looking at it. Look at the new state, then decide again.")
NOT_YOURS = N_("This lies outside the communities you look after.")
ODD_SOURCE = N_("A proposal comes from one of {sources}, not from {source}.")


@dataclass(frozen=True)
class ProposalDraft:
    """A matter to be deliberated; link: what raised it, such as a study and the rank of its cluster."""

    community_id: int
    name: str
    note: str = ""
    source: str = "cluster"
    link: dict[str, Any] = field(default_factory=dict)


def raise_proposal(session: Session, draft: ProposalDraft) -> int:
    """Put a matter on the list of proposals; return its id. Raises BadInput naming the field, NotAllowed."""
    require(session, MAY)
    name = cleaned(draft.name)
    if not name:
        raise BadInput(NO_NAME)
    if draft.source not in PROPOSAL_SOURCES:
        raise BadInput(ODD_SOURCE, source=draft.source, sources=", ".join(PROPOSAL_SOURCES))
    made = Proposal(
        community_id=draft.community_id, name=name, note=cleaned(draft.note) or None, source=draft.source,
        link=dict(draft.link), raised_by=str(session.scalar(text("SELECT current_setting('app.user_name')"))),
    )  # fmt: skip
    session.add(made)
    try:
        session.flush()
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) == NOT_PERMITTED:
            raise NotAllowed(NOT_YOURS) from error
        raise
    _record(session, "raise_proposal", made, None)
    return made.id


def withdraw_proposal(session: Session, proposal_id: int, *, reason: str, version: int) -> None:
    """Take a proposal off the list; raises BadInput without a reason, Outdated when somebody was faster, NotFound."""
    require(session, MAY)
    why = cleaned(reason)
    if not why:
        raise BadInput(NO_REASON)
    found = session.get(Proposal, proposal_id, with_for_update=True)
    if found is None:
        raise NotFound(NOT_HERE)
    if found.version != version or found.status == "withdrawn":
        raise Outdated(CHANGED)
    before = _image(found)
    found.status = "withdrawn"
    session.flush()
    _record(session, "withdraw_proposal", found, before, why)


def _image(found: Proposal) -> dict[str, Any]:
    return {"name": found.name, "status": found.status, "source": found.source, "note": found.note}


def _record(
    session: Session, action: str, found: Proposal, before: dict[str, Any] | None, why: str | None = None
) -> None:
    change = audit.Change(before=before, after=_image(found), community_id=found.community_id, note=why)
    audit.record(session, action, "proposal", found.id, change)
