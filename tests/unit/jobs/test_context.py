"""What a task reports and hears."""

from pathlib import Path

import pytest

from geo.jobs.context import JobContext, JobStopped, Notes
from geo.store.session import Actor


def context() -> JobContext:
    return JobContext(1, Actor("someone"), Path(), Notes())


def test_only_the_newest_report_is_kept_until_it_is_taken() -> None:
    task = context()
    task.progress(0.1, "row {row}", row=1)
    task.progress(0.2, "row {row}", row=2)
    task.best({"gap": 0.5})
    assert task.notes.take() == {
        "progress": 0.2,
        "message": {"msgid": "row {row}", "values": {"row": 2}},
        "best": {"gap": 0.5},
    }
    assert not task.notes.has_news()


@pytest.mark.parametrize(("share", "stored"), [(-1, 0.0), (0.25, 0.25), (7, 1.0)])
def test_a_share_outside_zero_to_one_is_cut(share: float, stored: float) -> None:
    task = context()
    task.progress(share, "working")
    assert task.notes.take()["progress"] == stored


def test_reporting_waiting_and_checking_all_stop_a_job_that_should_stop() -> None:
    task = context()
    task.notes.ask_to_stop("time_limit")
    task.notes.ask_to_stop("cancelled")
    for step in (task.check_cancelled, lambda: task.progress(0.5, "working"), lambda: task.wait(60)):
        with pytest.raises(JobStopped) as stopped:
            step()
        assert stopped.value.reason == "time_limit"
