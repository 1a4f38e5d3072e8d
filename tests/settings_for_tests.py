"""Openfloor's own settings over a fresh data folder, made before they load: no test touches a real one."""

import atexit
import os
import shutil
import tempfile

data = tempfile.mkdtemp(prefix="openfloor-tests-")
atexit.register(shutil.rmtree, data, ignore_errors=True)
os.environ["OPENFLOOR_DATA"] = data
for name in ("OPENFLOOR_URL", "OPENFLOOR_DEMONSTRATION", "OPENFLOOR_BOARD_SECONDS"):
    os.environ.pop(name, None)

from openfloor.settings import *  # noqa: E402, F403
from openfloor.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

STATIC_ROOT.mkdir()
DATABASES["default"]["TEST"] = {"NAME": os.path.join(data, "tests.sqlite3")}
# Static files by their plain names: the manifest is made by collectstatic, which `openfloor serve` runs.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
