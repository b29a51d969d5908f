"""The list of kinds: every entry leads to a task and has words for people."""

import inspect

import pytest

from geo.jobs import kinds
from geo.jobs.rules import FINISHED
from geo.jobs.tables import JOB_STATUSES
from geo.jobs.wording import STATUS_ICONS, STATUS_WORDS


@pytest.mark.parametrize("kind", sorted(kinds.KINDS))
def test_a_kind_leads_to_a_task_that_takes_its_context_first(kind: str) -> None:
    parameters = list(inspect.signature(kinds.task_of(kind)).parameters.values())
    assert parameters[0].name == "context"
    assert all(parameter.kind is not parameter.POSITIONAL_OR_KEYWORD for parameter in parameters[1:])


def test_every_kind_has_a_title_and_every_status_its_words() -> None:
    assert kinds.TITLES.keys() == kinds.KINDS.keys()
    assert STATUS_WORDS.keys() == STATUS_ICONS.keys() == set(JOB_STATUSES)
    assert set(JOB_STATUSES) - FINISHED == {"waiting", "running"}
