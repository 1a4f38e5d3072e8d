"""The kernels of fast verification, compiled once and kept between runs of the tests."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from openballot.fast import loading
from openballot.fast.loading import kinds_that_run_here


@pytest.fixture(scope="session")
def compiled(pytestconfig: pytest.Config) -> Iterator[Path]:
    """The folder where the kernels stand ready; whatever uses kernels meanwhile uses these."""
    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir("openballot")
    set_up = loading.folder()
    # Of several processes that run tests, one compiles and the others wait.
    with pytest.MonkeyPatch.context() as patch, (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        patch.setenv("OPENBALLOT_CACHE", str(folder))
        if set_up.exists():
            shutil.copytree(set_up, loading.folder(), dirs_exist_ok=True)
        subprocess.run([sys.executable, "-m", "openballot", "compile"], check=True, env=os.environ)
        fcntl.flock(lock, fcntl.LOCK_UN)
        yield folder


@pytest.fixture(params=kinds_that_run_here())
def kind(request: pytest.FixtureRequest, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each kind of kernel that this machine can run, and no other is used meanwhile."""
    monkeypatch.setenv("OPENBALLOT_KERNEL", request.param)
    return str(request.param)
