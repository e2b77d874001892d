"""Write the table of faults into docs/operating.md: `python -m tests.faults`."""

from tests.faults.table import PART, as_table
from tools import doc_blocks

if __name__ == "__main__":
    doc_blocks.write(PART, as_table())
