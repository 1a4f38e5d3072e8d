"""The kernels of fast verification, compiled once and kept between runs of the tests."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from openballot.fast.loading import kinds_that_run_here


@pytest.fixture(scope="session")
def compiled(pytestconfig: pytest.Config) -> Iterator[Path]:
    """The folder where the kernels stand ready; whatever uses kernels meanwhile uses these."""
    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir("openballot")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENBALLOT_CACHE", str(folder))
        subprocess.run([sys.executable, "-m", "openballot", "compile"], check=True, env=os.environ)
        yield folder


@pytest.fixture(params=kinds_that_run_here())
def kind(request: pytest.FixtureRequest, compiled: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each kind of kernel that this machine can run, and no other is used meanwhile."""
    monkeypatch.setenv("OPENBALLOT_KERNEL", request.param)
    return str(request.param)
