"""What is taken out of a function's folder, and what has to stay; `make e2e` packs for real."""

from pathlib import Path

import pytest

from tools import pack
from tools.deploy import parameters_of


def fill(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content of {path.name}")


def left(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_what_no_function_runs_is_removed(tmp_path: Path) -> None:
    stay = {
        "botocore/data/s3/2006-03-01/service-2.json.gz",
        "botocore/data/endpoints.json",
        "numpy/_core/multiarray.py",
        "pydantic-2.dist-info/METADATA",
    }
    go = (
        "bin/normalizer",
        "numpy/_core/tests/test_it.py",
        "numpy/__init__.pyi",
        "botocore/data/ec2/x/service-2.json.gz",
    )
    fill(tmp_path, *stay, *go)
    pack.prune(tmp_path, {"s3"})
    assert left(tmp_path) == stay


def test_only_the_built_file_of_the_chart_library_stays(tmp_path: Path) -> None:
    chart = "lightweight_charts/js/lightweight-charts.js"
    fill(tmp_path, "lightweight_charts/__init__.py", "lightweight_charts/js/bundle.js", chart)
    fill(tmp_path, "botocore/data/endpoints.json", "lightweight_charts_onesixth-3.1.1.dist-info/METADATA")
    pack.prune(tmp_path, set())
    assert left(tmp_path) == {
        *("lightweight_charts/__init__.py", chart),
        *("botocore/data/endpoints.json", "lightweight_charts_onesixth-3.1.1.dist-info/METADATA"),
    }
    assert (tmp_path / "lightweight_charts/__init__.py").read_text() == ""
    assert (tmp_path / chart).read_text() == "content of lightweight-charts.js"


def test_parameters_are_pairs_quoted_as_in_a_shell() -> None:
    text = "Tickers=VOO,NVDA DailySchedule='cron(30 20 * * ? *)'"
    assert parameters_of(text) == {"Tickers": "VOO,NVDA", "DailySchedule": "cron(30 20 * * ? *)"}
    assert parameters_of("") == {}


@pytest.mark.parametrize("text", ["Tickers", "=VOO", "a-b=1"])
def test_what_is_not_a_pair_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not of the form Name=value"):
        parameters_of(text)


def test_the_glossary_is_packed_where_a_link_leads_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pack, "dependencies", lambda *_: tmp_path / "dependencies")
    (tmp_path / "dependencies").mkdir()
    pack.pack("api", tmp_path / "function", "python3.13", "arm64")
    glossary = tmp_path / "function/api/mcp/glossary.md"
    assert not glossary.is_symlink()
    assert glossary.read_text(encoding="utf-8").startswith("# Glossary")
