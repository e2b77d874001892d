"""The parts of README that commands write."""

import pytest

from tools.readme import block, table, with_block

TEXT = "# A\n<!-- faults -->\nold\n<!-- /faults -->\nrest\n"


def test_a_part_is_written_between_its_comments_and_nowhere_else() -> None:
    assert with_block("faults", TEXT, table(["a", "b"], [["1", r"\2"]])) == (
        "# A\n<!-- faults -->\n| a | b |\n| --- | --- |\n| 1 | \\2 |\n<!-- /faults -->\nrest\n"
    )
    assert block("faults", TEXT) == "old\n"


def test_a_readme_without_the_part_is_said() -> None:
    assert block("peers", TEXT) is None
    with pytest.raises(ValueError, match="add the lines <!-- peers -->"):
        with_block("peers", TEXT, "x")
