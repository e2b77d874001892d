"""README and docs/ stay true where a machine can tell: places, make targets, links, the list of pages, sizes."""

import re
from pathlib import Path

import pytest
import yaml

from lake.universe import universe

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
SITE = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
PAGES = sorted(DOCS.rglob("*.md"))
TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *PAGES]

TARGET = r"(?:`|^)make ([a-z0-9-]+)"
FOLDERS = "api|benchmarks|docs|glue|grafana|infra|ingest|lake|requirements|tests|tools"
PLACE = rf"`((?:{FOLDERS})/[\w./-]*)`"
MADE_BY_COMMANDS = "benchmarks/out/"
LINK = r"\]\((?!https?:)([^)#\s]+)"
TERMS = 30


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def pages_of(nav: list[dict[str, object]] | list[object]) -> list[str]:
    """The files of a nav, in order; a section holds a nav of its own."""
    found: list[str] = []
    for entry in nav:
        target = next(iter(entry.values())) if isinstance(entry, dict) else entry
        found += pages_of(target) if isinstance(target, list) else [str(target)]
    return found


@pytest.mark.parametrize("text", TEXTS, ids=name_of)
def test_every_make_target_that_is_named_exists(text: Path) -> None:
    named = set(re.findall(TARGET, text.read_text(encoding="utf-8"), re.MULTILINE))
    missing = [target for target in sorted(named) if not re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)]
    assert not missing, f"{name_of(text)} names make targets that are not in the Makefile"


@pytest.mark.parametrize("text", TEXTS, ids=name_of)
def test_every_place_that_is_named_exists(text: Path) -> None:
    places = re.findall(PLACE, text.read_text(encoding="utf-8"))
    missing = [place for place in places if not place.startswith(MADE_BY_COMMANDS) and not (ROOT / place).exists()]
    assert not missing, f"{name_of(text)} names places that are not in the repository"


@pytest.mark.parametrize("text", TEXTS, ids=name_of)
def test_every_link_leads_to_a_file(text: Path) -> None:
    links = re.findall(LINK, text.read_text(encoding="utf-8"))
    missing = [link for link in links if not (text.parent / link).exists()]
    assert not missing, f"{name_of(text)} links to files that are not there"


def test_readme_is_one_page() -> None:
    assert len(README.splitlines()) <= 150, "README has at most 150 lines: move what is long to docs/"
    assert len(README.encode()) <= 9 * 1024, "README has at most 9 kB: move what is long to docs/"


def test_readme_names_every_ticker() -> None:
    introduction = README.split("##")[0]
    assert [ticker for ticker in universe() if ticker not in introduction] == []


def test_ci_runs_everything_that_has_to_pass() -> None:
    for target in ("lint", "docs", "test", "e2e"):
        assert f"make {target}\n" in CI
    workflow = ROOT / ".github/workflows/ci.yml"
    job = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]["ci"]
    assert ".ci/run" in [step.get("run") for step in job["steps"]]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert re.findall(r"Python :: (3\.\d+)", project) == job["strategy"]["matrix"]["python"]


def test_the_site_lists_every_page_and_needs_no_internet() -> None:
    listed = pages_of(SITE["nav"])
    assert sorted(listed) == sorted(str(page.relative_to(DOCS)) for page in PAGES)
    assert SITE["strict"] is True
    assert SITE["theme"]["font"] is False, "fonts would come from a CDN"
    assert "mermaid" not in "".join(page.read_text(encoding="utf-8") for page in PAGES), "Material loads it from a CDN"


def test_llms_txt_lists_every_page() -> None:
    text = (DOCS / "llms.txt").read_text(encoding="utf-8")
    listed = set(re.findall(r"\]\(([^)]+)\.html\)", text))
    wanted = {str(page.relative_to(DOCS).with_suffix("")) for page in PAGES if page.parent == DOCS}
    assert listed == (wanted - {"index"}) | {"decisions/index"}


def test_every_decision_has_a_number_a_date_and_a_reason() -> None:
    pages = sorted((DOCS / "decisions").glob("0*.md"))
    index = (DOCS / "decisions/index.md").read_text(encoding="utf-8")
    for number, page in enumerate(pages, start=1):
        assert page.name.startswith(f"{number:04d}-"), f"{page.name} should have the number {number}"
        text = page.read_text(encoding="utf-8")
        assert re.match(rf"# {number}\. .+\n\n20\d\d-\d\d-\d\d", text), f"{page.name} needs its number, title and date"
        assert "**Decision.**" in text
        assert "**Reason.**" in text
        assert f"]({page.name})" in index
    assert len(pages) > 20


def test_the_glossary_is_short_and_in_order() -> None:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    terms = re.findall(r"^\| ([a-z][\w -]*) \|", text, re.MULTILINE)[1:]
    assert 0 < len(terms) <= TERMS
    assert terms == sorted(terms)


def test_no_lock_file_names_an_index() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links|--trusted-host", text), lock.name
