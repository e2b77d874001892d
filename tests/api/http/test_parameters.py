"""What the border lets in, and what it says of the rest."""

from collections.abc import Sequence
from datetime import date

import httpx
import pytest
from fastapi import FastAPI

from api.errors import BadParameterError, printable
from api.http.date_range import parse_day, parse_span
from api.http.parameters import RfParam, parse_tickers
from api.http.problems import install
from api.panel.window import Between, Everything, Last, Span, YearToDate
from api.resources.outlook.request import parse_horizon
from tests.support.client import Client


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (["NVDA,AMZN"], ("NVDA", "AMZN")),
        (["{NVDA,AMZN}"], ("NVDA", "AMZN")),
        (["NVDA", "AMZN"], ("NVDA", "AMZN")),
        (["nvda, Amzn", "NVDA"], ("NVDA", "AMZN")),
        (["{nvda}", "brk.b"], ("NVDA", "BRK.B")),
        (["BRK-B", "BRK/B", "brk.b", "Brk/b"], ("BRK.B",)),
        (["BF-B,bf/b", "MOG-A"], ("BF.B", "MOG.A")),
        ([",".join(["NVDA"] * 60)], ("NVDA",)),
    ],
)
def test_tickers(values: list[str], wanted: tuple[str, ...]) -> None:
    assert parse_tickers(values) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "",
        ",",
        "{}",
        "NVDA;AMZN",
        "NVDA|AMZN",
        "1A",
        "TOOLONGER",
        "ß",
        "ＮＶＤＡ",
        "A'--",
        "A\x00",
        "BRK B",
        "BRK--B",
        "BRK/",
        "/B",
        "A/BCD",
    ],
)
def test_malformed_tickers(text: str) -> None:
    with pytest.raises(BadParameterError) as caught:
        parse_tickers([text])
    assert caught.value.parameter == "tickers"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-11-20", "2026-11-20"),
        ("2026-11-20T00:00:00Z", "2026-11-20"),
        ("2026-11-20T00:00:00.000Z", "2026-11-20"),
        ("2026-11-20 15:30:00", "2026-11-20"),
        ("2026-11-20T23:30:00-05:00", "2026-11-21"),
        ("2026-11-20T01:00:00+02:00", "2026-11-19"),
        ("2026-11-20T01:00:00 02:00", "2026-11-19"),  # a plus nobody escaped
        ("1795132800000", "2026-11-20"),  # date -u -d @1795132800
        ("1795219199999", "2026-11-20"),
        ("1795132800", "2026-11-20"),  # the same in seconds
        ("1795219199", "2026-11-20"),
        ("631152000000", "1990-01-01"),
        ("-252460800000", "1962-01-01"),
    ],
)
def test_days(text: str, wanted: str) -> None:
    assert parse_day("from", text) == date.fromisoformat(wanted)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "20261120",
        "2026-13-01",
        "2026-02-30",
        "2026-W47-5",
        "999999999",  # seconds of 2001-09-09, or milliseconds of 1970-01-12
        "17951328000",
        "-86400000000",
        "-1795132800",
        "9" * 14,
        "9" * 15,
        "1795132800000000",
        "9" * 400,
        "0001-01-01T00:00:00+14:00",
        "２０２６-11-20",
    ],
)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(BadParameterError) as caught:
        parse_day("to", text)
    assert (caught.value.parameter, caught.value.value) == ("to", printable(text))


@pytest.mark.parametrize(
    ("range_", "first", "last", "parameter"),
    [
        ("3m", "2026-01-01", None, "range"),
        ("3m", None, "2026-01-01", "range"),
        (None, None, "tomorrow", "to"),
        (None, "2026-02-01", "2026-01-01", "from"),
        ("", None, None, "range"),
        ("0d", None, None, "range"),
        ("-1d", None, None, "range"),
        ("3 m", None, None, "range"),
        ("3q", None, None, "range"),
        ("mo", None, None, "range"),
        ("3moo", None, None, "range"),
        ("١d", None, None, "range"),
    ],
)
def test_what_is_no_span(range_: str | None, first: str | None, last: str | None, parameter: str) -> None:
    with pytest.raises(BadParameterError) as caught:
        parse_span(range_, first, last)
    assert caught.value.parameter == parameter


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (("1mo", "1m", "1M", "1month", "1MO"), Last(1, "m")),
        (("3mo", "3months", "3m", "3mos"), Last(3, "m")),
        (("1yr", "1Y", "1y", "1year"), Last(1, "y")),
        (("2wk", "2w", "2weeks", "2W"), Last(2, "w")),
        (("100d", "100days", "100D"), Last(100, "d")),
        (("YTD", "ytd"), YearToDate()),
        (("MAX", "max"), Everything()),
    ],
)
def test_usual_spellings_of_a_range(texts: Sequence[str], wanted: Span) -> None:
    assert {parse_span(text, None, None) for text in texts} == {wanted}


