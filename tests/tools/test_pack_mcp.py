"""The packed function answers `/mcp`, without what is taken out of its folder."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import mcp

from benchmarks.support.lakes import publish
from benchmarks.support.markets import small_market
from tools import pack

EVENT = Path(__file__).parent.parent / "api" / "events" / "rest_mcp.json"
# Runs the handler where none of the packages that are taken out can be imported, as in the zip.
SCRIPT = """
import asyncio, json, sys

class Refusing:
    def find_spec(self, name, path=None, target=None):
        if name.replace(".", "/") in {gone!r} or name == "_cffi_backend":
            raise ModuleNotFoundError(f"No module named {{name!r}}: it is not packed", name=name)

sys.path.insert(0, {folder!r})
sys.meta_path.insert(0, Refusing())
asyncio.set_event_loop(asyncio.new_event_loop())
from api.lambda_handler import handler
answers = [handler(json.load(open({event!r})), None) for _ in range(2)]
import mcp
print(json.dumps([mcp.__file__, answers]))
"""


def test_the_packed_function_answers_mcp(tmp_path: Path) -> None:
    folder = tmp_path / "function"
    assert mcp.__file__
    shutil.copytree(Path(mcp.__file__).parent, folder / "mcp", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "botocore/data").mkdir(parents=True)
    pack.prune(folder, set())
    assert not (folder / "mcp/client").exists()
    shutil.rmtree(folder / "botocore")
    lake = publish(tmp_path / "lake", small_market())
    script = SCRIPT.format(gone=set(pack.MCP_ONLY), folder=str(folder), event=str(EVENT))
    run = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"LAKE": str(lake), "ROOT_PATH": "prod"},
        capture_output=True,
        text=True,
        check=True,
    )
    found, answers = json.loads(run.stdout.splitlines()[-1])
    assert found == str(folder / "mcp/__init__.py")
    for answer in answers:
        assert answer["statusCode"] == 200
        assert not json.loads(answer["body"])["result"]["isError"]
