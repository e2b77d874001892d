"""Warnings that say the same of many tickers are one sentence, in JSON and to agents; of ten they stay one by one."""

from api.http.warnings import merge_warnings
from tests.api.test_limits import TEN_YEARS_OF_50, Silent
from tests.support.client import Client


def test_more_than_ten_tickers_with_the_same_words_are_one_sentence() -> None:
    names = [f"A{number}" for number in range(10, 22)] + ["BRK.B"]
    said = [
        "simulated data: invented",
        *(f"{name}: no close: none" for name in names),
        "VOO: another",
        "interval=1w: x",
    ]
    assert merge_warnings([*said, "VOO: another"]) == [
        "simulated data: invented",
        "A10, A11, A12 and 10 others: no close: none",
        "VOO: another",
        "interval=1w: x",
    ]


def test_ten_tickers_are_named_one_by_one() -> None:
    said = [f"A{number}: no close" for number in range(10)]
    assert merge_warnings(said) == said


def test_an_answer_of_fifty_tickers_without_bars_has_few_warnings() -> None:
    client = Client.of(Silent(TEN_YEARS_OF_50))
    fifty = ",".join(TEN_YEARS_OF_50.tickers)
    for path in ("/prices", "/compare"):
        warnings = client.json(path, tickers=fifty, range="1m")["warnings"]
        assert 0 < len(warnings) < 8, warnings
        assert any(" and 47 others: " in warning or " and 46 others: " in warning for warning in warnings), warnings
