"""GitHub's workflows: their schema, and that the one that deploys needs no stored AWS keys."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
DEPLOY = yaml.safe_load((ROOT / ".github" / "workflows" / "deploy.yml").read_text(encoding="utf-8"))
EXPRESSION = re.compile(r"\$\{\{\s*(\w+)\.(\w+)")


def test_the_workflows_are_of_githubs_schema() -> None:
    pytest.importorskip("check_jsonschema", reason="of requirements/dev.txt: tools/setup.sh dev installs it")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    done = subprocess.run([*command, *map(str, WORKFLOWS)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def steps() -> list[dict[str, Any]]:
    """The steps of the one job."""
    (job,) = DEPLOY["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


def test_it_deploys_by_hand_with_a_role_and_no_stored_keys() -> None:
    assert set(DEPLOY[True]) == {"workflow_dispatch"}  # YAML reads `on` as true
    assert DEPLOY["permissions"] == {"contents": "read", "id-token": "write"}
    (credentials,) = [one["with"] for one in steps() if "configure-aws-credentials" in one.get("uses", "")]
    assert "role-to-assume" in credentials
    assert "aws-access-key-id" not in credentials
    assert steps()[-1]["run"] == "make deploy"


def test_an_input_is_never_part_of_a_command() -> None:
    """It would be shell code: `${{ }}` is replaced before the shell reads the line."""
    assert not [one["run"] for one in steps() if "${{" in one.get("run", "")]


def test_every_expression_names_what_exists() -> None:
    inputs = set(DEPLOY[True]["workflow_dispatch"]["inputs"])
    known = {"inputs": inputs, "vars": {"AWS_ROLE", "AWS_REGION"}, "secrets": {"ALPHA_VANTAGE_API_KEY"}}
    known["github"] = {"run_id"}
    text = (ROOT / ".github" / "workflows" / "deploy.yml").read_text(encoding="utf-8")
    found = EXPRESSION.findall(text)
    assert found
    assert [name for context, name in found if name not in known[context]] == []
    guide = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    assert [name for names in ("vars", "secrets") for name in known[names] if f"`{name}`" not in guide] == []


def test_make_deploy_reads_the_variables_that_it_is_given() -> None:
    given = steps()[-1]["env"]
    code = (ROOT / "tools" / "deploy.py").read_text(encoding="utf-8")
    assert [name for name in given if f'"{name}"' not in code] == []
