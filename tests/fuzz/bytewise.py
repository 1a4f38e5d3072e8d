"""Byte-level mutants, led by the code they reach: `python -m fuzz.bytewise TARGET [OPTION…] [FOLDER…]`.

Options and folders are libFuzzer's: `-runs=1000000 -seed=1 build/fuzz/verify`. The first folder takes what
reaches code that nothing reached before. The targets stand in targets.py.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["openballot"]):
    from fuzz.limits import MOST_BYTES, limited_time
    from fuzz.targets import TARGETS, beginnings

    # Some modules are loaded when an election needs them: now, so that what they reach leads too.
    for right in beginnings("verify").values():
        TARGETS["verify"](right)

# By the clock, for what never comes back; `limited_time` counts what this process uses itself.
CLOCK_SECONDS = 600
MOST_OF_A_MUTANT = 60_000


def run(target: str, options: list[str], folders: list[str]) -> None:
    first = Path(folders[0])
    first.mkdir(parents=True, exist_ok=True)
    for name, data in beginnings(target).items():
        (first / name).write_bytes(data)

    def one(data: bytes) -> None:
        with limited_time():
            TARGETS[target](data)

    limits = [
        f"-rss_limit_mb={MOST_BYTES >> 20}",
        f"-timeout={CLOCK_SECONDS}",
        f"-max_len={MOST_OF_A_MUTANT}",
        f"-artifact_prefix={first}-failed-",
        f"-dict={Path(__file__).with_name('words.dict')}",
    ]
    atheris.Setup([sys.argv[0], *limits, *options, *folders], one)
    atheris.Fuzz()


if __name__ == "__main__":
    wanted, *rest = sys.argv[1:]
    named = [word for word in rest if not word.startswith("-")]
    run(wanted, [word for word in rest if word.startswith("-")], named or [f"build/fuzz/{wanted}"])
