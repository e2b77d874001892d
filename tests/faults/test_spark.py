"""Spark is killed in the middle of a run: nothing it left behind is used, and the next run publishes everything."""

from collections.abc import Callable
from pathlib import Path

from glue.arguments import Arguments
from glue.jobs import publish
from lake import layout
from lake.storage import FolderStorage
from tests.faults.published import NOW, OLD, SECOND_RUN, served
from tests.faults.table import fault
from tests.glue.staged import stage

NEXT_RUN = "20260120T030000Z"


@fault(
    "Spark",
    "killed after any job, its tables half written",
    "the old snapshot is served; the next run stages everything anew and publishes it",
)
def test_killed_while_writing(staged: Callable[[str], Path]) -> None:
    files = len(list((staged("whole") / layout.staging(SECOND_RUN)).rglob("*.*")))
    for kept in range(files):
        root = staged(str(kept))
        for place, path in enumerate(sorted((root / layout.staging(SECOND_RUN)).rglob("*.*"))):
            if place == kept:
                path.write_bytes(path.read_bytes()[:1])
            elif place > kept:
                path.unlink()
        assert served(root) == OLD
        storage = FolderStorage(root)
        stage(storage, NEXT_RUN, b"next")
        publish.run(Arguments(storage, NEXT_RUN), lambda: NOW)
        assert served(root) == b"next"
    assert files > 5
