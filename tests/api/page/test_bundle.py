"""One script of several modules: order, names, and what is refused."""

import shutil
import subprocess
from pathlib import Path

import pytest

from api.page.bundle import bundle
from benchmarks.support.chromium import CHROMIUM, FLAGS

MODULES = {
    "main.js": 'import { double } from "./b.js";\nimport { base } from "./a.js";\nimport data from "./d.json";\n'
    "document.title = String(double(base) + data.one);\n",
    "a.js": "export const base = 20;\nconst hidden = 1;\n",
    "b.js": 'import { base } from "./a.js";\nconst hidden = base;\nexport function double() { return 2 * hidden; }\n',
    "d.json": '{"one": 2}\n',
}


def write(folder: Path, **changed: str) -> Path:
    """Write the modules, some of them changed; gives back the entry."""
    for name, text in (MODULES | {f"{name}.js": text for name, text in changed.items()}).items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "main.js"


def test_a_module_comes_once_and_before_those_that_import_it(tmp_path: Path) -> None:
    text = bundle(write(tmp_path), {})
    places = [text.index(f"const _{name}") for name in ("a_js", "b_js", "d_json")]
    assert places == sorted(places)
    assert text.count("const _a_js") == 1
    assert not [line for line in text.splitlines() if line.startswith(("import", "export"))]


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")
def test_a_browser_runs_it_and_modules_keep_their_own_names(tmp_path: Path) -> None:
    """Two modules have a constant of the same name; 42 is 2 × 20 + 2."""
    entry = write(tmp_path)
    (tmp_path / "data").mkdir()
    shutil.move(tmp_path / "d.json", tmp_path / "data" / "d.json")
    script = bundle(entry, {"d.json": tmp_path / "data" / "d.json"})
    page = tmp_path / "page.html"
    page.write_text(f'<title>no</title><script type="module">{script}</script>', encoding="utf-8")
    dumped = subprocess.run(
        [str(CHROMIUM), "--headless", *FLAGS, "--dump-dom", page.as_uri()], capture_output=True, text=True, check=True
    )
    assert "<title>42</title>" in dumped.stdout


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('import * as a from "./a.js";\n', r"import \* as a"),
        ('import { base } from "elsewhere";\n', "elsewhere"),
        ("export default 1;\n", "export default 1;"),
        ("export let x = 1;\n", "export let x"),
        ('import { base as other } from "./a.js";\n', "base as other"),
        ('import { main } from "./main.js";\n', "imports itself"),
    ],
)
def test_what_the_bundle_does_not_know_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    entry = write(tmp_path, main='import { x } from "./b.js";\n', b=text)
    with pytest.raises(ValueError, match=fault):
        bundle(entry, {})
