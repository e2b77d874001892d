"""The response cache: the bytes of a first answer, as long as its snapshot is served; one snapshot a request."""

import asyncio
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from api.app import create_app
from api.errors import StoreError, StoreUnavailableError
from api.http.response_cache import ResponseCache
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from api.store.protocol import TickerBars
from benchmarks.support.lakes import SNAPSHOT, History, publish, write_raw
from benchmarks.support.markets import SESSIONS, small_market, walk
from lake import layout
from tests.support.client import EVENING, Client, Parameters

QUESTION = {"tickers": "NVDA,AMZN", "range": "3m"}
LATER = "20261124T013005Z"


class Counting(DuckDBStore):
    """Counts what it is asked, and fails when told to; `before_bars` is called at the start of each query of bars."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.pointers, self.queries = 0, 0
        self.lost: StoreError | None = None
        self.unreadable: StoreError | None = None
        self.before_bars: Callable[[], None] = lambda: None

    async def current(self) -> Any:
        self.pointers += 1
        if self.lost:
            raise self.lost
        return await super().current()

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Mapping[str, TickerBars]:
        self.queries += 1
        self.before_bars()
        if self.unreadable:
            raise self.unreadable
        return await super().bars(snapshot, tickers, first, last)


class Service:
    """An API over a copy of the lake, with a clock that somebody else moves."""

    def __init__(self, lake: Path, root: Path, *, compress: bool = False, cache_mb: float = 64) -> None:
        self.root, self.seconds = shutil.copytree(lake, root, dirs_exist_ok=True), 0.0
        self.store = Counting(root)
        settings = Settings(lake="unused", cache_mb=cache_mb)
        self.client = Client(create_app(settings, self.store, lambda: EVENING, lambda: self.seconds, compress=compress))

    def get(self, path: str = "/compare", parameters: Parameters | None = None, **headers: str) -> Any:
        return self.client.get(path, parameters or QUESTION, headers=headers)

    def publish(self) -> None:
        """A snapshot with one more session of VOO."""
        days = (*SESSIONS, date(2026, 11, 23))
        publish(self.root, small_market() | {"VOO": History(walk(3, days, 550))}, snapshot=LATER)

    def publish_meanwhile(self) -> None:
        """Publish once, and let so much time pass that the pointer is read anew."""
        self.store.before_bars = lambda: None
        self.publish()
        self.seconds += 60


@pytest.fixture
def service(root: Path, tmp_path: Path) -> Iterator[Service]:
    service = Service(root, tmp_path)
    yield service
    service.store.close()


def test_the_second_answer_is_the_first_without_any_reading(service: Service) -> None:
    first, second = service.get(), service.get()
    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
    assert first.headers["content-type"] == second.headers["content-type"] == "application/json"
    assert first.headers["cache-control"] == second.headers["cache-control"] == "private, max-age=30"
    assert (service.store.pointers, service.store.queries) == (1, 1)
    assert "total;dur=" in first.headers["server-timing"]
    assert "server-timing" not in second.headers


@pytest.mark.parametrize(
    ("path", "one", "other"),
    [
        ("/compare", {"tickers": "NVDA,AMZN"}, {"tickers": ["nvda", "{AMZN}"]}),
        ("/outlook", {"a": "META,GOOGL", "b": "VOO"}, {"b": "voo", "a": ["meta", "{GOOGL}"]}),
        ("/compare", {"tickers": "VOO", "range": "3m"}, {"range": "3M", "tickers": "voo"}),
        ("/prices", {"tickers": "VOO", "from": "2026-09-01"}, {"tickers": "VOO", "from": "2026-09-01T13:05:07.123Z"}),
        (
            "/prices",
            {"tickers": "VOO", "from": "2026-09-01", "to": "2026-10-01T00:00:01Z"},
            {"tickers": "VOO", "from": "2026-09-01", "to": "1790812800000"},  # date -u -d @1790812800: 2026-10-01
        ),
        (
            "/compare",  # Grafana's now, two evenings of it, both after as-of
            {"tickers": "VOO", "from": "2026-09-01", "to": "2026-11-21T23:59:59.999Z"},
            {"tickers": "VOO", "from": "2026-09-01", "to": "2026-11-22T00:00:00.000Z"},
        ),
    ],
)
def test_other_words_for_the_same_question_have_the_same_answer(
    service: Service, path: str, one: Parameters, other: Parameters
) -> None:
    """Computed again, as the key is the raw query, but without another query."""
    first, second = service.get(path, one), service.get(path, other)
    assert (first.status_code, first.content) == (200, second.content)
    assert "server-timing" in second.headers
    assert service.store.queries == 1
    assert Client.of(service.store).get(path, other).content == second.content


@pytest.mark.parametrize(
    "refused",
    [
        QUESTION | {"other": "1"},
        QUESTION | {"range": ["3m", "3m"]},
        QUESTION | {"to": "2026-11-20"},
        QUESTION | {"format": "xml"},
        QUESTION | {"benchmark": ""},
        {"tickers": "NVDA,AMZN,", "range": "3m", "": ""},
        {"tickers": "NVDA,AMZN", "from": "2026-11-23", "to": "2026-11-22"},
        {"tickers": "NVDA,AMZN", "from": "2026-11-23T12:00:00Z", "to": "2026-11-22"},
    ],
)
def test_what_is_refused_is_refused_each_time(service: Service, refused: Parameters) -> None:
    for asked in (QUESTION, {"tickers": "NVDA,AMZN", "from": "2026-11-23", "to": "2026-11-24"}):
        assert service.get("/compare", asked).status_code == 200
    answers = [service.get("/compare", refused) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert "etag" not in answers[1].headers


def test_different_questions_have_different_etags(service: Service) -> None:
    asked: list[dict[str, str]] = [
        {"tickers": "NVDA,AMZN"},
        {"tickers": "AMZN,NVDA"},
        {"tickers": "NVDA,AMZN", "range": "2m"},
        {"tickers": "NVDA,AMZN", "basis": "total"},
        {"tickers": "NVDA,AMZN", "format": "csv"},
        {"tickers": "NVDA,AMZN", "from": "2026-09-01"},
        {"tickers": "NVDA,AMZN", "from": "2026-09-01", "to": "2026-11-19"},
    ]
    answers = [service.get("/compare", one) for one in asked]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.headers["etag"] for answer in answers}) == len(asked)
    assert len({answer.content for answer in answers}) == len(asked)


@pytest.mark.parametrize("known", ["{etag}", '"old", {etag}', "*"])
def test_who_has_it_gets_304(service: Service, known: str) -> None:
    first = service.get()
    answer = service.get(if_none_match=known.format(etag=first.headers["etag"]))
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == first.headers["etag"]
    assert service.get(if_none_match='W/"0123"').status_code == 200


def test_gzip_is_offered_where_no_gateway_does_it(root: Path, tmp_path: Path) -> None:
    compressing = Service(root, tmp_path, compress=True)
    for _ in range(2):
        answer = compressing.get(accept_encoding="gzip")
        assert (answer.headers["content-encoding"], answer.headers["vary"]) == ("gzip", "Accept-Encoding, Accept")
        assert int(answer.headers["content-length"]) < len(answer.content)  # which httpx has decompressed
    plain = compressing.get(accept_encoding="identity")
    assert "content-encoding" not in plain.headers
    assert plain.content == answer.content
    compressing.store.close()


def test_a_new_snapshot_is_noticed_within_a_minute(service: Service) -> None:
    first = service.get()
    service.publish()
    service.seconds += 1
    assert service.get().headers["etag"] == first.headers["etag"]
    service.seconds += 30  # and the answer may be used for 30 s
    second = service.get()
    assert second.headers["etag"] != first.headers["etag"]
    assert second.json()["meta"]["snapshot"] == LATER
    assert second.json()["meta"]["as_of"] == "2026-11-23"


def test_a_to_after_as_of_does_not_hide_a_new_session(service: Service) -> None:
    asked = {"tickers": "VOO", "from": "2026-11-02", "to": "2026-11-24"}
    assert service.get("/prices", asked).json()["rows"][-1]["time"] == "2026-11-20T00:00:00Z"
    service.publish()
    service.seconds += 60
    assert service.get("/prices", asked).json()["rows"][-1]["time"] == "2026-11-23T00:00:00Z"


def test_the_last_good_answer_of_a_lake_that_cannot_be_read(service: Service) -> None:
    first = service.get()
    service.store.lost = StoreUnavailableError("S3 is away")
    service.seconds += 60
    answer = service.get()
    body = answer.json()
    assert (answer.status_code, body["meta"]["stale"]) == (200, True)
    assert any(words.startswith("stale: S3 is away") for words in body["warnings"])
    assert body["rows"] == first.json()["rows"]
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["etag"] != first.headers["etag"]
    service.store.lost = None
    service.seconds += 60
    assert service.get().headers["etag"] == first.headers["etag"]


def test_the_last_good_answer_while_a_new_snapshot_cannot_be_had(service: Service) -> None:
    """Also to another question, as long as its bars are in memory; and nobody waits for the failure again."""
    service.get()
    service.publish()
    service.store.unreadable = StoreUnavailableError("Athena did not answer within 20 s")
    service.seconds += 60
    answer = service.get("/prices", {"tickers": "META"})
    assert (answer.status_code, answer.json()["meta"]["stale"]) == (200, True)
    assert answer.json()["meta"]["snapshot"] != LATER
    failed = service.store.queries
    assert service.get("/prices", {"tickers": "QQQ"}).json()["meta"]["stale"] is True
    assert service.store.queries == failed
    service.store.unreadable = None
    service.seconds += 60
    assert service.get("/prices", {"tickers": "META"}).json()["meta"]["snapshot"] == LATER


def test_without_a_good_answer_it_is_503(service: Service) -> None:
    service.store.unreadable = StoreUnavailableError("Athena is away")
    answer = service.get()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert answer.headers["cache-control"] == "no-store"
    service.store.unreadable = None
    assert service.get().status_code == 200


def test_the_same_question_at_once_is_answered_once(service: Service) -> None:
    answers = service.client.at_once([("/compare", QUESTION)] * 6 + [("/prices", {"tickers": "VOO"})] * 3)
    assert {answer.status_code for answer in answers} == {200}
    assert (service.store.pointers, service.store.queries) == (1, 1)


def test_a_failure_while_many_wait_is_everyones(service: Service) -> None:
    service.store.unreadable = StoreUnavailableError("Athena is away")
    answers = service.client.at_once([("/compare", QUESTION)] * 4)
    assert {answer.status_code for answer in answers} == {503}
    assert service.store.queries == 1


def test_answers_are_kept_within_bounds(root: Path, tmp_path: Path) -> None:
    small = Service(root, tmp_path, cache_mb=0.0001)
    assert small.get().headers["etag"] == small.get().headers["etag"]
    assert "server-timing" in small.get().headers
    small.store.close()


def test_what_is_not_of_the_snapshot_is_not_kept(service: Service) -> None:
    for path in ("/health", "/"):
        assert "etag" not in service.client.get(path).headers


def test_a_lake_that_breaks_and_was_never_read_is_503(service: Service) -> None:
    write_raw(service.root, layout.POINTER, "not json")
    assert service.get().status_code == 503
    assert service.client.get("/health").status_code == 200


def test_compressed_answers_are_cached_apart_from_plain_ones(root: Path, tmp_path: Path) -> None:
    compressing = Service(root, tmp_path, compress=True)
    for _ in range(2):
        for accepts, encoding in (("gzip", "gzip"), ("identity", None)):
            answer = compressing.get(accept_encoding=accepts)
            assert answer.headers.get("content-encoding") == encoding
    assert "server-timing" not in answer.headers
    known = compressing.get(accept_encoding="gzip", if_none_match=answer.headers["etag"])
    assert (known.status_code, known.content, known.headers["vary"]) == (304, b"", "Accept-Encoding, Accept")
    assert "content-encoding" not in known.headers
    compressing.store.close()


def test_keys_count_in_the_memory(service: Service) -> None:
    """Long queries of a short answer evict each other."""
    computed = []

    async def short_answer(scope: Scope, receive: Receive, send: Send) -> None:
        computed.append(scope["query_string"][:1])
        await PlainTextResponse("short")(scope, receive, send)

    client = Client(ResponseCache(short_answer, service.store, ["/limits"], memory=20_000))
    for letter in "aaabcda":
        assert client.get("/limits", {letter: "x" * 5000}).text == "short"
    assert computed == [b"a", b"b", b"c", b"d", b"a"]


def test_one_request_sees_one_snapshot_even_if_another_is_published_meanwhile(service: Service) -> None:
    """Between `meta` and bars: the next snapshot is published when the bars are about to be read."""
    service.store.before_bars = service.publish_meanwhile
    answer = service.get("/prices", {"tickers": "VOO", "range": "5d"}).json()
    assert service.store.queries == 1
    assert answer["meta"]["snapshot"] == SNAPSHOT
    assert answer["rows"][-1]["time"] == "2026-11-20T00:00:00Z"
    assert service.get("/prices", {"tickers": "VOO", "range": "5d"}).json()["meta"]["snapshot"] == LATER


def test_all_parts_of_the_questions_are_from_one_snapshot(
    service: Service, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Between two parts: the next snapshot is published while the bars of the first part are read."""
    wanted = service.client.get("/questions").json()
    other = Service(root, tmp_path_factory.mktemp("other"))
    other.store.before_bars = other.publish_meanwhile
    answer = other.client.get("/questions").json()
    assert other.store.queries == 1  # the parts after the first one did not ask for the new snapshot
    assert answer == wanted
    assert other.client.get("/questions").json()["meta"]["snapshot"] == LATER
    other.store.close()


@pytest.mark.parametrize("path", ["/compare?tickers=VOO", "/questions", "/tickers", "/limits", "/snapshots"])
def test_a_request_resolves_the_snapshot_once(service: Service, path: str) -> None:
    """With a clock that runs so fast that the pointer is read whenever somebody asks for the snapshot."""
    app = create_app(Settings(lake="unused"), service.store, lambda: EVENING, count(0, 60).__next__)
    assert Client(app).get(path).status_code == 200
    assert service.store.pointers == 1


def test_below_a_stage_both_paths_are_one(service: Service) -> None:
    app = create_app(Settings(lake="unused", root_path="/prod"), service.store, lambda: datetime.now(UTC))
    client = Client(app)
    one, other = client.get("/prod/compare", QUESTION), client.get("/compare", QUESTION)
    assert (one.status_code, one.headers["etag"]) == (200, other.headers["etag"])
    assert asyncio.run(service.store.current())
