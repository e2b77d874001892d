"""HEAD answers like GET, and `Accept: text/csv` like `format=csv`."""

import pytest

from api.http.negotiation import prefers_csv
from benchmarks.support.lakes import SNAPSHOT
from tests.api.http.test_csv_response import ROUTES
from tests.support.client import Client

BARS = {"tickers": "QQQ", "range": "5d"}


@pytest.mark.parametrize(
    ("path", "query"),
    [
        *ROUTES,
        ("/prices", BARS | {"format": "csv"}),
        ("/snapshots", {}),
        ("/", {}),
        ("/docs", {}),
        ("/openapi.json", {}),
    ],
)
def test_head_has_the_headers_of_get_and_no_body(client: Client, path: str, query: dict[str, str]) -> None:
    got, head = client.get(path, query), client.get(path, query, method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert {**head.headers, "server-timing": ""} == {**got.headers, "server-timing": ""}
    assert head.headers["content-length"] == str(len(got.content))


def test_head_of_health(client: Client) -> None:
    """Its body has the age of the data, so that two of them may differ in length."""
    head = client.get("/health", method="HEAD")
    assert (head.status_code, head.content, head.headers["content-type"]) == (200, b"", "application/json")


def test_head_knows_the_etag(client: Client) -> None:
    etag = client.get("/prices", BARS).headers["etag"]
    assert client.get("/prices", BARS, method="HEAD", headers={"if_none_match": etag}).status_code == 304


@pytest.mark.parametrize(("path", "status"), [("/prices?tickers=ZZZZ", 404), ("/nothing", 404), ("/prices", 400)])
def test_head_of_a_refusal(client: Client, path: str, status: int) -> None:
    head = client.get(path, method="HEAD")
    assert (head.status_code, head.content) == (status, b"")
    assert head.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("accept", "csv"),
    [
        ("text/csv", True),
        ("TEXT/CSV", True),
        ("text/csv; header=present", True),
        ("text/csv, */*;q=0.1", True),
        ("text/csv, */*", True),  # the type that is named over one that is not
        ("application/json;q=0.5, text/csv", True),
        ("text/csv;q=0.5", True),
        ("text/*", True),
        ("text/html, text/csv;q=0.9, */*;q=0.8", True),
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("text/csv, application/json", False),  # both alike: the default
        ("text/csv;q=0.5, application/json", False),
        ("text/csv;q=0", False),
        ("text/csv;q=0, */*", False),
        ("text/csv;q=0.3, */*;q=0.9", False),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", False),  # a browser
        ("text/csv;q=nan", False),
        ("text/csv;q=2", False),
        ("application/xml", False),
    ],
)
def test_what_asks_for_csv(accept: str, csv: bool) -> None:
    assert prefers_csv(accept) == csv


@pytest.mark.parametrize(("path", "query"), ROUTES)
def test_accept_gives_the_csv_of_the_parameter(client: Client, path: str, query: dict[str, str]) -> None:
    asked, named = client.get(path, query, headers={"accept": "text/csv"}), client.get(path, query | {"format": "csv"})
    assert asked.headers["content-type"] == "text/csv; charset=utf-8"
    assert asked.headers["x-snapshot"] == SNAPSHOT
    assert (asked.content, asked.status_code) == (named.content, 200)


def test_answers_vary_by_accept_and_a_format_wins(client: Client) -> None:
    csv = client.get("/prices", BARS, headers={"accept": "text/csv"})
    json = client.get("/prices", BARS | {"format": "json"}, headers={"accept": "text/csv"})
    also_csv = client.get("/prices", BARS | {"format": "csv"}, headers={"accept": "application/json"})
    assert {answer.headers["vary"] for answer in (csv, json, also_csv, client.get("/prices", BARS))} == {"Accept"}
    assert json.headers["content-type"] == "application/json"
    assert also_csv.content == csv.content
    assert csv.headers["etag"] != client.get("/prices", BARS).headers["etag"]


@pytest.mark.parametrize("path", ["/health", "/openapi.json", "/"])
def test_what_has_no_rows_has_no_csv(client: Client, path: str) -> None:
    assert not client.get(path, headers={"accept": "text/csv"}).headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize("path", ["/prices", "/health", "/", "/docs"])
def test_options_says_the_methods(client: Client, path: str) -> None:
    answer = client.get(path, method="OPTIONS")
    assert (answer.status_code, answer.content, answer.headers["allow"]) == (204, b"", "GET, HEAD, OPTIONS")
    assert client.get("/nothing", method="OPTIONS").status_code == 404
