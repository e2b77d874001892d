"""A lake in which one run is published and a second one is staged, all but published; no Spark is needed for it."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from glue.arguments import Arguments
from glue.jobs import publish
from lake.storage import FolderStorage
from tests.faults.published import FIRST_RUN, NEW, OLD, SECOND_RUN
from tests.glue.staged import stage

FIRST_PUBLISHED = datetime(2026, 1, 20, 1, 30, tzinfo=UTC)


@pytest.fixture
def staged(tmp_path: Path) -> Callable[[str], Path]:
    """Such a lake, in a folder of that name."""

    def make(name: str) -> Path:
        storage = FolderStorage(tmp_path / name)
        stage(storage, FIRST_RUN, OLD)
        publish.run(Arguments(storage, FIRST_RUN), lambda: FIRST_PUBLISHED)
        stage(storage, SECOND_RUN, NEW)
        return tmp_path / name

    return make
