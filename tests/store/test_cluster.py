import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from geo.cli import run
from geo.errors import StoreUnavailable
from geo.settings import settings
from geo.store import cluster as clusters
from geo.store import provision, servers
from geo.store.cluster import Cluster

AT = Callable[..., Cluster]


@pytest.fixture(scope="module")
def kept() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="yz-"))
    folder.chmod(0o711)
    cluster = Cluster(folder / "state", durable=False)
    yield cluster
    cluster.remove()
    shutil.rmtree(folder)


@pytest.fixture
def lasting(kept: Cluster) -> Cluster:
    """A running cluster shared by the tests that need no fresh one."""
    kept.ensure_running()
    return kept


def kill_hard(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def one(cluster: Cluster, question: str, database: str = "yizhan") -> object:
    with cluster.superuser(database) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def test_a_cluster_is_made_started_asked_and_stopped(cluster_at: AT) -> None:
    cluster = cluster_at()
    before = cluster.status()
    assert (before.running, before.ready, before.version) == (False, False, None)
    addresses = cluster.ensure_running()
    running = cluster.status()
    assert running.ready
    assert running.version == servers.choose().major
    with psycopg.connect(addresses.app_url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("yizhan_app",)
    assert cluster.stop()
    stopped = cluster.status()
    assert (stopped.running, stopped.pid) == (False, None)
    assert not cluster.stop()


def test_what_was_written_is_there_after_a_restart(lasting: Cluster) -> None:
    cluster = lasting
    with cluster.superuser("yizhan") as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    cluster.stop()
    cluster.ensure_running()
    assert one(cluster, "SELECT number FROM kept") == 7


def test_neither_role_of_the_app_is_above_row_security(lasting: Cluster) -> None:
    cluster = lasting
    above = (
        "SELECT count(*) FROM pg_roles WHERE rolname IN ('yizhan_app', 'yizhan_owner')"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
    )
    assert one(cluster, above) == 0
    assert one(cluster, "SELECT count(*) FROM pg_roles WHERE rolname IN ('yizhan_app', 'yizhan_owner')") == 2


def test_the_server_listens_on_its_private_socket_only(lasting: Cluster) -> None:
    cluster = lasting
    assert one(cluster, "SELECT current_setting('listen_addresses')") == ""
    assert cluster.socket.stat().st_mode & 0o077 == 0
    assert (cluster.data / "pg_hba.conf").read_text() == "local all all peer map=yizhan\n"


def test_it_starts_again_after_the_server_was_killed_hard(lasting: Cluster) -> None:
    cluster = lasting
    pid = cluster.status().pid
    assert pid is not None
    kill_hard(pid)
    assert (cluster.data / "postmaster.pid").exists()
    assert not cluster.status().running
    cluster.ensure_running()
    assert cluster.status().ready
    assert cluster.status().pid != pid


def test_it_recovers_while_a_stale_pid_file_names_another_program(lasting: Cluster) -> None:
    cluster = lasting
    pid_file = cluster.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    cluster.stop()
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(120)"], cwd="/") as other:
        try:
            pid_file.write_text("\n".join([str(other.pid), *lines[1:]]) + "\n")
            os.chown(pid_file, cluster.user.uid, cluster.user.gid)
            assert not cluster.status().running
            cluster.recover()
            assert cluster.status().ready
            assert other.poll() is None
        finally:
            other.kill()


def test_two_state_folders_run_side_by_side(lasting: Cluster, cluster_at: AT) -> None:
    first, second = lasting, cluster_at()
    second.ensure_running()
    assert first.status().pid != second.status().pid
    with first.superuser("yizhan") as connection:
        connection.execute("CREATE TABLE only_here (number int)")
    assert one(second, "SELECT to_regclass('only_here')") is None


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(cluster_at: AT) -> None:
    cluster = cluster_at("/".join(["a_rather_long_folder_name"] * 6))
    assert len(str(cluster.state_dir)) > 107
    cluster.ensure_running()
    assert cluster.status().ready
    assert not cluster.socket.is_relative_to(cluster.state_dir)
    assert cluster.socket.stat().st_mode & 0o077 == 0
    assert cluster.socket.stat().st_uid == cluster.user.uid
    cluster.remove()
    assert not cluster.socket.exists()
    assert os.geteuid() != 0 or not cluster.socket.parent.exists()


def test_a_short_socket_folder_of_somebody_else_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "SHORT_FOLDERS", folder)
    user = servers.ServerUser("somebody", os.geteuid() + 1, os.getegid(), folder / ("x" * 120))
    home = folder / ("y" * 120)
    taken = folder / f"yizhan-{user.uid}-{clusters._digest(home)}"
    taken.mkdir(mode=0o700)
    with pytest.raises(StoreUnavailable, match="not a private folder of somebody"):
        clusters._socket_folder(home, user)


def test_below_a_closed_home_root_keeps_the_cluster_where_the_server_can_go(folder: Path, cluster_at: AT) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    cluster = cluster_at("closed/checkout/state")
    cluster.ensure_running()
    assert cluster.status().ready
    inside = cluster.home.is_relative_to(closed)
    assert inside == (os.geteuid() != 0)
    assert Cluster(folder / "closed/checkout/state").home == cluster.home


def test_several_may_start_one_that_was_left_half_made_at_the_same_time(cluster_at: AT) -> None:
    cluster = cluster_at()
    (cluster.home / "data.new" / "base").mkdir(parents=True)
    (cluster.home / "data.new" / "PG_VERSION").write_text("15\n")
    os.chown(cluster.home, cluster.user.uid, cluster.user.gid)
    failures: list[BaseException] = []

    def start() -> None:
        try:
            Cluster(cluster.state_dir, durable=False).ensure_running()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert cluster.status().ready


def test_the_leak_proof_mark_is_put_back_when_it_was_lost(lasting: Cluster) -> None:
    cluster = lasting
    with cluster.superuser("yizhan") as connection:
        connection.execute("ALTER FUNCTION geometry_overlaps(geometry, geometry) NOT LEAKPROOF")
        assert not provision.is_leakproof(connection)
    cluster.ensure_running()
    with cluster.superuser("yizhan") as connection:
        assert provision.is_leakproof(connection)


def test_a_server_that_cannot_start_says_why_and_where_the_log_is(
    lasting: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = lasting
    cluster.stop()
    configuration = cluster.data / "postgresql.conf"
    sound = configuration.read_text()
    configuration.write_text("no_such_setting = 1\n")
    monkeypatch.setattr(clusters, "START_PATIENCE_S", 1.0)
    with pytest.raises(StoreUnavailable, match=r"does not start: .*server\.log"):
        cluster.ensure_running()
    configuration.write_text(sound)
    cluster.ensure_running()
    assert cluster.status().ready


def test_the_ballast_is_kept_while_running_and_given_up_to_stop_on_a_full_disk(
    lasting: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = Cluster(lasting.state_dir, durable=False, ballast_mb=2)
    cluster.stop()
    cluster.ensure_running()
    assert cluster.ballast.stat().st_size == 2 * 1024 * 1024
    monkeypatch.setattr("geo.store.disk.free_bytes", lambda _path: 1024)
    cluster.stop()
    assert not cluster.ballast.exists()
    monkeypatch.undo()
    cluster.ensure_running()
    assert cluster.ballast.exists()


def test_remove_leaves_nothing_behind(cluster_at: AT) -> None:
    cluster = cluster_at()
    cluster.ensure_running()
    cluster.remove()
    assert not cluster.home.exists()
    assert not cluster.status().running


def test_a_server_without_tables_is_stopped_by_command(cluster_at: AT, monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = cluster_at()
    cluster.ensure_running()
    monkeypatch.setenv("YIZHAN_STATE_DIR", str(cluster.state_dir))
    settings.cache_clear()
    try:
        assert run(["db", "stop"]) == 0
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert not cluster.status().running
