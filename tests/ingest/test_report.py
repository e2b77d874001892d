"""The report of a run in words: of a whole index too it stays readable."""

from collections.abc import Sequence

from ingest.alpha_vantage.parse import RefusedRow
from ingest.report import FailedRequest, RunReport

TICKERS = [f"T{n:03}" for n in range(503)]
AGAIN = "what failed is requested again by the next run"


def lines_of(failures: Sequence[FailedRequest] = (), refused: Sequence[RefusedRow] = ()) -> list[str]:
    report = RunReport("20261128T000000Z", {}, 0, refused=tuple(refused), failures=tuple(failures))
    return list(report.lines())[1:]


def failed(ticker: str, reason: str, function: str = "SPLITS") -> FailedRequest:
    return FailedRequest(ticker, f"{function} of {ticker}", reason)


def test_a_few_failures_have_a_line_each_and_what_happens_next() -> None:
    failures = [failed("VOO", "empty answer"), FailedRequest("", "the last answers", "the disk is full")]
    assert lines_of(failures) == [
        "failed: SPLITS of VOO: empty answer",
        "failed: the last answers: the disk is full",
        AGAIN,
    ]
    assert lines_of() == []


def test_the_failures_of_an_index_are_grouped_by_reason() -> None:
    down = [failed(ticker, "HTTP 503", function) for ticker in TICKERS for function in ("SPLITS", "DIVIDENDS")]
    said = lines_of([*down, failed("VOO", "empty answer"), FailedRequest("", "the last answers", "the disk is full")])
    names = f"{', '.join(TICKERS[:30])} and 473 more"
    assert said == [
        f"failed: SPLITS of {names}; DIVIDENDS of {names}: HTTP 503",
        "failed: SPLITS of VOO: empty answer",
        "failed: the last answers: the disk is full",
        AGAIN,
    ]


def test_reasons_without_end_are_counted() -> None:
    said = lines_of([failed(ticker, f"the split of {ticker} cannot be read") for ticker in TICKERS])
    assert len(said) == 32
    assert said[-2:] == ["failed: 473 more, for other reasons", AGAIN]


def test_the_refused_rows_of_an_index_are_counted_beyond_the_first() -> None:
    said = lines_of(refused=[RefusedRow(ticker, "2026-11-27", "low 0") for ticker in TICKERS for _ in range(2)])
    assert len(said) == 31
    assert said[0] == "refused bar of T000 2026-11-27: low 0"
    assert said[-1] == f"refused 976 more of {', '.join(TICKERS[15:45])} and 458 more"
