"""Write the table of faults into README.md: `python -m tests.faults`."""

from tests.faults.table import PART, as_table
from tools import readme

if __name__ == "__main__":
    readme.write(PART, as_table())
