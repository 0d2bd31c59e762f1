"""Writes `src/ringfence/api/answers.json`, what to show of each operation: ``python -m tools.api_answers``.

Its answers are those that the tests of the API were given, so none is made up. `python -m tools.openapi` puts
them into the description afterwards.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from ringfence.api.examples import ANSWERS, says_more

ROOT = Path(__file__).parents[1]
LONGEST = 1_500
"""Characters of an answer to show, where there is a shorter one or none."""
LEFT_OUT = ("--ignore=tests/api/test_fuzzed.py", "--ignore=tests/api/test_description.py")
"""What says nothing of answers, or looks at the description that is to be written."""
HEARD = "RINGFENCE_TEST_API_ANSWERS"
"""Names the file into which `tests.api.caller` puts what it is answered, a line each."""


def main() -> None:
    """Run the tests, and keep of each operation the shortest answer that has something in it."""
    described = json.loads((ROOT / "src/ringfence/api/openapi.json").read_text(encoding="utf-8"))
    operations = [each for each in _operations(described) if not each.is_plain]
    with tempfile.TemporaryDirectory() as folder:
        heard = Path(folder) / "heard"
        tests = [sys.executable, "-m", "pytest", "-q", "-n0", "tests/api", *LEFT_OUT]
        subprocess.run(tests, cwd=ROOT, env={**os.environ, HEARD: str(heard)}, check=True)
        best: dict[str, Any] = {}
        for line in heard.read_text(encoding="utf-8").splitlines():
            method, path, body = json.loads(line)
            for each in operations:
                if each.method == method and each.path.fullmatch(path):
                    best[each.id] = min(best.get(each.id, body), body, key=_worth)
    shown = {each.id: best[each.id] for each in operations if each.id in best}
    ANSWERS.write_text(json.dumps(shown, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    lacking = [each.id for each in operations if each.id not in best]
    sys.stdout.write(f"Nothing to show of: {', '.join(lacking) or '-'}\n")


class _Operation(NamedTuple):
    id: str
    method: str
    path: re.Pattern[str]
    is_plain: bool
    """Whether it answers that it is done and no more, of which the shape has an example."""


def _operations(described: Any) -> Iterator[_Operation]:
    for path, methods in described["paths"].items():
        address = re.compile(re.sub(r"\\\{.*?\\\}", "[0-9a-f-]+", re.escape(path.removeprefix("/api/v1"))))
        for method, operation in methods.items():
            yield _Operation(operation["operationId"], method.upper(), address, not says_more(operation))


def _worth(body: Any) -> tuple[bool, bool, int, int]:
    """The least is the best."""
    text = json.dumps(body)
    return len(text) > LONGEST, body.get("items") == [], _empty(body), len(text)


def _empty(body: Any) -> int:
    """How many lists and objects in it have nothing, and fields are null."""
    if body is None or body in ([], {}):
        return 1
    if isinstance(body, dict):
        return sum(map(_empty, body.values()))
    return sum(map(_empty, body)) if isinstance(body, list) else 0


if __name__ == "__main__":
    main()
