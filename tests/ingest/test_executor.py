import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest
from pydantic import SecretStr

from ingest.alpha_vantage.client import Client
from ingest.alpha_vantage.parse import OVERLAP_SESSIONS, ParsedBars, Provenance, RefusedRow, daily
from ingest.delivery.storage import Delivery
from ingest.errors import DeliveryError
from ingest.plan.requests import Plan, PlannedRequest, SessionRange
from ingest.report import RunReport
from ingest.run import MAX_OUTAGES, PlanExecutor, bars_to_deliver, split_like_session
from lake.calendar import sessions_back
from lake.errors import LakeError
from lake.layout import RawKind
from tests.ingest.fakes import (
    FRIDAY,
    FRIDAY_EVENING,
    KEY,
    Answers,
    MemoryDelivery,
    article,
    daily_payload,
    dividends_payload,
    news_payload,
    row,
    session_of,
    splits_payload,
)

DAYS = sessions_back(FRIDAY, 20)
ROWS = {day.isoformat(): row() for day in DAYS}
PLAN = Plan(
    (
        PlannedRequest("TIME_SERIES_DAILY", "VOO", "test", "compact"),
        PlannedRequest("SPLITS", "VOO", "test"),
        PlannedRequest("DIVIDENDS", "VOO", "test"),
    ),
    (PlannedRequest("DIVIDENDS", "QQQ", "test"),),
)
GOOD = [daily_payload("VOO", ROWS), splits_payload("VOO"), dividends_payload("VOO")]
LIMIT = {"Information": f"your API key as {KEY}: 25 requests per day"}


def executor_of(client: Client, delivery: Delivery, covered: dict[str, SessionRange] | None = None) -> PlanExecutor:
    """A executor that records the covered news in `covered`."""
    recorded: dict[str, SessionRange] = {} if covered is None else covered
    return PlanExecutor(
        "run", "alpha_vantage", FRIDAY_EVENING, client, delivery, recorded.update, lambda: FRIDAY_EVENING
    )


def execute(
    *payloads: object, plan: Plan = PLAN, kept: MemoryDelivery | None = None
) -> tuple[RunReport, MemoryDelivery]:
    delivery = kept or MemoryDelivery()
    adapter = Answers(*((200, json.dumps(payload).encode()) for payload in payloads))
    with Client("https://vendor.example", SecretStr(KEY), None, session_of(adapter), sleep=lambda _: None) as client:
        executor = executor_of(client, delivery)
        return executor.execute(plan, lambda *_: None), delivery


def test_every_request_is_delivered() -> None:
    report, kept = execute(*GOOD)
    assert report.delivered == {"prices": 20, "splits": 1, "dividends": 1}
    assert {key: len(lines) for key, lines in kept.lines.items()} == {
        ("prices", "VOO"): 20,
        ("splits", "VOO"): 1,
        ("dividends", "VOO"): 1,
    }
    assert (report.ok, report.requests, report.failures) == (True, 3, ())
    assert report.deferred == ("DIVIDENDS of QQQ",)


@pytest.mark.parametrize("bad", [{}, {"Error Message": "Invalid API call"}, splits_payload("VOO", ("x", "2"))])
def test_one_failure_does_not_stop_the_others(bad: object) -> None:
    report, _ = execute(GOOD[0], bad, GOOD[2])
    assert report.delivered == {"prices": 20, "dividends": 1}
    assert not report.ok
    assert [failure.request for failure in report.failures] == ["SPLITS of VOO"]


@pytest.mark.parametrize(
    ("final", "ok"), [(LIMIT, True), ({"Error Message": "the parameter apikey is invalid or missing"}, False)]
)
def test_a_final_refusal_ends_the_run_and_defers_the_rest(final: object, ok: bool) -> None:
    """A spent day is not a failure, but a refused key is one."""
    report, _ = execute(GOOD[0], final)
    assert (report.ok, report.requests) == (ok, 2)
    assert report.deferred == ("SPLITS of VOO", "DIVIDENDS of VOO", "DIVIDENDS of QQQ")
    assert KEY not in json.dumps(report.to_dict())


def test_a_vendor_that_is_down_does_not_cost_the_whole_day() -> None:
    """Three requests in a row without an answer end the run; a failure of another kind in between does not count."""
    requests = tuple(PlannedRequest("SPLITS", ticker, "test") for ticker in ("VOO", "QQQ", "SCHG", "AAPL", "MSFT"))

    def end(*answers: tuple[int, bytes]) -> RunReport:
        with Client("https://v.example", SecretStr(KEY), None, session_of(Answers(*answers)), lambda _: None) as client:
            return executor_of(client, MemoryDelivery()).execute(Plan(requests), lambda *_: None)

    down = end((503, b""))
    assert (len(down.failures), down.requests) == (MAX_OUTAGES, 9)
    assert down.deferred == ("SPLITS of AAPL", "SPLITS of MSFT")
    said = "deferred to a later run, because the vendor has not answered 3 requests in a row: SPLITS of AAPL, MSFT"
    assert said in list(down.lines())
    out, empty = (503, b""), (200, b"{}")
    shaky = end(*[out] * 3, *[out] * 3, empty, *[out] * 3, empty)
    assert (len(shaky.failures), shaky.deferred) == (5, ())


