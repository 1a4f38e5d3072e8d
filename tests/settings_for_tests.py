"""Openfloor's own settings over a fresh data folder, made before they load: no test touches a real one.

OPENFLOOR_TEST_DATABASE=postgresql runs the same tests on a PostgreSQL that is started here, once for all
processes of the tests.
"""

import atexit
import os
import shutil
import tempfile

from factories.postgres import Postgres

data = tempfile.mkdtemp(prefix="openfloor-tests-")
atexit.register(shutil.rmtree, data, ignore_errors=True)
os.environ["OPENFLOOR_DATA"] = data
for name in ("OPENFLOOR_URL", "OPENFLOOR_DEMONSTRATION", "OPENFLOOR_BOARD_SECONDS", "OPENFLOOR_SECRETS"):
    os.environ.pop(name, None)
if os.environ.get("OPENFLOOR_TEST_DATABASE") == "postgresql":
    postgres = Postgres()
    atexit.register(postgres.stop)
    os.environ["OPENFLOOR_TEST_DATABASE"] = postgres.url("postgres")
os.environ["OPENFLOOR_DATABASE"] = os.environ.get("OPENFLOOR_TEST_DATABASE", "")

from openfloor.settings import *  # noqa: E402, F403
from openfloor.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

STATIC_ROOT.mkdir()
if not os.environ["OPENFLOOR_DATABASE"]:
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(data, "tests.sqlite3")}
# Static files by their plain names: the manifest is made by collectstatic, which `openfloor serve` runs.
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
