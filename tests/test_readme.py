"""README stays true where a machine can tell."""

import re
from pathlib import Path

import pytest

from lake.universe import universe

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


@pytest.mark.parametrize("target", sorted(set(re.findall(r"(?:`|^)make ([a-z0-9-]+)", README, re.MULTILINE))))
def test_every_target_that_readme_names_is_there(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), f"README names make {target}"


PLACE = r"`(?!benchmarks/out)((?:lake|ingest|glue|api|infra|grafana|benchmarks|tests|tools|requirements)/[\w./]*)`"


@pytest.mark.parametrize("place", re.findall(PLACE, README))
def test_every_place_that_readme_names_is_there(place: str) -> None:
    assert (ROOT / place).exists(), f"README names {place}"


def test_readme_names_every_ticker_and_the_ci_its_commands() -> None:
    introduction = README.split("##")[0]
    assert [ticker for ticker in universe() if ticker not in introduction] == []
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "make lint" in ci
    assert "make test" in ci
    assert "make e2e" in ci


def test_no_lock_file_names_an_index() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host", text), lock.name
