import socket
import struct
import threading
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests

from ingest.alpha_vantage.plans import SIMULATED
from ingest.alpha_vantage.protocol import (
    Data,
    Function,
    Options,
    Reason,
    Refusal,
    classify,
    daily_options,
    news_options,
    parameters,
)
from ingest.simulator.faults import Fault, Faults
from ingest.simulator.limits import PlanLimits
from ingest.simulator.server import serve
from ingest.simulator.simulated import SimulatedFeed
from lake.calendar import evening_of
from tests.ingest.fakes import FRIDAY

ASKED: list[tuple[Function, Options]] = [
    ("TIME_SERIES_DAILY", daily_options("full")),
    ("SPLITS", {}),
    ("DIVIDENDS", {}),
    ("NEWS_SENTIMENT", news_options(evening_of(FRIDAY) - timedelta(days=30), evening_of(FRIDAY), "LATEST")),
]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve(SimulatedFeed(lambda: evening_of(FRIDAY)), PlanLimits(SIMULATED)) as base_url:
        yield base_url


def get(url: str, query: dict[str, str]) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(f"{url}/query", params=query, timeout=10)


@pytest.mark.parametrize(("function", "options"), ASKED)
def test_data_in_the_vendors_protocol(url: str, function: Function, options: Options) -> None:
    answer = get(url, parameters(function, "nvda", options, "k"))
    assert answer.headers["Content-Type"] == "application/json"
    data = classify(function, answer.status_code, answer.content, "k")
    assert isinstance(data, Data)
    assert "NVDA" in str(data.payload)[:400]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"function": "SPLITS", "symbol": "VOO"}, Reason.BAD_KEY),
        ({"function": "SPLITS", "symbol": "VOO", "apikey": ""}, Reason.BAD_KEY),
        ({"function": "TIME_SERIES_DAILY", "symbol": "ZZZZ", "apikey": "k"}, Reason.UNKNOWN_SYMBOL),
        ({"function": "TIME_SERIES_DAILY", "apikey": "k"}, Reason.UNKNOWN_SYMBOL),
        ({"function": "WEATHER", "symbol": "VOO", "apikey": "k"}, Reason.MALFORMED),
        ({"apikey": "k"}, Reason.MALFORMED),
    ],
)
def test_refusals_are_http_200_with_an_error_message(url: str, query: dict[str, str], reason: Reason) -> None:
    answer = get(url, query)
    assert answer.status_code == 200
    assert "Error Message" in answer.json()
    refusal = classify("SPLITS", answer.status_code, answer.content, "k")
    assert isinstance(refusal, Refusal)
    assert refusal.reason is reason


def test_other_paths_are_not_there(url: str) -> None:
    with requests.Session() as session:
        session.trust_env = False
        assert session.get(f"{url}/other", timeout=10).status_code == 404


def test_an_accept_header_for_something_else_is_406(url: str) -> None:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(f"{url}/query?apikey=k", headers={"Accept": "text/html"}, timeout=10)
    assert (answer.status_code, list(answer.json())) == (406, ["detail"])


def test_the_server_prints_nothing_and_is_gone_afterwards(capfd: pytest.CaptureFixture[str]) -> None:
    with serve(SimulatedFeed(lambda: evening_of(FRIDAY)), PlanLimits(SIMULATED)) as base_url:
        assert base_url.startswith("http://127.0.0.1:")
        get(base_url, {"apikey": "k"})
    assert capfd.readouterr() == ("", "")
    with pytest.raises(requests.ConnectionError):
        get(base_url, {"apikey": "k"})


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("empty", Reason.EMPTY),
        ("outage", Reason.OUTAGE),
        ("malformed", Reason.MALFORMED),
        ("throttled", Reason.BURST),
    ],
)
def test_every_answer_about_a_faulty_ticker_is_its_fault(fault: Fault, reason: Reason) -> None:
    faults = Faults({"AAPL": fault})
    with serve(SimulatedFeed(lambda: evening_of(FRIDAY)), PlanLimits(SIMULATED), faults) as base_url:
        for function, options in ASKED:
            answer = get(base_url, parameters(function, "AAPL", options, "k"))
            refusal = classify(function, answer.status_code, answer.content, "k")
            assert isinstance(refusal, Refusal)
            assert refusal.reason is reason
            other = get(base_url, parameters(function, "MSFT", options, "k"))
            assert isinstance(classify(function, other.status_code, other.content, "k"), Data)


def test_one_answer_in_three_is_throttled() -> None:
    with serve(SimulatedFeed(lambda: evening_of(FRIDAY)), PlanLimits(SIMULATED), Faults(throttle_every=3)) as base_url:
        told = ["spreading out" in get(base_url, parameters("SPLITS", "VOO", {}, "k")).text for _ in range(6)]
    assert told == [False, False, True, False, False, True]


@pytest.mark.parametrize(
    "wrong", [{"time_from": ""}, {"time_to": "2026-11-20"}, {"sort": "RELEVANCE"}, {"limit": "many"}, {"tickers": "Z"}]
)
def test_wrong_news_inputs_are_refused(url: str, wrong: dict[str, str]) -> None:
    query = parameters("NEWS_SENTIMENT", "AAPL", dict(ASKED)["NEWS_SENTIMENT"], "k")
    answer = get(url, {**query, **wrong})
    refusal = classify("NEWS_SENTIMENT", answer.status_code, answer.content, "k")
    assert isinstance(refusal, Refusal)
    assert refusal.reason is Reason.BAD_INPUT


def test_a_client_that_leaves_before_its_answer_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    asked, left = threading.Event(), threading.Event()
    answering: list[threading.Thread] = []

    class Late(SimulatedFeed):
        def splits(self, symbol: str) -> bytes:
            answering.append(threading.current_thread())
            asked.set()
            left.wait(10)
            return super().splits(symbol)

    with serve(Late(lambda: evening_of(FRIDAY)), PlanLimits(SIMULATED)) as base_url:
        place = urlsplit(base_url)
        assert place.hostname
        assert place.port
        client = socket.create_connection((place.hostname, place.port))
        client.sendall(b"GET /query?function=SPLITS&symbol=AAPL&apikey=any HTTP/1.1\r\n\r\n")
        assert asked.wait(10)
        at_once = struct.pack("ii", 1, 0)  # a reset, as of a killed process
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        client.close()
        left.set()
        for thread in answering:
            thread.join(10)
    assert capsys.readouterr().err == ""
