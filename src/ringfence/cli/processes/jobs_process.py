"""The jobs process of `ringfence serve`: background work beside the pages."""

import signal
import sys

from ringfence.cli.setup import set_up
from ringfence.telemetry import begin

from .supervisor import end_with_parent, say_ready


def main() -> None:
    """``python -m ringfence.cli.processes.jobs_process READY``: a descriptor."""
    ready = int(sys.argv[1])
    end_with_parent()
    begin("jobs")
    set_up()
    from ringfence.jobs.process import JobsProcess

    process = JobsProcess()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: process.stop())
    process.run(lambda: say_ready(ready))


if __name__ == "__main__":
    main()
