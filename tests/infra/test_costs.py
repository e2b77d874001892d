"""The bill equals calculations by hand, and the table in docs/deploying.md equals the bill."""

import pytest

from tools import costs, doc_blocks


@pytest.mark.parametrize(
    ("what", "dollars"),
    [
        ("Glue jobs", 1.232),  # 21 sessions × 4 jobs × 2 DPU × 1/60 h × $0.44
        ("Crawler", 3.08),  # 21 × 2 DPU × 1/6 h × $0.44
        ("API gateway", 0.035),  # 10,000 at $3.50 a million
        ("Athena", 0.025),  # 500 × 10 MB at $5 a TB
        ("Ingest", 0.0180),  # 30 × 3 × 60 s × 0.25 GB × $0.0000133334
        ("Alarms", 0.0),  # six
    ],
)
def test_a_line_equals_its_calculation_by_hand(what: str, dollars: float) -> None:
    (line,) = [one for one in costs.bill() if one.what == what]
    assert line.dollars == pytest.approx(dollars, abs=5e-5)


def test_it_is_a_few_dollars() -> None:
    assert 1 < sum(line.dollars for line in costs.bill()) < 10


def test_the_docs_show_the_bill() -> None:
    assert doc_blocks.written("costs") == costs.table(), "docs/deploying.md is behind: python -m tools.costs"
