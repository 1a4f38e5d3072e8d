"""What every test of the application can ask for. The data folder is made in settings_for_tests.py."""

from pathlib import Path

import pytest
from django.conf import settings


@pytest.fixture
def data_folder() -> Path:
    """The folder that the tests' settings keep everything in."""
    folder: Path = settings.DATA
    return folder
