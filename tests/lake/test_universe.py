"""The universe, and what a ticker may look like."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from lake import calendar
from lake.errors import LakeError
from lake.universe import (
    TICKER_PATTERN,
    FormerTicker,
    choose,
    chosen_file,
    default_universe,
    fingerprint,
    renamed,
    universe,
)
from lake.universe_file import faults

UNIVERSES = sorted((Path(__file__).parents[2] / "lake" / "universes").glob("*.toml"))


@pytest.fixture(autouse=True)
def default_afterwards() -> Iterator[None]:
    yield
    choose(None)


@pytest.mark.parametrize("file", UNIVERSES, ids=lambda path: path.name)
def test_our_files_have_no_fault(file: Path) -> None:
    assert faults(file.read_text(encoding="utf-8")) == []


def test_the_index_has_503_share_classes_in_eleven_sectors() -> None:
    choose("lake/universes/sp500.toml")
    companies = [one for one in universe().values() if one.kind == "stock"]
    assert len(companies) == 503
    assert len({one.sector for one in companies}) == 11
    assert universe()["BRK.B"].name == "Berkshire Hathaway"  # as the API spells classes
    assert universe()["AAPL"].listed is None


def test_the_index_comes_with_the_funds_that_the_api_compares_with() -> None:
    choose("sp500.toml")
    funds = [one for one in universe().values() if one.kind == "etf"]
    assert [one.ticker for one in funds] == ["VOO", "QQQ", "SCHG"] == list(universe())[:3]
    assert {one.sector for one in funds} == {None}
    assert funds == [default_universe()[one.ticker] for one in funds]
    assert set(default_universe()) <= set(universe())  # the tickers of the five questions


def test_a_packed_file_is_found_by_its_name_wherever_the_process_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    choose("sp500.toml")
    assert "ZTS" in universe()


def test_a_file_of_ones_own_is_chosen_by_its_path(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[KO]\nname = "Coca-Cola"\n', encoding="utf-8")
    before = fingerprint()
    choose(str(own))
    assert list(universe()) == ["KO"]
    assert chosen_file() == str(own)
    assert fingerprint() != before
    choose("")
    assert len(universe()) == 10


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no such file, and none of that name in lake/universes/"),
        ('[ko]\nname = "K"\n', "line 1: ko is no ticker; did you mean KO?; see all: python -m ingest universe check"),
        ("[ko]\n", "line 1: ko is no ticker; did you mean KO?, and 1 more; see all"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_and_the_choice_stays(
    tmp_path: Path, text: str | None, said: str
) -> None:
    file = tmp_path / "own.toml"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(LakeError) as refused:
        choose(str(file))
    assert f"UNIVERSE={file}: {said}" in str(refused.value)
    assert len(universe()) == 10


def test_the_ten_tickers() -> None:
    assert list(universe()) == ["VOO", "QQQ", "SCHG", "AAPL", "AMZN", "META", "GOOGL", "MSFT", "NVDA", "TSLA"]
    assert [item.ticker for item in universe().values() if item.kind == "etf"] == ["VOO", "QQQ", "SCHG"]


def test_every_etf_says_what_it_tracks_and_every_listing_is_a_session() -> None:
    for item in universe().values():
        assert TICKER_PATTERN.fullmatch(item.ticker)
        assert (item.tracks is not None) == (item.kind == "etf")
        assert item.listed is not None
        assert item.listed < calendar.all_sessions()[0] or calendar.is_session(item.listed)


@pytest.mark.parametrize("ticker", ["A", "BRK.B", "BF-B", "GOOGL"])
def test_tickers(ticker: str) -> None:
    assert TICKER_PATTERN.fullmatch(ticker)


@pytest.mark.parametrize("text", ["", "voo", "A'", "A;B", "../A", "A B", "A\n", "TOOLONGNAME", "1A", "A.", "Ａ"])
def test_what_is_no_ticker(text: str) -> None:
    assert not TICKER_PATTERN.fullmatch(text)


def test_a_renamed_ticker_is_found_by_its_former_one() -> None:
    assert universe()["META"].formerly == (FormerTicker("FB", date(2022, 6, 8)),)
    assert renamed("FB") is universe()["META"]
    assert renamed("META") is None
    assert renamed("XYZ") is None


def test_no_former_ticker_is_a_current_one() -> None:
    former = [one for item in universe().values() for one in item.formerly]
    assert all(one.ticker not in universe() and calendar.is_session(one.until) for one in former)
