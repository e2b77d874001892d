"""Every refusal is a problem body that names the parameter, the value and the bound."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from api.errors import StoreError, StoreThrottledError, StoreUnavailableError, UnknownTickerError
from api.store.duckdb import DuckDBStore
from lake.errors import StorageError
from lake.storage import FolderStorage
from tests.support.client import Client, Parameters
from tests.support.stores import FailingStore


def refused(client: Client, path: str, parameters: Parameters, status: int) -> dict[str, Any]:
    response = client.get(path, parameters)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert {"type", "title", "status", "detail", "message"} <= set(body)
    assert (body["status"], body["message"]) == (status, body["detail"])
    return body


@pytest.mark.parametrize("path", ["/prices", "/compare"])
@pytest.mark.parametrize(
    ("parameters", "parameter", "value", "bound"),
    [
        ({}, "tickers", "", "such as tickers=NVDA,AMZN"),
        ({"tickers": ""}, "tickers", "", "1 to 50 tickers, such as NVDA,AMZN"),
        ({"tickers": "A'--"}, "tickers", "A'--", "one to six letters"),
        ({"tickers": "VOO", "range": "3q"}, "range", "3q", "such as 100d, 1w, 3m or 1y"),
        ({"tickers": "VOO", "range": "3m", "from": "2026-01-01"}, "range", "3m", "give range, or from and to"),
        ({"tickers": "VOO", "from": "yesterday"}, "from", "yesterday", "a date (2026-11-20)"),
        ({"tickers": "VOO", "basis": "real"}, "basis", "real", "'split'"),
        ({"tickers": "VOO", "rnage": "3m"}, "rnage", "3m", "known parameters: tickers, range, from, to"),
        ({"tickers": "VOO", "range": ["3m", "6m"]}, "range", "6m", "once at most"),
    ],
)
def test_bad_parameters(
    client: Client, path: str, parameters: Parameters, parameter: str, value: str, bound: str
) -> None:
    body = refused(client, path, parameters, 400)
    assert (body["parameter"], body["value"]) == (parameter, value)
    assert bound in body["bound"]
    assert body["bound"] in body["detail"]


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({}, "tickers=: this parameter is missing; such as tickers=NVDA,AMZN"),
        ({"tickers": "1A"}, "tickers=1A: not a ticker; a ticker is one to six letters and digits"),
        ({"tickers": "VOO", "range": "3q"}, "range=3q: not a range; a number and d, w, m or y"),
        ({"tickers": "VOO", "rnage": "3m"}, "rnage=3m: this path has no such parameter (did you mean range?)"),
        ({"symbols": "VOO"}, "symbols=VOO: this path has no such parameter (did you mean tickers?)"),
        ({"tickers": "VOO", "start": "2026-01-01"}, "(did you mean from?)"),
        ({"tickers": "VOO", "End": "2026-01-01"}, "(did you mean to?)"),
        ({"tickers": "VOO", "zzz": "1"}, "zzz=1: this path has no such parameter; known parameters: tickers, range"),
        ({"tickers": "VOO", "format": "xml"}, "format=xml: not a known value; one of 'json' or 'csv'"),
        ({"tickers": "VOO", "rf": "-0.2"}, "rf=-0.2: too small; it should be at least -0.1"),
        ({"tickers": "VOO", "rf": "4%"}, "rf=4%: not a number; it should be a number, such as 0.04"),
        ({"tickers": "VOO", "rf": "nan"}, "rf=nan: not a number; it should be a number, such as 0.04"),
        ({"tickers": "VOO", "range": ["3m", "6m"]}, "range=6m: given 2 times; once at most"),
    ],
)
def test_a_refusal_is_a_sentence_that_says_what_to_do(client: Client, parameters: Parameters, sentence: str) -> None:
    assert sentence in refused(client, "/compare", parameters, 400)["message"]


def test_missing_weights_are_asked_for_as_weights(client: Client) -> None:
    message = refused(client, "/portfolio", {}, 400)["message"]
    assert message == "weights=: this parameter is missing; such as weights=NVDA:0.4,VOO:0.6"


def test_columns_of_another_table_are_refused_as_they_were_given(client: Client) -> None:
    asked = {"tickers": "VOO", "part": "summary", "fields": "close,growth"}
    assert refused(client, "/compare", asked, 400)["value"] == "close,growth"


def test_raw_is_for_prices_only(client: Client) -> None:
    body = refused(client, "/compare", {"tickers": "VOO", "basis": "raw"}, 400)
    assert (body["parameter"], body["value"]) == ("basis", "raw")


def test_a_path_without_parameters_takes_none(client: Client) -> None:
    assert refused(client, "/health", {"verbose": "1"}, 400)["bound"] == "this path takes no parameters"


@pytest.mark.parametrize("parameter", ["tickers", "benchmark"])
def test_an_unknown_ticker_is_404_and_names_the_known_ones(client: Client, parameter: str) -> None:
    body = refused(client, "/compare", {"tickers": "VOO", parameter: "ZZZZ"}, 404)
    assert (body["parameter"], body["value"]) == (parameter, "ZZZZ")
    assert "VOO, QQQ, SCHG" in body["detail"]
    assert "NEWCO" in body["detail"]


@pytest.mark.parametrize(
    ("path", "parameter"),
    [("/prices", "tickers"), ("/compare", "benchmark"), ("/outlook", "b"), ("/outlook/calibration", "a")],
)
def test_a_renamed_ticker_names_its_new_one(client: Client, path: str, parameter: str) -> None:
    """Facebook traded as FB up to 2022-06-08, and as META since."""
    body = refused(client, path, ({} if parameter in {"a", "b"} else {"tickers": "VOO"}) | {parameter: "fb"}, 404)
    assert (body["parameter"], body["value"]) == (parameter, "FB")
    assert "FB is called META now; ask for META; known tickers: VOO, " in body["detail"]


def test_of_many_tickers_the_similar_ones_are_named() -> None:
    known = [f"{one}{two}" for one in "ABCDEFGHIJKLMNOPQRST" for two in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    error = UnknownTickerError("tickers", ["ABX"], known)
    assert error.bound == "known tickers: AB, AX, BX and 517 others, which /tickers lists"
    assert len(str(error)) < 200


@pytest.mark.parametrize("path", ["/nothing", "/..%2f..%2fetc/passwd", "/%00%0d%0aX-Evil: 1"])
def test_unknown_paths(client: Client, path: str) -> None:
    body = refused(client, path, {}, 404)
    assert body["detail"].isprintable()


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/prices/NVDA", "ask for /prices?tickers=NVDA"),
        ("/compare/nvda,AMZN/", "ask for /compare?tickers=NVDA,AMZN"),
        ("/Prices/brk-b", "ask for /prices?tickers=BRK.B"),
        ("/outlook/META", "ask for /outlook?a=META"),
        ("/questions/comparison/TSLA", "ask for /questions/comparison?tickers=TSLA"),
        ("/prices/", "ask for /prices, without the slash at the end"),
        ("/questions/volume/", "ask for /questions/volume, without the slash at the end"),
        ("/docs/", "ask for /docs, without the slash at the end"),
        ("/PRICES", "ask for /prices"),
        ("/price", "did you mean /prices?"),
        ("/questions/volumes", "did you mean /questions/volume?"),
        ("/snapshots/20261120T223005Z", "did you mean /snapshots?"),
        ("/nothing", "/docs lists the paths"),
    ],
)
def test_an_unknown_path_says_what_was_probably_meant(client: Client, path: str, hint: str) -> None:
    assert hint in refused(client, path, {}, 404)["detail"]


def test_below_a_stage_a_hint_carries_it(store: DuckDBStore) -> None:
    for path in ("/prod/prices/NVDA", "/prices/NVDA"):
        body = refused(Client.of(store, root_path="/prod"), path, {}, 404)
        assert "ask for /prod/prices?tickers=NVDA" in body["detail"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_405(client: Client, method: str) -> None:
    response = client.get("/prices", method=method)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert "use GET or HEAD" in response.json()["message"]
    assert response.json()["message"] == response.json()["detail"]


@pytest.mark.parametrize(
    "hostile", ["\x00", "\r\nSet-Cookie: a=b", "<script>alert(1)</script>", "\u202eevil", "A" * 5000, "\ud800"]
)
@pytest.mark.parametrize("name", ["tickers", "range", "from", "to", "basis", "benchmark", "other"])
def test_hostile_values_are_refused_and_never_echoed_raw(client: Client, name: str, hostile: str) -> None:
    value = hostile.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    first = {"from": "2026-01-01"} if name == "to" else {}
    body = refused(client, "/compare", {"tickers": "VOO"} | first | {name: value}, 400)
    assert body["detail"].isprintable()
    assert len(body["detail"]) < 500


@pytest.mark.parametrize(
    "span",
    [
        {"from": "0001-01-01"},
        {"from": "9999-12-31"},
        {"from": "2026-11-20", "to": "9999-12-31"},
        {"from": "0001-01-01", "to": "0001-01-01"},
        {"from": "2026-11-21", "to": "2026-11-22"},
        {"range": "max"},
        {"range": "1d"},
    ],
)
@pytest.mark.parametrize("tickers", ["VOO", "AAPL", "AAPL,NEWCO,META,TSLA"])
@pytest.mark.parametrize("path", ["/prices", "/compare"])
def test_the_edges_of_time_are_answered(client: Client, path: str, tickers: str, span: dict[str, str]) -> None:
    assert client.get(path, {"tickers": tickers, "basis": "total"} | span).status_code == 200


def test_a_broken_snapshot_names_no_path(root: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(root, tmp_path / "lake")
    for file in copy.rglob("*.parquet"):
        file.write_bytes(b"broken")
    store = DuckDBStore(copy)
    answer = Client.of(store).get("/prices?tickers=VOO")
    store.close()
    assert answer.status_code == 503
    assert answer.json()["message"].endswith("cannot be read: a file is missing or damaged")


def test_nothing_published_is_503(tmp_path: Path) -> None:
    store = DuckDBStore(tmp_path)
    for path in ("/prices?tickers=VOO", "/compare?tickers=VOO", "/tickers"):
        response = Client.of(store).get(path)
        assert (response.status_code, response.headers["retry-after"]) == (503, "60")
        assert "nothing is published" in response.json()["message"]
    store.close()


@pytest.mark.parametrize(
    ("error", "wait"), [(StoreUnavailableError("the lake is gone"), "30"), (StoreThrottledError("busy"), "5")]
)
def test_a_store_out_of_order_is_503(error: StoreError, wait: str) -> None:
    response = Client.of(FailingStore(error)).get("/prices", {"tickers": "VOO"})
    assert (response.status_code, response.headers["retry-after"]) == (503, wait)
    assert response.json()["message"] == str(error)


@pytest.mark.parametrize(
    ("path", "query", "parameter"),
    [
        ("/prices", {}, "tickers"),
        ("/prices", {"tickers": "VOO", "range": "bogus"}, "range"),
        ("/prices", {"tickers": "VOO", "basis": "x"}, "basis"),
        ("/returns", {"tickers": "VOO", "rf": "abc"}, "rf"),
        ("/compare", {"tickers": "VOO", "format": "xml"}, "format"),
        ("/events", {"tickers": "VOO", "kind": "x"}, "kind"),
        ("/outlook", {"tau": "9"}, "tau"),
        ("/questions/diversification", {"tickers": "VOO", "benchmark": "VOO"}, "tickers"),
        ("/tickers", {"format": "xml"}, "format"),
    ],
)
def test_a_bad_parameter_is_told_before_a_lake_that_cannot_be_read(
    tmp_path: Path, path: str, query: dict[str, str], parameter: str
) -> None:
    empty = DuckDBStore(tmp_path)
    for store in (empty, FailingStore(StoreUnavailableError("the lake is gone"))):
        answer = Client.of(store).get(path, query)
        assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)
    empty.close()


def test_the_storages_own_words_go_to_the_log_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise StorageError("s3://bucket/prefix: S3 refuses published/current.json: AccessDenied for arn:aws:iam::1")

    monkeypatch.setattr(FolderStorage, "read", refuse)
    store = DuckDBStore(tmp_path)
    answer = Client.of(store).get("/prices", {"tickers": "VOO"})
    store.close()
    assert (answer.status_code, "AccessDenied" in caplog.text) == (503, True)
    assert answer.json()["message"] == (
        "the published snapshot cannot be read: its storage refuses or does not answer; ask again in half a minute, "
        "or read the service's log"
    )


@pytest.mark.parametrize("text", ["not json", "[" * 100_000, '{"snapshot": 5}', '{"other": 1}'])
def test_a_broken_pointer_is_told_without_words_of_python(tmp_path: Path, text: str) -> None:
    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "current.json").write_text(text, encoding="utf-8")
    store = DuckDBStore(tmp_path)
    message = Client.of(store).get("/prices?tickers=VOO").json()["message"]
    store.close()
    assert message.endswith("published/current.json is not a pointer; put the last good one back")
