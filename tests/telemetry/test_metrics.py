"""Numbers of several processes, put together as Prometheus reads them."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from ringfence.cli.processes.metrics_process import Application
from ringfence.telemetry.counts import BOUNDS, FOLDER, Counter, Family, Sample, Snapshot, Spread, snapshot
from ringfence.telemetry.exposition import FOLDED_SECONDS, LIVE_SECONDS, AllProcesses

ASKED = Counter("ringfence_tests_asked_total", "For tests.", ["kind"])
TOOK = Spread("ringfence_tests_seconds", "For tests.")


def put(folder: Path, name: str, *families: Family, role: str = "web", age: float = 0) -> Path:
    """A file as a process puts it, so many seconds old."""
    file = folder / f"{name}.json"
    file.write_bytes(msgspec.json.encode(Snapshot(role, list(families))))
    then = file.stat().st_mtime - age
    os.utime(file, (then, then))
    return file


def counter(number: float, kind: str = "page") -> Family:
    return Family("ringfence_x_total", "x", "counter", ("kind",), [Sample((kind,), number)])


def gauge(number: float, name: str = "ringfence_y", labels: tuple[str, ...] = ()) -> Family:
    return Family(name, "y", "gauge", labels, [Sample(("web",) if labels else (), number)])


def told(together: AllProcesses) -> dict[tuple[str, str], float]:
    """Each number by its name and labels, as the text says them when Prometheus's own parser reads it."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(together)
    text = generate_latest(registry).decode()
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_counters_of_all_processes_are_added_label_by_label(tmp_path: Path) -> None:
    put(tmp_path, "a", counter(2))
    put(tmp_path, "b", counter(3), counter(1, "search"))
    assert told(AllProcesses(tmp_path)) == {
        ("ringfence_x_total", "page"): 5,
        ("ringfence_x_total", "search"): 1,
    }


def test_what_an_ended_process_counted_still_counts_and_what_it_was_at_does_not(tmp_path: Path) -> None:
    put(tmp_path, "a", counter(2), gauge(7), age=LIVE_SECONDS + 5)
    put(tmp_path, "b", counter(3), gauge(1))
    assert told(AllProcesses(tmp_path)) == {("ringfence_x_total", "page"): 5, ("ringfence_y", ""): 1}


def test_files_of_processes_that_ended_long_ago_go_and_their_counts_stay(tmp_path: Path) -> None:
    old = put(tmp_path, "a", counter(2), age=FOLDED_SECONDS + 5)
    put(tmp_path, "b", counter(3))
    together = AllProcesses(tmp_path)
    for _each in range(3):
        assert told(together)["ringfence_x_total", "page"] == 5
    assert not old.exists()


def test_a_file_that_is_no_snapshot_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_bytes(b"{")
    put(tmp_path, "b", counter(3))
    assert told(AllProcesses(tmp_path))["ringfence_x_total", "page"] == 3


def test_a_spread_is_told_as_the_buckets_below_each_end(tmp_path: Path) -> None:
    for seconds in (0.0001, 0.003, 0.003, 99):
        TOOK.of().observe(seconds)
    (family,) = [each for each in snapshot("web").families if each.name == TOOK.name]
    put(tmp_path, "a", family)
    put(tmp_path, "b", family)
    found = told(AllProcesses(tmp_path))
    assert found["ringfence_tests_seconds_bucket", str(BOUNDS[0])] == 2
    assert found["ringfence_tests_seconds_bucket", "0.0025"] == 2
    assert found["ringfence_tests_seconds_bucket", "0.005"] == 6
    assert found["ringfence_tests_seconds_bucket", "+Inf"] == 8
    assert found["ringfence_tests_seconds_count", ""] == 8
    assert found["ringfence_tests_seconds_sum", ""] == pytest.approx(2 * 99.0061)


def test_threads_that_count_at_once_lose_nothing() -> None:
    def count() -> None:
        for _each in range(5_000):
            ASKED.of("page").add()

    people = [threading.Thread(target=count) for _ in range(4)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert ASKED.of("page").number == 20_000


def test_a_process_puts_its_numbers_until_its_end(tmp_path: Path) -> None:
    code = (
        "from ringfence.telemetry import counts\n"
        "counts.put_from_now_on('decide')\n"
        "counts.Counter('ringfence_z_total', 'z').of().add(4)\n"
    )
    subprocess.run([sys.executable, "-c", code], env=os.environ | {FOLDER: str(tmp_path)}, check=True)
    assert told(AllProcesses(tmp_path))["ringfence_z_total", ""] == 4


def asked(folder: Path, path: str, *roles: str) -> tuple[str, str]:
    """Status and text of the metrics process's answer."""
    said: list[str] = []
    application = Application(folder, roles)
    environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", "QUERY_STRING": ""}
    body = application(environ, lambda status, _headers: said.append(status))
    return said[0], b"".join(body).decode()


def ready(number: float) -> Family:
    return Family("ringfence_ready", "", "gauge", ("role",), [Sample(("web",), number)])


def test_ready_names_the_roles_of_which_no_process_can_work(tmp_path: Path) -> None:
    put(tmp_path, "a", ready(1), role="web")
    put(tmp_path, "b", ready(0), role="jobs")
    assert asked(tmp_path, "/readyz", "web") == ("200 OK", "ready\n")
    assert asked(tmp_path, "/readyz", "web", "jobs", "decide") == (
        "503 Service Unavailable",
        "not ready: jobs, decide\n",
    )


def test_a_role_whose_processes_are_silent_is_not_ready(tmp_path: Path) -> None:
    put(tmp_path, "a", ready(1), role="web", age=LIVE_SECONDS + 5)
    assert asked(tmp_path, "/readyz", "web")[0].startswith("503")


def test_metrics_and_life_are_told_and_nothing_else(tmp_path: Path) -> None:
    put(tmp_path, "a", counter(2))
    assert 'ringfence_x_total{kind="page"} 2.0' in asked(tmp_path, "/metrics")[1]
    assert asked(tmp_path, "/healthz") == ("200 OK", "ok\n")
    assert asked(tmp_path, "/")[0] == "404 Not Found"
