"""Keeping processes running: started anew when they die, ended in good order, never left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS = 60.0

SUPERVISOR = """
import sys
from ringfence.cli.processes.supervisor import Duty, Supervisor
child = sys.argv[1:]
def say(text): print(text, flush=True)
Supervisor([Duty(name="child", command=tuple(child))], say=say, ready=lambda: say("ready")).run()
say("ended")
"""

CHILD = """
import os, signal, sys, time
from ringfence.cli.processes.supervisor import end_with_parent, say_ready
end_with_parent()
def note(word):
    with open(sys.argv[1], "a") as file: file.write(f"{word} {os.getpid()}\\n")
if os.path.exists(sys.argv[1] + ".broken"): sys.exit(3)
def stop(*_):
    note("stop"); sys.exit(0)
signal.signal(signal.SIGTERM, stop)
note("start")
while os.path.exists(sys.argv[1] + ".slow"): time.sleep(0.05)
say_ready(int(sys.argv[2]))
while True: time.sleep(0.05)
"""


def until(holds: Callable[[], bool]) -> None:
    """Wait for what happens in another process."""
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def notes(log: Path, word: str) -> list[int]:
    """The process ids that noted the word, in order."""
    lines = log.read_text().splitlines() if log.exists() else []
    return [int(line.split()[1]) for line in lines if line.startswith(word)]


@contextmanager
def supervised(log: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    """A supervisor of our child, or of another command."""
    child = command or (sys.executable, "-c", CHILD, str(log))
    process = subprocess.Popen([sys.executable, "-c", SUPERVISOR, *child], stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def await_line(process: subprocess.Popen[str], said: str) -> None:
    """Wait for the next line that the supervisor says."""
    assert process.stdout is not None
    assert process.stdout.readline() == f"{said}\n"


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    # A zombie that nobody has waited for yet counts as gone.
    return Path(f"/proc/{process}/stat").read_text().split()[2] == "Z"


def test_a_process_that_dies_is_started_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with supervised(log):
        until(lambda: len(notes(log, "start")) == 1)
        os.kill(notes(log, "start")[0], signal.SIGKILL)
        until(lambda: len(notes(log, "start")) == 2)


def test_a_signal_to_stop_is_passed_on_and_waited_for(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for sign in (signal.SIGTERM, signal.SIGINT):
        log.unlink(missing_ok=True)
        with supervised(log) as process:
            until(lambda: len(notes(log, "start")) == 1)
            await_line(process, "ready")
            process.send_signal(sign)
            said, _ = process.communicate(timeout=SECONDS)
        assert (said, notes(log, "stop")) == ("ended\n", notes(log, "start"))


def test_hanging_up_replaces_a_process_by_one_that_is_ready(tmp_path: Path) -> None:
    log, slow = tmp_path / "log", tmp_path / "log.slow"
    with supervised(log) as process:
        await_line(process, "ready")
        slow.touch()
        process.send_signal(signal.SIGHUP)
        until(lambda: len(notes(log, "start")) == 2)
        old, new = notes(log, "start")
        assert notes(log, "stop") == []
        slow.unlink()
        await_line(process, "Reloaded: the new child process has taken over.")
        until(lambda: notes(log, "stop") == [old] and gone(old))
        assert not gone(new)


def test_a_process_stays_where_the_one_that_is_to_replace_it_cannot_start(tmp_path: Path) -> None:
    log, broken = tmp_path / "log", tmp_path / "log.broken"
    with supervised(log) as process:
        await_line(process, "ready")
        broken.touch()
        process.send_signal(signal.SIGHUP)
        await_line(process, "Not reloaded: the new child process ended with 3. The old one goes on.")
        broken.unlink()
        process.send_signal(signal.SIGHUP)
        until(lambda: len(notes(log, "start")) == 2 and notes(log, "stop") == notes(log, "start")[:1])


def test_hanging_up_twice_leaves_one_process(tmp_path: Path) -> None:
    log, slow = tmp_path / "log", tmp_path / "log.slow"
    with supervised(log) as process:
        await_line(process, "ready")
        slow.touch()
        for count in (2, 3):
            process.send_signal(signal.SIGHUP)
            until(lambda: len(notes(log, "start")) == count)  # noqa: B023  called at once
        slow.unlink()
        until(lambda: all(gone(each) for each in notes(log, "start")[:2]))
        assert not gone(notes(log, "start")[2])


def test_a_signal_to_stop_ends_both_while_one_replaces_the_other(tmp_path: Path) -> None:
    log, slow = tmp_path / "log", tmp_path / "log.slow"
    with supervised(log) as process:
        await_line(process, "ready")
        slow.touch()
        process.send_signal(signal.SIGHUP)
        until(lambda: len(notes(log, "start")) == 2)
        process.terminate()
        process.communicate(timeout=SECONDS)
        assert all(gone(each) for each in notes(log, "start"))


def test_nothing_outlives_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with supervised(log) as process:
        until(lambda: len(notes(log, "start")) == 1)
        process.kill()
        process.wait()
        until(lambda: gone(notes(log, "start")[0]))


def test_what_dies_at_once_is_not_started_in_a_rush(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with supervised(log, "sh", "-c", f"echo start $$ >> {log}") as process:
        until(lambda: len(notes(log, "start")) == 2)
        assert process.stdout is not None
        assert process.stdout.readline() == "The child process ended with 0; it is started again.\n"
        # The second death is followed by a pause, in which a signal to stop is still heard.
        process.terminate()
        process.communicate(timeout=SECONDS)
    assert len(notes(log, "start")) <= 3
