"""The bill equals calculations by hand, and the table in docs/deploying.md equals the bill."""

import pytest

from tools import costs, doc_blocks


@pytest.mark.parametrize(
    ("what", "least", "most"),
    [
        ("Glue jobs", 1.232, 3.696),  # 21 sessions × 4 jobs × 2 DPU × 1 to 3/60 h × $0.44
        ("Crawler", 0.6373, 0.9560),  # 4.345 weeks × 2 DPU × 10 to 15/60 h × $0.44
        ("API gateway", 0.035, 0.035),  # 10,000 at $3.50 a million
        ("Athena", 0.025, 0.025),  # 500 × 10 MB at $5 a TB
        ("Ingest", 0.0090, 0.0270),  # 30 × 3 × 30 to 90 s × 0.25 GB × $0.0000133334
        ("Forecasts", 0.0014, 0.0056),  # 21 × 5 to 20 s × 1 GB × $0.0000133334
        ("S3 requests", 0.108, 0.108),  # 30 × (400 at $5 and 4,000 at $0.40 a million)
        ("Alarms", 0.0, 0.0),  # seven
    ],
)
def test_a_line_equals_its_calculation_by_hand(what: str, least: float, most: float) -> None:
    (line,) = [one for one in costs.bill() if one.what == what]
    assert (line.least, line.most) == pytest.approx((least, most), abs=5e-5)


def test_it_is_a_few_dollars() -> None:
    """Most of it is Glue's minute that is billed at least, for four jobs a night."""
    least, most = (sum(getattr(line, end) for line in costs.bill()) for end in ("least", "most"))
    assert 1.5 < least < 2.5 < most < 6


def test_the_docs_show_the_bill() -> None:
    assert doc_blocks.written("costs") == costs.table(), "docs/deploying.md is behind: python -m tools.costs"
