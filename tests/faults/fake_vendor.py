"""A vendor in memory that fails at the n-th request, and a run against it."""

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import requests
from pydantic import SecretStr
from requests.adapters import BaseAdapter

from ingest.alpha_vantage.client import Client
from ingest.delivery.storage import Delivery, StorageDelivery
from ingest.plan.requests import Plan, PlannedRequest
from ingest.report import RunReport
from ingest.run import PlanExecutor
from lake import layout
from lake.calendar import sessions_back
from lake.storage import Storage
from tests.ingest.fakes import (
    FRIDAY,
    FRIDAY_EVENING,
    KEY,
    daily_payload,
    dividends_payload,
    row,
    session_of,
    splits_payload,
)

Answer = tuple[int, bytes] | Exception
DAYS = [day.isoformat() for day in sessions_back(FRIDAY, 8)]
TICKERS = ("VOO", "NVDA")
REQUESTS = tuple(
    PlannedRequest(function, ticker, "a test", "compact" if function == "TIME_SERIES_DAILY" else None)
    for ticker in TICKERS
    for function in ("TIME_SERIES_DAILY", "SPLITS", "DIVIDENDS")
)
KINDS = {"TIME_SERIES_DAILY": "prices", "SPLITS": "splits", "DIVIDENDS": "dividends"}
GOOD: Mapping[str, Callable[[str], Mapping[str, object]]] = {
    "TIME_SERIES_DAILY": lambda ticker: daily_payload(ticker, {day: row(10) for day in DAYS}),
    "SPLITS": lambda ticker: splits_payload(ticker, ("2024-06-10", "10.0000")),
    "DIVIDENDS": lambda ticker: dividends_payload(ticker, ("2026-09-11", "0.0100")),
}
RUN = "20261121T010000Z"


def good_body(request: PlannedRequest) -> bytes:
    """What the vendor answers when nothing is wrong."""
    return json.dumps(GOOD[request.function](request.ticker)).encode()


class FakeVendor(BaseAdapter):
    """Answers every planned request, one of them with faults: the given answers in turn, the last one for ever."""

    def __init__(self, at: int | None = None, *answers: Answer) -> None:
        super().__init__()
        self._bad = str(REQUESTS[at]) if at is not None else ""
        self._answers = list(answers)
        self.requested: list[str] = []

    def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
        query = dict(part.split("=") for part in (request.url or "").partition("?")[2].split("&"))
        name = f"{query['function']} of {query['symbol']}"
        self.requested.append(name)
        if name == self._bad:
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        else:
            answer = (200, json.dumps(GOOD[query["function"]](query["symbol"])).encode())
        if isinstance(answer, Exception):
            raise answer
        response = requests.Response()
        response.status_code, response._content = answer
        response.headers["Location"] = "https://elsewhere.example/"
        response.url, response.request = request.url or "", request
        return response

    def close(self) -> None:
        """Nothing is open."""


def run_against(vendor: FakeVendor, storage: Storage, delivery: Delivery | None = None) -> RunReport:
    """Run all the requests against the vendor, and deliver into the lake unless `delivery` is given."""
    kept = delivery or StorageDelivery(storage, RUN, date(2026, 11, 21))
    with Client("https://vendor.example", SecretStr(KEY), None, session_of(vendor), sleep=lambda _: None) as client:
        executor = PlanExecutor(
            run=RUN,
            source="alpha_vantage",
            now=FRIDAY_EVENING,
            client=client,
            delivery=kept,
            record_news=lambda news: None,
            clock=lambda: FRIDAY_EVENING,
        )
        return executor.execute(Plan(REQUESTS), lambda *_: None)


def raw_records(storage: Storage) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The records below raw/, by kind and ticker; every line must be a whole record."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for key in storage.list(layout.RAW):
        data = storage.read(key)
        # Objects that go to S3 directly are compressed, as Firehose's are; those of a folder are not.
        for line in (gzip.decompress(data) if key.endswith(".gz") else data).splitlines():
            record = json.loads(line)
            found.setdefault((layout.raw_kind_of(key), record["ticker"]), []).append(record)
    return found


def check_delivered(storage: Storage, lacking: Sequence[PlannedRequest] = ()) -> None:
    """Every request's records are in the lake, except those of `lacking`."""
    wanted = {(KINDS[one.function], one.ticker) for one in REQUESTS if one not in lacking}
    found = raw_records(storage)
    assert found.keys() == wanted
    for (kind, ticker), records in found.items():
        days = {record.get("date") for record in records}
        assert kind != "prices" or days == set(DAYS), f"{ticker} has but {sorted(map(str, days))}"
