"""The commands of `python -m ingest`, and what each takes."""

import argparse

from ingest.alpha_vantage.plans import PLANS
from ingest.imports.cli import add_arguments
from ingest.simulator.faults import FAULTS, Fault
from lake.universe import universe

_HELP = """\
variables:
  LAKE                    the lake: a folder or s3://bucket/prefix (default .lake/<origin>)
  FEED                    a folder of recorded answers to serve instead of a vendor
  ALPHA_VANTAGE_API_KEY   a key: data is live; without it, and without FEED, it is simulated
  ALPHA_VANTAGE_PLAN      free or premium; free is the default of a key, no limits that of any stand-in
  ALPHA_VANTAGE_URL       the base URL of a stand-in, as `stand-in` serves one: data is then simulated
  ALPHA_VANTAGE_KEY_PARAMETER  an SSM SecureString that holds the key
  ALPHA_VANTAGE_KEY_SECRET     or a secret of Secrets Manager that does, as plain text
  TICKERS                 fetch only these of lake/universe.toml, as in VOO,NVDA (default all)
  FIREHOSE_PREFIX         deliver to the Firehose streams <prefix>-prices, -splits, -dividends and -sentiment

exit status: 0 all is well, 1 something failed and the rest is delivered, 2 wrong usage or settings
"""
_COMMANDS = {
    "daily": "fetch what is missing or old, as the plan says: bars, splits, dividends, news",
    "history": "fetch everything that the vendor gives of every ticker again",
    "bars": "of `daily` only bars, and the splits that they cannot be published without (Lambda's `daily`)",
    "events": "of `daily` the rest: the other splits, dividends, news",
    "plan": "print what `daily` would ask for now, and why; no request is made",
}


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    raw = argparse.RawDescriptionHelpFormatter
    about = "Fetch daily prices, splits, dividends and news of the universe's tickers into the lake."
    top = argparse.ArgumentParser(prog="python -m ingest", description=about, epilog=_HELP, formatter_class=raw)
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    for name, meaning in _COMMANDS.items():
        commands.add_parser(name, help=meaning, description=meaning)
    _add_stand_in(commands.add_parser("stand-in", help="serve the simulated market in the vendor's protocol"))
    add_arguments(commands.add_parser("import", help="take history from files into LAKE"))
    return top


def _add_stand_in(command: argparse.ArgumentParser) -> None:
    command.add_argument("--port", type=int, default=8100, help="default 8100; 0 is any free one, which is printed")
    command.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1")
    command.add_argument("--plan", choices=tuple(PLANS), help="hold requests to the limits of this plan")
    command.add_argument("--fault", action="append", default=[], type=_fault, metavar="TICKER=FAULT",
                         help=f"answer every request about TICKER with a fault: {', '.join(FAULTS)}")  # fmt: skip
    command.add_argument("--throttle-every", type=int, metavar="N", help="refuse every N-th request as asked too fast")


def _fault(text: str) -> tuple[str, Fault]:
    ticker, _, name = text.partition("=")
    for fault in FAULTS:
        if ticker in universe() and fault == name:
            return ticker, fault
    raise argparse.ArgumentTypeError(f"{text} is not one of the universe's tickers, '=' and one of {', '.join(FAULTS)}")