@pytest.mark.parametrize(
    ("last", "default", "first", "through"),
    [
        ("2026-06-30", "3m", "2026-03-31", "2026-06-30"),  # after 30 March, three months before
        ("2026-05-31", "3m", "2026-03-01", "2026-05-31"),  # after 28 February
        ("2026-06-30", "6m", "2025-12-31", "2026-06-30"),
        ("2026-06-19", "2d", "2026-06-17", "2026-06-19"),  # Juneteenth: the sessions of 17 and 18 June
        ("2030-01-01", "3m", "2026-08-21", "2026-11-20"),  # no later than the newest session
        ("0001-01-01", "3m", "0001-01-01", "0001-01-01"),
    ],
)
def test_to_alone_ends_the_usual_range(last: str, default: str, first: str, through: str) -> None:
    wanted = Between(date.fromisoformat(first), date.fromisoformat(through))
    assert parse_span(None, None, last, default, date(2026, 11, 20)) == wanted


def test_to_alone_is_answered(client: Client) -> None:
    window = client.json("/prices", tickers="VOO", last="2026-06-30")["meta"]["window"]
    assert window == {"from": "2026-03-31", "to": "2026-06-30", "base": "2026-03-30", "sessions": 63}
    assert client.json("/prices", tickers="VOO", last="2030-01-01")["meta"]["window"]["from"] == "2026-08-21"


@pytest.mark.parametrize(("text", "sessions"), [("3mo", 63), ("2wk", 10), ("5D", 5), ("1month", 21)])
def test_usual_spellings_of_a_horizon(text: str, sessions: int) -> None:
    assert parse_horizon(text).sessions == sessions


@pytest.mark.parametrize("text", ["1y", "1yr", "3q", "d", "3"])
def test_what_is_no_horizon(text: str) -> None:
    with pytest.raises(BadParameterError, match=f"horizon={text}"):
        parse_horizon(text)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/prices", {"tickers": "VOO", "basis": "TOTAL", "format": "JSON"}),
        ("/compare", {"tickers": "VOO", "basis": "Split", "format": "Csv"}),
        ("/events", {"tickers": "VOO", "kind": "Dividend", "format": "CSV"}),
    ],
)
def test_words_are_in_any_case(client: Client, path: str, query: dict[str, str]) -> None:
    lower = {name: value.lower() for name, value in query.items()} | {"tickers": "VOO"}
    assert (client.get(path, query).status_code, client.get(path, query).content) == (
        200,
        client.get(path, lower).content,
    )


@pytest.mark.parametrize(("text", "digits"), [("999999999", 9), ("17951328000", 11), ("1795132800000000", 16)])
def test_an_epoch_time_in_no_known_unit_is_refused_with_both_units(text: str, digits: int) -> None:
    with pytest.raises(BadParameterError, match=f"^from={text}: a number of {digits} digits") as caught:
        parse_day("from", text)
    assert "epoch seconds of ten digits" in caught.value.bound
    assert "epoch milliseconds of 12 or 13" in caught.value.bound


def test_hostile_values_are_cut_and_made_visible() -> None:
    assert printable("a\r\nb\x1b") == "a\\x0d\\x0ab\\x1b"
    assert printable("x" * 500) == "x" * 60 + "…"


@pytest.mark.parametrize(("query", "wanted"), [("?rf=0.04", 0.04), ("?rf=-0.1", -0.1), ("?rf=0.25", 0.25), ("", 0.0)])
def test_rf_is_a_fraction_a_year(query: str, wanted: float) -> None:
    assert ask_for_rf(query).json() == wanted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("4", "rf=4: is 400 % a year; {bound} was 0.04 meant, 4 %?"),
        ("0.26", "rf=0.26: is 26 % a year; {bound} was 0.0026 meant, 0.26 %?"),
        ("1000", "rf=1000: is 100000 % a year; {bound} was a percentage meant? 0.04 is 4 %"),
    ],
)
def test_a_high_rf_asks_whether_percent_was_meant(text: str, words: str) -> None:
    answer = ask_for_rf(f"?rf={text}")
    assert (answer.status_code, answer.json()["parameter"], answer.json()["value"]) == (400, "rf", text)
    assert answer.json()["message"] == words.format(bound="a fraction a year from -0.1 to 0.25, not a percentage:")


def test_an_absurd_rf_is_not_shown_as_infinite() -> None:
    assert "rf=1e+308: is no rate; a fraction a year" in ask_for_rf("?rf=1e308").json()["message"]


@pytest.mark.parametrize("text", ["-0.2", "nan", "inf", "4%", "", "1e999"])
def test_rf_out_of_bounds_says_the_bound(text: str) -> None:
    answer = ask_for_rf(f"?rf={text}")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "rf")
    assert answer.json()["bound"].startswith("it should be")


def ask_for_rf(query: str) -> httpx.Response:
    """What a route gets that asks for rf."""
    app = FastAPI()
    install(app)

    @app.get("/")
    async def read(rf: RfParam) -> float:
        return rf

    return Client(app).get(f"/{query}")
