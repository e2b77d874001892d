"""The table of faults is complete, and docs/operating.md has it."""

import pytest

from tests.faults.table import PART, THINGS, all_faults, as_table
from tools import doc_blocks

# What was asked of the suite: each outside thing, and a word of each fault.
ASKED = {
    "vendor": ("slow", "throttled", "malformed", "cut off", "wrong key"),
    "ingest": ("killed",),
    "Firehose": ("takes some", "throttled", "down"),
    "S3": ("error at the n-th call", "conditional write is lost"),
    "Spark": ("killed",),
    "Athena": ("slow beyond the deadline", "throttled", "a query that fails", "columns"),
    "disk": ("full",),
    "clock": ("jumps", "set back"),
    "two runs": ("both publish",),
}


@pytest.mark.parametrize("thing", THINGS)
def test_every_fault_that_was_asked_for_is_tried(thing: str) -> None:
    tried = " / ".join(one.fault for one in all_faults() if one.thing == thing)
    missing = [word for word in ASKED[thing] if word not in tried]
    assert not missing, f"no test breaks {thing} like this: {missing}"


def test_every_fault_has_its_own_line() -> None:
    faults = all_faults()
    assert len({(one.thing, one.fault) for one in faults}) == len(faults)
    assert all(len(one.happens) > 15 for one in faults)


def test_every_test_of_the_table_is_there() -> None:
    for one in all_faults():
        path, _, name = one.test.partition("::")
        text = (doc_blocks.DOCS.parent / path).read_text(encoding="utf-8")
        assert f"def {name.split('[')[0]}(" in text, f"{one.test} breaks {one.thing} in the table, and nowhere else"


def test_the_table_in_the_docs_is_current() -> None:
    assert doc_blocks.written(PART) == as_table(), "docs/operating.md is behind: python -m tests.faults"
