"""`make bench`: makes a big firm on each database, measures, prints. About ten minutes and 2 GB of disk.

`make bench BASE=COMMIT` measures an earlier commit too, each section in turn, and prints both and their
ratio: only figures of one run can be compared. Options: `--engagements N` for a smaller firm, `--only
sqlite|postgresql`, `--sections WORD…`, `--levels four` for grants of all levels instead of Editor alone.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import CalledProcessError

import msgspec
from rich.console import Console

from tests.support.postgres import PostgresServer

from .bigfirm import Size
from .builds import HERE, Build, builds
from .measure import Figure, conditions, show, show_beside

SECTIONS = {
    "bench_state": "State",
    "bench_names": "Names",
    "bench_changes": "Changes",
    "bench_previews": "Previews",
    "bench_past": "Past",
    "bench_lists": "Lists",
    "bench_serving": "Serving",
    "bench_decide": "Decisions",
    "bench_first_pages": "First pages of long lists",
    "bench_feed": "Change feed",
    "bench_scim": "Provisioning",
    "bench_directory": "Directory sync",
    "bench_importing": "Importing beside others",
    "bench_pages": "Pages",
    "bench_digest": "Digest",
    "bench_pictures": "Pictures",
    "bench_wizard": "Permissions wizard",
    "bench_reviews": "Access reviews",
    "bench_policies": "Policies",
    "bench_pack": "Auditor's pack",
}
"""Each runs in a process of its own."""


def main() -> None:
    options = _options()
    scale = options.engagements / Size().engagements
    size = Size(
        engagements=options.engagements,
        members=max(int(Size().members * scale), 20),
        groups=max(int(Size().groups * scale), 10),
        targets=int(Size().targets * scale),
        four_levels=options.levels == "four",
    )
    console = Console(width=140)
    console.print(conditions())
    console.print(
        f"A firm of {size.engagements:,} engagements, {size.members:,} members,"
        f" {size.groups} groups, {size.targets:,} grant targets, scattered;"
        f" {'all levels' if size.four_levels else 'Editor alone'}. Files are in the machine's cache."
    )
    wanted = {
        module: title
        for module, title in SECTIONS.items()
        if not options.sections or any(word.lower() in title.lower() for word in options.sections)
    }
    with builds(options.base) as measured:
        engines = [each for each in ("sqlite", "postgresql") if options.only in (None, each)]
        done = [_measure(console, engine, measured, size, wanted) for engine in engines]
    raise SystemExit(not all(done))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--engagements", type=int, default=Size().engagements)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--levels", choices=("one", "four"), default="one")
    parser.add_argument("--base", metavar="COMMIT")
    parser.add_argument("--sections", metavar="WORD", nargs="*", default=())
    return parser.parse_args()


def _measure(
    console: Console, engine: str, measured: Sequence[Build], size: Size, sections: dict[str, str]
) -> bool:
    """Whether each section was measured here: one that fails is named, and the others go on.

    A commit that lacks what a section measures has no column there.
    """
    all_measured = True
    with ExitStack() as stack:
        urls = [stack.enter_context(_database(engine)) for _ in measured]
        for build, url in zip(measured, urls, strict=True):
            made = build.run("making", url, msgspec.json.encode(size).decode(), database=url)
            clients, taken = msgspec.json.decode(made, type=tuple[int, float])
            console.print(f"{engine}, {build.name}: {clients:,} clients written in {taken:.0f} s")
        for module, title in sections.items():
            heading = f"{title}, {engine}"
            found = dict[str, list[Figure]]()
            for build, url in zip(measured, urls, strict=True):
                try:
                    ran = build.run(module, url, database=url)
                except CalledProcessError as failure:
                    console.print(f"[bold]{heading}, {build.name}: not measured.[/bold] {failure}")
                    continue
                found[build.name] = msgspec.json.decode(ran, type=list[Figure])
            match list(found.items()):
                case [(base, before), (_, now)]:
                    show_beside(console, heading, base, before, now)
                case [(HERE.name, now)]:
                    show(console, heading, now)
            all_measured &= HERE.name in found
    return all_measured


@contextmanager
def _database(engine: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="ringfence-bench-") as folder:
        os.environ["RINGFENCE_DATA"] = folder
        if engine == "sqlite":
            file = Path(folder) / "bench.sqlite3"
            file.touch()
            yield f"sqlite:///{file}"
        else:
            with PostgresServer(fsync=True) as server:
                yield server.create_database("bench")


if __name__ == "__main__":
    main()
