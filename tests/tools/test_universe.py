"""The universe that a deployment packs."""

import io
import zipfile
from pathlib import Path

import pytest

from lake.universe import DEFAULT
from tools import glue_release, universe
from tools.template import default, resources


@pytest.fixture
def own(tmp_path: Path) -> Path:
    file = tmp_path / "own.toml"
    file.write_text('[KO]\nname = "Coca-Cola"\n', encoding="utf-8")
    return file


def test_the_template_the_packer_and_the_code_have_one_default() -> None:
    assert default("Universe") == universe.DEFAULT == DEFAULT


def test_a_named_file_is_the_parameter_and_one_of_our_own_needs_no_packing(own: Path) -> None:
    assert universe.parameter({"UNIVERSE": str(own)}, "sp500.toml") == {"Universe": "own.toml"}
    assert universe.own_file({"UNIVERSE": str(own)}) == own
    ours = {"UNIVERSE": "lake/universes/sp500.toml"}
    assert universe.parameter(ours, None) == {"Universe": "sp500.toml"}
    assert universe.own_file(ours) is None


def test_a_deployment_that_names_none_keeps_the_stacks() -> None:
    assert universe.parameter({}, "sp500.toml") == {"Universe": "sp500.toml"}
    assert universe.parameter({}, None) == {"Universe": DEFAULT}
    with pytest.raises(ValueError, match=r"the stack's universe is own.toml, and lake/universes/ has none: name it"):
        universe.parameter({}, "own.toml")


def test_a_file_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match=r"UNIVERSE=nowhere/x.toml: there is no such file"):
        universe.parameter({"UNIVERSE": "nowhere/x.toml"}, None)


def test_the_glue_release_has_the_file_and_another_name(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNIVERSE", raising=False)
    before, _ = glue_release.release()
    monkeypatch.setenv("UNIVERSE", str(own))
    name, files = glue_release.release()
    assert name != before
    with zipfile.ZipFile(io.BytesIO(files[f"glue/{name}/{glue_release.ZIP}"])) as archive:
        assert archive.read("lake/universes/own.toml") == own.read_bytes()
        assert "lake/universes/sp500.toml" in archive.namelist()


def test_every_job_and_function_gets_its_name() -> None:
    for job in resources("AWS::Glue::Job").values():
        assert job["DefaultArguments"]["--UNIVERSE"] == {"Ref": "Universe"}
