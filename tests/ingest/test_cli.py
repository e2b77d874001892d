"""The command as a person runs it, in another process."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ingest.cli import main
from lake.universe import choose, universe
from tests.ingest.fakes import recorded_folder

ROOT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-W", "error", "-m", "ingest"]


def environment(**variables: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", **variables}


def ingest(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    return recorded_folder(tmp_path / "feed", list(universe()))


def test_a_run_prints_its_origin_first_and_its_report_last(feed: Path, tmp_path: Path) -> None:
    (feed / "dividends/META.json").unlink()
    done = ingest("daily", FEED=str(feed), LAKE=str(tmp_path / "lake"))
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"recorded market data from {feed}")
    assert lines[1] == "[1/30] TIME_SERIES_DAILY of VOO"
    assert "1000 prices, 10 splits, 9 dividends delivered, 30 requests made" in lines[-4]
    assert lines[-3] == "failed: DIVIDENDS of META: empty answer"
    assert lines[-2] == "what failed is requested again by the next run"
    assert lines[-1] == "next: `python -m glue` publishes what is in raw/"
    assert (done.returncode, done.stderr) == (1, "")


def test_the_exit_status_is_zero_when_nothing_failed(feed: Path, tmp_path: Path) -> None:
    assert ingest("history", FEED=str(feed), LAKE=str(tmp_path / "lake")).returncode == 0


def test_what_comes_next_is_said_as_long_as_something_waits(feed: Path, tmp_path: Path) -> None:
    said = [
        ingest("daily", *arguments, FEED=str(feed), LAKE=str(tmp_path / "lake"), TICKERS="VOO").stdout.splitlines()
        for arguments in ((), (), ("--no-next",))
    ]
    assert "0 requests made" in said[1][-3]
    assert said[1][-2].startswith("3 answers of earlier runs in raw/ not published yet")
    assert [lines[-1].startswith("next: `python -m glue`") for lines in said] == [True, True, False]


def test_each_retry_is_shown_with_its_reason_and_when_the_next_try_is(tmp_path: Path) -> None:
    arguments = ["simulator", "--port", "0", "--throttle-every", "2"]
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split("ALPHA_VANTAGE_URL=")[1].split()[0]
        done = ingest("bars", ALPHA_VANTAGE_URL=url, LAKE=str(tmp_path / "lake"), TICKERS="VOO")
        process.send_signal(signal.SIGTERM)
    assert done.stdout.splitlines()[2] == "[2/2] SPLITS of VOO"
    retry = done.stdout.splitlines()[3]
    assert re.fullmatch(r"SPLITS of VOO: requested too fast; next try in [23]\.\d s", retry)
    assert done.returncode == 0


def test_redeliver_says_what_it_did(tmp_path: Path) -> None:
    lake = str(tmp_path / "lake")
    nothing = ingest("redeliver", LAKE=lake)
    assert (nothing.returncode, nothing.stdout) == (0, f"{lake} has no dead letters: nothing to deliver\n")
    letter = tmp_path / "lake/dead-letter/prices/20261120T223005Z/a.json"
    letter.parent.mkdir(parents=True)
    letter.write_text("{}\n")
    done = ingest("redeliver", LAKE=lake)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "dead-letter/prices/20261120T223005Z/a.json: 1 prices record delivered to raw/prices/dt=2026-11-20/a.json",
        "1 dead letter delivered and removed",
        "next: `python -m glue` publishes what is in raw/",
    ]
    assert not letter.exists()


def test_a_plan_is_a_table_with_reasons(tmp_path: Path) -> None:
    done = ingest("plan", LAKE=str(tmp_path / "lake"), COLUMNS="120")
    assert done.stdout.startswith("simulated market: figures are not real")
    assert done.stdout.count("nothing is published yet: the full history") == 10
    assert (done.returncode, list(tmp_path.iterdir())) == (0, [])


def test_help_names_commands_and_variables() -> None:
    done = ingest("--help")
    assert done.returncode == 0
    assert all(
        word in done.stdout
        for word in ("daily", "history", "plan", "redeliver", "LAKE", "FEED", "ALPHA_VANTAGE_API_KEY", "simulator")
    )


@pytest.mark.parametrize(
    ("arguments", "variables", "named"),
    [
        (["daily"], {"FEED": "/nowhere"}, "FEED=/nowhere is not there"),
        (["daily"], {"LAKE": "gopher://x"}, "LAKE=gopher://x"),
        (["daily"], {"LAKE": "/dev/null/lake"}, "/dev/null"),
        (["plan"], {"ALPHA_VANTAGE_PLAN": "gold"}, "ALPHA_VANTAGE_PLAN=gold"),
    ],
)
def test_wrong_settings_are_reported_on_one_line(arguments: list[str], variables: dict[str, str], named: str) -> None:
    done = ingest(*arguments, **variables)
    assert done.returncode == 2
    assert named in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_wrong_usage_exits_with_two() -> None:
    assert ingest().returncode == ingest("weekly").returncode == 2


def test_an_interrupt_prints_no_traceback(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "daily"],
        cwd=ROOT,
        env=environment(LAKE=str(tmp_path / "lake")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    while "[1/" not in process.stdout.readline():
        pass
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=30)
    assert (process.returncode, stderr) == (130, "")


def test_the_simulator_serves_another_process_until_it_is_ended(tmp_path: Path) -> None:
    arguments = ["simulator", "--port", "0", "--fault", "META=empty"]
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split("ALPHA_VANTAGE_URL=")[1].split()[0]
        done = ingest("bars", ALPHA_VANTAGE_URL=url, ALPHA_VANTAGE_API_KEY="SECRET1", LAKE=str(tmp_path / "lake"))
        process.send_signal(signal.SIGTERM)
        _, stderr = process.communicate(timeout=30)
    assert (process.returncode, stderr) == (0, "")
    assert done.stdout.startswith("simulated market: figures are not real")
    assert "9 splits delivered, 20 requests made" in done.stdout
    assert "failed: TIME_SERIES_DAILY of META: empty answer" in done.stdout
    assert json.loads((tmp_path / "lake/origin.json").read_text()) == {"origin": "simulated"}


@pytest.mark.parametrize("fault", ["META=late", "META", "ZZZZ=empty"])
def test_an_unknown_fault_is_wrong_usage(fault: str) -> None:
    done = ingest("simulator", "--port", "0", "--fault", fault)
    assert done.returncode == 2
    assert "one of empty, outage, malformed, throttled" in done.stderr


def test_a_universe_is_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[KO]\nname = "Coca-Cola"\n[ko]\nlisted = 2026-11-22\n', encoding="utf-8")
    assert main(["universe", "check", str(own)]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"{own}, line 3: ko is in line 1 already as KO",
        f"{own}, line 3: ko is no ticker; did you mean KO?",
        f'{own}, line 3: ko: it has no name; add name = "…"',
        f"{own}, line 4: ko: listed is 2026-11-22, on which the market was closed",
        f"{own}: 4 faults; it cannot be used until they are gone",
    ]
    assert main(["universe", "check", "sp500.toml"]) == 0
    found = capsys.readouterr().out
    assert found.startswith("sp500.toml: nothing is wrong; 503 stocks, 3 etfs; 11 sectors; 3 with a day of")


def test_every_command_follows_the_universe_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = tmp_path / "own.toml"
    own.write_text('[KO]\nname = "Coca-Cola"\n', encoding="utf-8")
    monkeypatch.setenv("UNIVERSE", str(own))
    monkeypatch.setenv("LAKE", str(tmp_path / "lake"))
    try:
        assert main(["plan"]) == 0
        said = capsys.readouterr().out
        assert "KO" in said
        assert "AAPL" not in said
        monkeypatch.setenv("TICKERS", "AAPL")
        assert main(["plan"]) == 2
        assert f"AAPL is not in the universe; add it to {own}" in capsys.readouterr().err
    finally:
        choose(None)