def test_what_is_deferred_is_grouped_and_has_its_reason() -> None:
    report, _ = execute(GOOD[0], LIMIT)
    assert list(report.lines())[-1] == (
        "deferred to a later run, because the day's requests are spent (a new day begins at midnight in New York): "
        "SPLITS of VOO; DIVIDENDS of VOO, QQQ"
    )


def test_a_delivery_that_fails_is_a_failure_of_its_request() -> None:
    class Broken(MemoryDelivery):
        def deliver(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> None:
            if kind == "prices":
                raise DeliveryError("the disk is full")
            super().deliver(kind, ticker, lines)

    report, _ = execute(*GOOD, kept=Broken())
    assert report.delivered == {"splits": 1, "dividends": 1}
    assert [str(failure) for failure in report.failures] == ["TIME_SERIES_DAILY of VOO: the disk is full"]


def test_refused_bars_are_reported_and_the_rest_delivered() -> None:
    broken = {**ROWS, FRIDAY.isoformat(): {**row(), "2. high": "0.1"}}
    report, _ = execute(daily_payload("VOO", broken), *GOOD[1:])
    assert report.delivered["prices"] == 19
    assert [(bar.ticker, bar.at) for bar in report.refused] == [("VOO", FRIDAY.isoformat())]
    assert any("refused bar of VOO 2026-11-20" in line for line in report.lines())


def test_an_answer_without_records_delivers_nothing() -> None:
    future = {"2026-11-27": row()}
    _, kept = execute(daily_payload("VOO", future), *GOOD[1:])
    assert ("prices", "VOO") not in kept.lines


def parsed() -> ParsedBars:
    return daily(daily_payload("VOO", ROWS), "VOO", Provenance("simulated", FRIDAY_EVENING), FRIDAY_EVENING)


def dates(bars: ParsedBars) -> list[date]:
    return [bar.date for bar in bars.good]


def test_the_wanted_sessions_and_an_overlap_are_delivered() -> None:
    assert dates(bars_to_deliver(parsed(), None)) == list(DAYS)
    assert dates(bars_to_deliver(parsed(), frozenset({DAYS[3]}))) == [DAYS[3], *DAYS[-OVERLAP_SESSIONS:]]
    assert OVERLAP_SESSIONS == 5


def test_refused_bars_outside_the_wanted_sessions_are_not_reported() -> None:
    old, new = (RefusedRow("VOO", day.isoformat(), "bad") for day in (date(2026, 1, 2), date(2026, 11, 21)))
    bars = ParsedBars(parsed().good, (old, new))
    assert bars_to_deliver(bars, frozenset({DAYS[3]})).refused == (new,)
    assert bars_to_deliver(bars, frozenset({date(2026, 1, 2)})).refused == (old, new)


def test_progress_counts_up_to_the_plan() -> None:
    seen: list[tuple[int, int, str]] = []
    adapter = Answers(*((200, json.dumps(payload).encode()) for payload in GOOD))
    with Client("https://vendor.example", SecretStr(KEY), None, session_of(adapter)) as client:
        executor = executor_of(client, MemoryDelivery())
        executor.execute(PLAN, lambda *step: seen.append(step))
    assert seen == [
        (0, 3, "TIME_SERIES_DAILY of VOO"),
        (1, 3, "SPLITS of VOO"),
        (2, 3, "DIVIDENDS of VOO"),
        (3, 3, "done"),
    ]


def bars_request(ticker: str) -> PlannedRequest:
    return PlannedRequest("TIME_SERIES_DAILY", ticker, "test", "compact", frozenset({FRIDAY}))


JUMPED = daily_payload("VOO", {**ROWS, FRIDAY.isoformat(): row(5.25)})  # opens at half the close before


def test_the_splits_of_a_new_bar_that_moves_like_one_are_requested_at_once() -> None:
    plan = Plan((bars_request("VOO"), PlannedRequest("DIVIDENDS", "VOO", "test"), PlannedRequest("SPLITS", "VOO", "")))
    seen: list[str] = []
    adapter = Answers(*((200, json.dumps(payload).encode()) for payload in (JUMPED, *GOOD[1:])))
    with Client("https://vendor.example", SecretStr(KEY), None, session_of(adapter)) as client:
        report = executor_of(client, MemoryDelivery()).execute(plan, lambda *step: seen.append(step[2]))
    assert seen == ["TIME_SERIES_DAILY of VOO", "SPLITS of VOO", "DIVIDENDS of VOO", "done"]
    assert (report.requests, report.deferred) == (3, ())


@pytest.mark.parametrize(
    ("price", "wanted", "jumps"),
    [
        (5.25, FRIDAY, True),  # 2 for 1
        (21.0, FRIDAY, True),  # 1 for 2
        (7.5, FRIDAY, False),
        (5.25, DAYS[-2], False),  # the bar before is what was wanted
    ],
)
def test_only_a_wanted_bar_near_a_split_ratio_is_split_like(price: float, wanted: date, jumps: bool) -> None:
    bars = daily(
        daily_payload("VOO", {**ROWS, FRIDAY.isoformat(): row(price)}),
        "VOO",
        Provenance("simulated", FRIDAY_EVENING),
        FRIDAY_EVENING,
    )
    assert (split_like_session(bars, frozenset({wanted})) == FRIDAY) is jumps


def bars_read(payload: dict[str, object], wanted: date) -> ParsedBars:
    return daily(payload, "VOO", Provenance("simulated", FRIDAY_EVENING), FRIDAY_EVENING, frozenset({wanted}))


def test_of_an_answer_only_what_is_delivered_and_the_bar_before_a_wanted_one_is_read() -> None:
    assert dates(bars_read(daily_payload("VOO", ROWS), FRIDAY)) == list(DAYS[-6:])
    assert dates(bars_read(daily_payload("VOO", ROWS), DAYS[3])) == [*DAYS[2:4], *DAYS[-5:]]


def test_a_split_is_seen_although_all_bars_of_the_overlap_are_refused() -> None:
    broken = {day.isoformat(): row(-1) for day in DAYS[-6:-1]}
    bars = bars_read(daily_payload("VOO", {**ROWS, **broken, FRIDAY.isoformat(): row(5.25)}), FRIDAY)
    assert dates(bars) == [DAYS[-7], FRIDAY]
    assert split_like_session(bars, frozenset({FRIDAY})) == FRIDAY
    delivered = bars_to_deliver(bars, frozenset({FRIDAY}))
    assert dates(delivered) == [FRIDAY]
    assert [one.at for one in delivered.refused] == list(broken)


NEWS = Plan((PlannedRequest("NEWS_SENTIMENT", "AAPL", "test", wanted=frozenset(DAYS[-3:]), order="LATEST"),))


@pytest.mark.parametrize("payload", [news_payload(), {"Information": "No articles found. Please adjust the range."}])
def test_news_without_articles_is_recorded_as_covered(payload: object) -> None:
    covered: dict[str, SessionRange] = {}
    kept = MemoryDelivery()
    adapter = Answers((200, json.dumps(payload).encode()))
    with Client("https://vendor.example", SecretStr(KEY), None, session_of(adapter)) as client:
        report = executor_of(client, kept, covered).execute(NEWS, lambda *_: None)
    assert (report.ok, kept.lines, covered) == (True, {}, {"AAPL": SessionRange(DAYS[-3], FRIDAY)})


def test_news_is_delivered_as_sentiment_of_the_requested_sessions() -> None:
    kept = MemoryDelivery()
    adapter = Answers((200, json.dumps(news_payload(article("20261119T150000", AAPL=(0.5, 0.2)))).encode()))
    with Client("https://vendor.example", SecretStr(KEY), None, session_of(adapter)) as client:
        executor_of(client, kept).execute(NEWS, lambda *_: None)
    (line,) = kept.lines["sentiment", "AAPL"]
    assert (json.loads(line)["date"], json.loads(line)["score"]) == ("2026-11-19", 0.2)
    assert "tickers=AAPL&time_from=20261117T2100&time_to=20261120T2100&sort=LATEST&limit=1000" in adapter.urls[0]


def test_a_lake_that_cannot_keep_state_fails_only_the_current_request() -> None:
    def forgetful(_news: Mapping[str, SessionRange]) -> None:
        raise LakeError("state/news.json: other runs wrote it first")

    class Uncounted:
        def __init__(self) -> None:
            self.calls = 0

        def reserve(self) -> bool:
            self.calls += 1
            if self.calls == 1:
                raise LakeError("S3 refuses state/spend")
            return True

        def exhaust(self) -> None:
            raise AssertionError

    wanted = frozenset(DAYS[-2:])
    plan = Plan((*PLAN.requests[1:], PlannedRequest("NEWS_SENTIMENT", "NVDA", "test", wanted=wanted, order="LATEST")))
    answers = Answers(*((200, json.dumps(payload).encode()) for payload in (dividends_payload("VOO"), news_payload())))
    kept = MemoryDelivery()
    session = session_of(answers)
    with Client("https://vendor.example", SecretStr(KEY), None, session, budget=Uncounted()) as client:
        executor = replace(executor_of(client, kept), record_news=forgetful)
        report = executor.execute(plan, lambda *_: None)
    assert [str(failure) for failure in report.failures] == [
        "SPLITS of VOO: S3 refuses state/spend",
        "NEWS_SENTIMENT of NVDA: state/news.json: other runs wrote it first",
    ]
    assert report.delivered == {"dividends": 1}
