"""Jobs in real processes on a real database: order, limits, cancels, deaths and restarts."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR as ADMINISTRATOR
from geo.errors import BadInput, Conflict, NotFound
from geo.jobs import kinds, processes, rows, runner, scheduler
from geo.jobs.rules import Limits
from geo.jobs.scheduler import Scheduler
from geo.store import session
from geo.store.session import Actor
from tests.users import add_user

TASKS = Path(__file__).parent / "job_tasks.py"
WORKER = (sys.executable, str(TASKS))
NAMES = ("count", "nap", "deaf", "hog", "greedy", "refuse", "stumble", "whoami", "long_query", "busy", "spill")
PATIENCE_S = 90

pytestmark = pytest.mark.usefixtures("clean_store", "known_tasks")


@pytest.fixture
def known_tasks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(kinds, "KINDS", {name: f"job_tasks:{name}" for name in NAMES})
    monkeypatch.setenv("PYTHONPATH", str(processes.ROOT))
    yield
    for job in rows.running_jobs():
        process = processes.find(job["pid"], job["pid_started"])
        if process is not None:
            processes.end(process)
    until = time.monotonic() + PATIENCE_S
    while any(child.poll() is None for child in processes._children.values()):
        assert time.monotonic() < until
        time.sleep(0.05)


def schedule(**options: Any) -> Scheduler:
    return Scheduler(worker=WORKER, **options)


def submit(kind: str, actor: Actor = ADMINISTRATOR, **params: Any) -> int:
    return runner.submit(actor, kind, params)


def look(job_id: int) -> runner.JobView:
    return runner.status(ADMINISTRATOR, job_id)


def tick_until(scheduled: Scheduler, true: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < until, [runner.jobs(ADMINISTRATOR)]
        scheduled.tick()
        time.sleep(0.05)


def finish(scheduled: Scheduler, *job_ids: int) -> list[runner.JobView]:
    tick_until(scheduled, lambda: all(look(job_id).finished for job_id in job_ids))
    return [look(job_id) for job_id in job_ids]


def start(scheduled: Scheduler, job_id: int) -> psutil.Process:
    tick_until(scheduled, lambda: look(job_id).message is not None)
    return worker_of(job_id)


def worker_of(job_id: int) -> psutil.Process:
    job = next(job for job in rows.running_jobs() if job["id"] == job_id)
    process = processes.find(job["pid"], job["pid_started"])
    assert process is not None
    return process


def test_a_job_runs_in_its_own_process_as_the_actor_who_asked_and_keeps_its_result() -> None:
    scheduled = schedule()
    counted, asked = finish(scheduled, submit("count", to=3), submit("whoami"))
    assert (counted.status, counted.progress, counted.result["counted"]) == ("done", 1.0, 3)
    assert counted.result["folder"].endswith(f"jobs/{counted.id}")
    assert counted.best == {"step": 2}
    assert counted.doing() == "step 2 of 3"
    assert asked.result == {"name": "operator", "role": "yizhan_app"}


def test_progress_and_the_best_so_far_can_be_read_while_the_job_runs() -> None:
    scheduled = schedule()
    job_id = submit("nap", seconds=60)
    start(scheduled, job_id)
    view = look(job_id)
    assert (view.status, view.progress, view.doing(), view.best) == ("running", 0.5, "sleeping", {"dream": 1})


def test_waiting_jobs_start_in_the_order_they_came_and_no_more_at_once_than_allowed() -> None:
    scheduled = schedule(at_once=2)
    job_ids = [submit("count", to=4, pause_s=0.1) for _ in range(4)]
    most = 0
    until = time.monotonic() + PATIENCE_S
    while not all(look(job_id).finished for job_id in job_ids):
        scheduled.tick()
        most = max(most, len(rows.running_jobs()))
        assert time.monotonic() < until
    started = [look(job_id).started_at for job_id in job_ids]
    assert most == 2
    assert started == sorted(started)
    assert [look(job_id).status for job_id in job_ids] == ["done"] * 4


def test_two_schedulers_beside_each_other_start_every_job_once_and_keep_the_common_limit() -> None:
    job_ids = [submit("count", to=3, pause_s=0.1) for _ in range(4)]
    pair = [schedule(at_once=1), schedule(at_once=1)]
    for scheduled in pair:
        scheduled.start()
    most = 0
    until = time.monotonic() + PATIENCE_S
    while not all(look(job_id).finished for job_id in job_ids):
        most = max(most, len(rows.running_jobs()))
        assert time.monotonic() < until
        time.sleep(0.02)
    for scheduled in pair:
        scheduled.stop()
    with session.reading(ADMINISTRATOR) as connection:
        attempts = connection.scalars(text("SELECT attempts FROM job")).all()
    assert most == 1
    assert list(attempts) == [1, 1, 1, 1]


def test_a_scheduler_starts_as_many_as_there_are_cores_when_nothing_else_is_said() -> None:
    job_ids = [submit("nap", seconds=60) for _ in range(scheduler.cores() + 2)]
    scheduled = schedule()
    scheduled.tick()
    assert [look(job_id).status for job_id in job_ids].count("running") == scheduler.cores()


def test_a_waiting_job_is_cancelled_at_once_and_never_starts() -> None:
    job_id = submit("count", to=1)
    assert runner.cancel(ADMINISTRATOR, job_id).status == "cancelled"
    schedule().tick()
    assert look(job_id).started_at is None


def test_a_running_job_hears_a_cancel_and_ends_itself_with_its_best_result() -> None:
    scheduled = schedule()
    job_id = submit("nap", seconds=60)
    start(scheduled, job_id)
    runner.cancel(ADMINISTRATOR, job_id)
    (view,) = finish(scheduled, job_id)
    assert (view.status, view.best, view.error) == ("cancelled", {"dream": 1}, None)


def test_a_job_that_does_not_hear_a_cancel_is_killed_after_the_grace() -> None:
    scheduled = schedule(limits=Limits(memory_mb=2000, time_s=60, grace_s=0.5))
    job_id = submit("deaf", seconds=60)
    tick_until(scheduled, lambda: look(job_id).status == "running")
    process = worker_of(job_id)
    runner.cancel(ADMINISTRATOR, job_id)
    (view,) = finish(scheduled, job_id)
    assert view.status == "cancelled"
    assert not process.is_running()


def test_a_job_over_its_time_ends_itself_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIZHAN_JOB_TIME_LIMIT_S", "1")
    (view,) = finish(schedule(), submit("nap", seconds=60))
    assert (view.status, view.error["code"], view.best) == ("failed", "time_limit", {"dream": 1})
    assert "1 seconds" in view.error_text()


def test_a_deaf_job_over_its_time_is_killed() -> None:
    scheduled = schedule(limits=Limits(memory_mb=2000, time_s=0.5, grace_s=0.5))
    (view,) = finish(scheduled, submit("deaf", seconds=60))
    assert (view.status, view.error["code"]) == ("failed", "time_limit")


def test_a_job_that_asks_for_too_much_memory_fails_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIZHAN_JOB_MEMORY_MB", "500")
    (view,) = finish(schedule(), submit("greedy", mb=2000))
    assert (view.status, view.error["code"]) == ("failed", "no_room")
    assert "500 MB" in view.error_text()


def test_a_job_that_grows_past_its_memory_is_killed() -> None:
    scheduled = schedule(limits=Limits(memory_mb=300, time_s=60))
    (view,) = finish(scheduled, submit("hog", mb=4000))
    assert (view.status, view.error["code"]) == ("failed", "no_room")


def test_a_killed_worker_is_marked_lost_with_what_to_do_and_its_transaction_is_gone() -> None:
    scheduled = schedule()
    job_id = submit("long_query", seconds=60)
    start(scheduled, job_id).send_signal(signal.SIGKILL)
    (view,) = finish(scheduled, job_id)
    assert (view.status, view.error["code"]) == ("lost", "lost")
    assert "-9" in view.error_text()
    assert "start it again" in view.error_text()
    until = time.monotonic() + PATIENCE_S
    while backends_of(job_id):
        assert time.monotonic() < until
        time.sleep(0.1)
    with session.reading(ADMINISTRATOR) as connection:
        assert connection.scalar(text("SELECT count(*) FROM import_run")) == 0


def backends_of(job_id: int) -> int:
    query = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :name")
    with session.reading(ADMINISTRATOR) as connection:
        return connection.scalar(query, {"name": f"yizhan-job-{job_id}"}) or 0


def test_after_a_restart_running_jobs_go_on_waiting_ones_start_and_dead_ones_are_lost() -> None:
    before = schedule(at_once=2)
    living, dead, waiting = submit("nap", seconds=4), submit("nap", seconds=60), submit("count", to=1)
    start(before, living)
    start(before, dead).send_signal(signal.SIGKILL)
    after = schedule(at_once=2)
    views = finish(after, living, dead, waiting)
    assert [view.status for view in views] == ["done", "lost", "done"]


def test_a_reused_pid_is_not_taken_for_the_worker() -> None:
    job_id = submit("nap", seconds=60)
    with session.writing(rows.RUNNER) as writing:
        writing.execute(
            text(
                "UPDATE job SET status = 'running', pid = :pid, pid_started = 1.5, "
                "heartbeat_at = now(), started_at = now()"
            ),
            {"pid": os.getpid()},
        )
    (view,) = finish(schedule(), job_id)
    assert view.status == "lost"


def test_on_an_external_database_a_job_of_another_machine_is_lost_only_when_its_heartbeat_is_old(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    job_id = submit("nap", seconds=60)
    beat = "UPDATE job SET status = 'running', pid = 1, pid_started = 1.5, started_at = now(), heartbeat_at = {when}"
    with session.writing(rows.RUNNER) as writing:
        writing.execute(text(beat.format(when="now()")))
    monkeypatch.setattr(Scheduler, "_sees_all", lambda _self: False)
    schedule().tick()
    assert look(job_id).status == "running"
    with session.writing(rows.RUNNER) as writing:
        writing.execute(text(beat.format(when="now() - interval '31 s'")))
    schedule().tick()
    assert look(job_id).status == "lost"


def test_a_worker_does_not_touch_a_job_that_is_not_its_own() -> None:
    job_id = submit("count", to=1)
    pid = processes.start(job_id, WORKER)
    until = time.monotonic() + PATIENCE_S
    while processes.exit_code(pid) is None:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert processes.exit_code(pid) == 1
    assert look(job_id).status == "waiting"


def test_what_a_task_refuses_is_shown_with_its_values_in_the_readers_language() -> None:
    (view,) = finish(schedule(), submit("refuse"))
    assert (view.status, view.error["code"]) == ("failed", "bad_input")
    assert view.error_text() == "a.csv: row 3 has no geometry"
    with pytest.raises(BadInput, match="row 3"):
        runner.must_have_worked(view)


def test_an_unexpected_error_is_logged_under_the_reference_that_is_shown(state_folder: Path) -> None:
    (view,) = finish(schedule(), submit("stumble"))
    assert view.error["code"] == "unexpected"
    assert "ZeroDivisionError" not in view.error_text()
    written = (state_folder / "logs" / f"job-{view.id}.log").read_text()
    assert view.error["values"]["reference"] in written
    assert "ZeroDivisionError" in written


def test_a_locked_table_is_told_as_somebody_else_being_at_it() -> None:
    job_id = submit("busy")
    with session.connect(session.owner_engine()) as connection, connection.begin():
        connection.execute(text("LOCK TABLE city IN ACCESS SHARE MODE"))
        (view,) = finish(schedule(), job_id)
    assert (view.status, view.error["code"]) == ("failed", "conflict")


def test_a_full_disk_is_told_as_such() -> None:
    (view,) = finish(schedule(), submit("spill"))
    assert (view.status, view.error["code"]) == ("failed", "no_room")
    assert "disk is full" in view.error_text()


def test_a_database_that_ends_the_connection_is_told_as_such() -> None:
    scheduled = schedule()
    job_id = submit("long_query", seconds=60)
    start(scheduled, job_id)
    with session.reading(ADMINISTRATOR) as connection:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name"
        connection.execute(text(f"{ended} AND query ~ 'sleep'"), {"name": f"yizhan-job-{job_id}"})
    (view,) = finish(scheduled, job_id)
    assert (view.status, view.error["code"]) == ("failed", "store_unavailable")


def test_only_the_owner_and_the_city_wide_see_and_cancel_a_job() -> None:
    with session.connect(session.owner_engine()) as connection, connection.begin():
        add_user("one", "auditor", owner=connection)
        add_user("two", "auditor", owner=connection)
    job_id = submit("nap", Actor("one"), seconds=60)
    with pytest.raises(NotFound):
        runner.cancel(Actor("two"), job_id)
    assert runner.jobs(Actor("two")) == []
    assert [job.id for job in runner.jobs(Actor("one"))] == [job_id]
    assert runner.cancel(ADMINISTRATOR, job_id).status == "cancelled"


def test_an_unlisted_kind_is_refused_with_the_kinds_there_are() -> None:
    with pytest.raises(BadInput, match=r"no kind of job called os\.system; there are: .*count"):
        submit("os.system")


def test_a_failed_job_can_be_started_again_and_a_good_one_cannot() -> None:
    scheduled = schedule()
    failed, good = submit("refuse"), submit("count", to=1)
    finish(scheduled, failed, good)
    assert look(runner.again(ADMINISTRATOR, failed)).status == "waiting"
    with pytest.raises(Conflict):
        runner.again(ADMINISTRATOR, good)


def test_run_now_waits_and_tells_every_change() -> None:
    seen: list[float] = []
    view = runner.run_now(
        ADMINISTRATOR, "count", {"to": 5, "pause_s": 0.3}, follow=lambda job: seen.append(job.progress), worker=WORKER
    )
    assert view.status == "done"
    assert seen == sorted(seen)
    assert len(set(seen)) >= 3


def test_run_now_cancels_the_job_when_it_is_interrupted() -> None:
    def interrupt_once(view: runner.JobView) -> None:
        if view.message is not None and not view.cancel_asked and not view.finished:
            raise KeyboardInterrupt

    view = runner.run_now(ADMINISTRATOR, "nap", {"seconds": 60}, follow=interrupt_once, worker=WORKER)
    assert view.status == "cancelled"


def test_stopping_the_server_with_its_database_ends_running_jobs_and_leaves_waiting_ones() -> None:
    scheduled = schedule(at_once=1)
    running, waiting = submit("nap", seconds=60), submit("count", to=1)
    start(scheduled, running)
    assert scheduler.interrupt_running() == 1
    assert look(running).status == "lost"
    assert "server was stopped" in look(running).error_text()
    assert look(waiting).status == "waiting"


def test_many_reports_are_stored_at_most_five_times_a_second() -> None:
    job_id = submit("count", to=20_000)
    with session.connect(session.owner_engine()) as connection, connection.begin():
        connection.execute(text("CREATE TABLE written (at timestamptz DEFAULT clock_timestamp())"))
        connection.execute(text("GRANT INSERT ON written TO yizhan_app"))
        connection.execute(
            text("CREATE RULE count_writes AS ON UPDATE TO job DO ALSO INSERT INTO written DEFAULT VALUES")
        )
    (view,) = finish(schedule(), job_id)
    with session.connect(session.owner_engine()) as connection:
        written = connection.scalar(text("SELECT count(*) FROM written")) or 0
    seconds = (view.finished_at - view.started_at).total_seconds()
    assert written <= 5 * seconds + 3
