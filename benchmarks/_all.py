"""Run every benchmark, one after the other, and list the goals at the end: what `make bench` does."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _goals import LIST, Goal, table

HERE = Path(__file__).parent
# Those that show goals come first.
FIRST = ["verify_against_belenios", "counting", "streaming", "cast_over_http", "tap_to_receipt"]


def main() -> None:
    others = sorted(path.stem for path in HERE.glob("[a-z]*.py") if path.stem not in FIRST)
    with tempfile.TemporaryDirectory() as folder:
        collected = Path(folder) / "goals"
        collected.touch()
        for name in [*FIRST, *others]:
            began = time.perf_counter()
            print(f"== {name}", flush=True)
            environment = os.environ | {LIST: str(collected)}
            subprocess.run([sys.executable, str(HERE / f"{name}.py")], check=True, env=environment)
            print(f"   ({time.perf_counter() - began:.0f} s)", flush=True)
        goals = [Goal(*json.loads(line)) for line in collected.read_text(encoding="utf-8").splitlines()]
    print(f"\n{table(goals)}")


if __name__ == "__main__":
    main()
