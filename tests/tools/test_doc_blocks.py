"""The parts of docs/ that commands write: how they are written, and that they are current."""

import pytest

from tools import reference_docs
from tools.doc_blocks import DOCS, PAGES, block, table, with_block, written

TEXT = "# A\n<!-- faults -->\nold\n<!-- /faults -->\nrest\n"


def test_a_part_is_written_between_its_comments_and_nowhere_else() -> None:
    assert with_block("faults", TEXT, table(["a", "b"], [["1", r"\2"]])) == (
        "# A\n<!-- faults -->\n\n| a | b |\n| --- | --- |\n| 1 | \\2 |\n\n<!-- /faults -->\nrest\n"
    )
    assert block("faults", TEXT) == "old\n"


def test_a_page_without_the_part_is_named() -> None:
    assert block("peers", TEXT) is None
    with pytest.raises(ValueError, match=r"docs/comparison\.md .* add the lines <!-- peers -->"):
        with_block("peers", TEXT, "x")


@pytest.mark.parametrize("name", PAGES)
def test_every_part_has_a_place_on_its_page_alone(name: str) -> None:
    texts = [*DOCS.rglob("*.md"), DOCS / "llms.txt"]
    pages = [path.name for path in texts if block(name, path.read_text(encoding="utf-8")) is not None]
    assert pages == [PAGES[name]]


@pytest.mark.parametrize("name", reference_docs.PARTS)
def test_the_reference_is_what_the_code_says(name: str) -> None:
    assert written(name) == reference_docs.PARTS[name](), f"docs/{PAGES[name]} is behind: make docs-parts"
