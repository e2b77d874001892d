"""Packs a Lambda function: its own package, `lake`, and its locked dependencies for a runtime.

`python tools/pack.py api FOLDER`, with the template's RUNTIME and ARCHITECTURE in the environment. SAM calls it through
`infra/Makefile`. It needs only pip, which picks the wheels of that runtime, whatever Python runs here.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "infra" / ".aws-sam" / "dependencies"  # by function, runtime, architecture and lock
DEFAULT_RUNTIME, DEFAULT_ARCHITECTURE = "python3.13", "arm64"  # as the template's; tested
MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
# Amazon Linux 2023 has glibc 2.34. pip does not know that a newer tag includes the older ones, so each is named.
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
GLIBC = (*(f"manylinux_2_{minor}" for minor in range(34, 16, -1)), "manylinux2014")

# The AWS clients of a function. botocore's descriptions of all other services would double its size.
CLIENTS = {"ingest": {"firehose", "lambda", "s3", "secretsmanager", "ssm"}, "api": {"athena", "s3"}}
NOT_RUN = ("tests", "__pycache__", "include", "f2py")  # folders of dependencies that no function needs
NOT_READ = ("*.pyi", "*.pxd", "*.h", "*.c")
# The only file of the chart library's package that is served; nothing imports its Python.
CHART = Path("lightweight_charts/js/lightweight-charts.js")

# Of the MCP SDK a function runs the low-level server. The packages' own __init__ import its client too, and with that
# what only a client, OAuth or a server with sockets needs: 7 MB of a zip, and a third of the first request.
MCP_INITS = ("mcp/__init__.py", "mcp/server/__init__.py")
MCP_ONLY = (
    *("mcp/client", "mcp/cli", "mcp/server/mcpserver", "attr", "attrs", "cffi", "click", "cryptography", "h11"),
    *("httpcore2", "httpx2", "jsonschema", "jsonschema_specifications", "jwt", "multipart", "pycparser"),
    *("python_multipart", "referencing", "rpds", "truststore", "uvicorn"),
)


def main() -> int:
    """0 when the function is packed."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    pack(name, folder, os.environ.get("RUNTIME", DEFAULT_RUNTIME), os.environ.get("ARCHITECTURE", DEFAULT_ARCHITECTURE))
    return 0


def pack(name: str, folder: Path, runtime: str, architecture: str) -> None:
    """Fill `folder` with the function `name` (ingest or api)."""
    shutil.copytree(dependencies(name, runtime, architecture), folder, dirs_exist_ok=True)
    for package in (name, "lake"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    universe = os.environ.get("UNIVERSE_FILE")  # one of the user's own, in an absolute path: SAM runs this elsewhere
    if universe:
        shutil.copy(universe, folder / "lake" / "universes")


def dependencies(name: str, runtime: str, architecture: str) -> Path:
    """A folder of the function's pruned dependencies, made once for each lock, runtime and architecture."""
    recipe = (ROOT / "requirements" / f"lambda-{name}.txt").read_bytes() + Path(__file__).read_bytes()
    folder = CACHE / f"{name}-{runtime}-{architecture}-{hashlib.sha256(recipe).hexdigest()[:12]}"
    if not folder.exists():
        unfinished = folder.with_suffix(f".{os.getpid()}")
        install(name, unfinished, runtime, architecture)
        prune(unfinished, CLIENTS[name])
        unfinished.rename(folder)  # only now: an interrupted build leaves no folder that looks complete
    return folder


def install(name: str, folder: Path, runtime: str, architecture: str) -> None:
    """Install the locked wheels for the runtime, each checked by its hash."""
    version = runtime.removeprefix("python")
    platforms = [f"--platform={tag}_{MACHINES[architecture]}" for tag in GLIBC]
    requirements = ROOT / "requirements" / f"lambda-{name}.txt"
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-compile"),
            *("--only-binary=:all:", f"--python-version={version}", "--implementation=cp", *platforms),
            # The lock is complete, and resolving would evaluate markers for this Python instead of the runtime.
            *("--no-deps", "--require-hashes", f"--requirement={requirements}", f"--target={folder}"),
        ],
        check=True,
    )


def prune(folder: Path, clients: set[str]) -> None:
    """Remove what no function runs or reads, to load faster and to stay far below Lambda's limit of 250 MB."""
    for path in sorted(not_needed(folder, clients)):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    if (folder / CHART).exists():
        _keep_chart(folder)
    if (folder / MCP_INITS[0]).exists():
        _keep_mcp_server(folder)


def not_needed(folder: Path, clients: set[str]) -> Iterator[Path]:
    """Scripts, tests, type stubs, C sources, and botocore's descriptions of services that the function never calls."""
    yield folder / "bin"
    for pattern in (*NOT_RUN, *NOT_READ):
        yield from folder.rglob(pattern)
    services = folder / "botocore" / "data"
    yield from (path for path in services.iterdir() if path.is_dir() and path.name not in clients)


def _keep_chart(folder: Path) -> None:
    """Keep the chart library where its package has it, with an `__init__` that imports nothing."""
    package = CHART.parts[0]
    chart = (folder / CHART).read_bytes()
    shutil.rmtree(folder / package)
    (folder / CHART).parent.mkdir(parents=True)
    (folder / CHART).write_bytes(chart)
    (folder / package / "__init__.py").write_text("")


def _keep_mcp_server(folder: Path) -> None:
    """Keep the SDK's low-level server, below packages that import nothing."""
    for name in MCP_ONLY:
        shutil.rmtree(folder / name, ignore_errors=True)
    for library in folder.glob("_cffi_backend*.so"):
        library.unlink()
    for package in MCP_INITS:
        (folder / package).write_text("")


if __name__ == "__main__":
    sys.exit(main())
