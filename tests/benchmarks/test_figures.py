"""The report of a benchmark: printed lines, JSON file, exit status."""

import json
from pathlib import Path

import pytest

from benchmarks import figures
from benchmarks.figures import judged, report, unjudged


def test_figures_are_printed_written_and_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(figures, "OUTPUT_FOLDER", tmp_path / "out")
    assert report("lake", [judged("ratio", 3.5, "<= 4"), unjudged("seconds", 12)]) == 0
    assert report("lake", [judged("ratio", 4.5, "<= 4"), judged("share", 0.9, ">= 0.9")]) == 1
    assert json.loads((tmp_path / "out" / "lake.json").read_text()) == [
        {"name": "ratio", "value": 4.5, "bar": "<= 4", "holds": False},
        {"name": "share", "value": 0.9, "bar": ">= 0.9", "holds": True},
    ]
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("(bar <= 4: holds)")
    assert lines[2].endswith("(bar <= 4: MISSED)")
