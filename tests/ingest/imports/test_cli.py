"""`python -m ingest import`, as a person runs it."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.ingest.fakes import recorded_folder
from tests.ingest.test_cli import ingest

PRICES = "date,open,high,low,close,volume\n2026-11-19,10,12,9,11,1000\n2026-11-20,10,12,9,11,1000\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "AAPL.csv"
    path.write_text(PRICES)
    return path


def origin_of(lake: Path) -> str:
    return str(json.loads((lake / "origin.json").read_text())["origin"])


def test_history_joins_a_recorded_lake(tmp_path: Path, file: Path) -> None:
    lake = tmp_path / "lake"
    ingest("bars", FEED=str(recorded_folder(tmp_path / "feed", ["MSFT"])), LAKE=str(lake))
    done = ingest("import", str(file), "--basis", "raw", LAKE=str(lake))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "AAPL.csv: 2 prices of AAPL imported, 2026-11-19 to 2026-11-20",
        f"2 records imported into {lake}; publish them with `python -m glue`",
    ]
    assert origin_of(lake) == "recorded"


@pytest.mark.parametrize(("variables", "origin"), [({}, "recorded"), ({"ALPHA_VANTAGE_API_KEY": "SECRET1"}, "live")])
def test_a_fresh_lake_is_recorded_or_live(tmp_path: Path, file: Path, variables: dict[str, str], origin: str) -> None:
    lake = tmp_path / "lake"
    assert ingest("import", str(file), "--basis", "raw", LAKE=str(lake), **variables).returncode == 0
    assert origin_of(lake) == origin


def test_history_does_not_join_a_simulated_lake(tmp_path: Path, file: Path) -> None:
    lake = tmp_path / "lake"
    lake.mkdir()
    (lake / "origin.json").write_text('{"origin": "simulated"}')
    done = ingest("import", str(file), "--basis", "raw", LAKE=str(lake))
    assert done.returncode == 2
    assert "holds simulated data, which real history cannot join; name another" in done.stderr
    assert not (lake / "raw").exists()


def test_the_lake_has_no_default(file: Path) -> None:
    done = ingest("import", str(file), "--basis", "raw")
    assert (done.returncode, done.stderr) == (2, "ingest: LAKE is not set: name the lake to import into\n")


def test_a_refused_file_exits_with_one_and_creates_no_lake(tmp_path: Path, file: Path) -> None:
    done = ingest("import", str(file), LAKE=str(tmp_path / "lake"))
    assert done.returncode == 1
    assert done.stdout.startswith("AAPL.csv: refused: the ticker's splits are unknown")
    assert not (tmp_path / "lake").exists()


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (
            ("--basis", "raw", "--basis-as-of", "2020-09-04"),
            "--basis-as-of 2020-09-04 is of adjusted prices, and --basis raw",
        ),
        (("--basis-as-of", "2199-01-02"), "--basis-as-of 2199-01-02 is after today, 20"),
        (("--basis-as-of", "01/02/2025"), "argument --basis-as-of: '01/02/2025' is not a date such as 2025-11-20"),
    ],
)
def test_options_that_make_no_sense(tmp_path: Path, file: Path, options: Sequence[str], reason: str) -> None:
    done = ingest("import", str(file), *options, LAKE=str(tmp_path / "lake"))
    assert done.returncode == 2
    assert reason in done.stderr
