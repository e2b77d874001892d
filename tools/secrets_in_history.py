"""Scans the history for secrets: detect-secrets' detectors run over every line that a commit ever added.

Run by `make audit` and by a test. A value after a word such as `key =` counts as a secret only if it has at least eight
characters and a digit; the invented keys in tests are shorter, and identifiers have no digits.
"""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from detect_secrets.core.scan import scan_line
from detect_secrets.settings import transient_settings

ROOT = Path(__file__).resolve().parent.parent
# Detectors of formats and of keywords. The entropy detectors would report every locked hash.
DETECTORS = (
    *("AWSKeyDetector", "ArtifactoryDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "KeywordDetector"),
    *("DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector", "JwtTokenDetector", "NpmDetector"),
    *("OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector"),
    *("StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector"),
)
_KEYWORD_TYPE, _MIN_LENGTH = "Secret Keyword", 8
_LOCKED_HASH = "--hash=sha256:"


class Suspect(NamedTuple):
    """A string that a detector reports as a secret, and its line."""

    detector: str
    value: str
    line: str


def added_lines(root: Path = ROOT) -> Iterator[str]:
    """Every line that a commit up to HEAD added, without the hashes of lock files."""
    # Added lines of every commit, not the present files: a secret that was removed later is still public.
    command = ["git", "log", "--patch", "--unified=0", "--no-color", "--no-ext-diff"]
    history = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout.decode(errors="replace")
    # A set, because scanning is slow and most lines are repeated by moves and merges.
    added = {line[1:] for line in history.splitlines() if line.startswith("+") and not line.startswith("+++")}
    return (line for line in sorted(added) if _LOCKED_HASH not in line)


def suspects(lines: Iterable[str]) -> list[Suspect]:
    """The detectors' findings, without values after a keyword that do not look like a key."""
    with transient_settings({"plugins_used": [{"name": name} for name in DETECTORS]}):
        found = ((secret, line) for line in lines for secret in scan_line(line))
        return [
            Suspect(secret.type, secret.secret_value or "", line.strip())
            for secret, line in found
            if secret.type != _KEYWORD_TYPE or _looks_like_a_key(secret.secret_value or "")
        ]


def _looks_like_a_key(value: str) -> bool:
    return len(value.rstrip("\\n")) >= _MIN_LENGTH and any(character.isdigit() for character in value)


if __name__ == "__main__":
    found = suspects(added_lines())
    for suspect in found:
        print(f"{suspect.detector}: {suspect.line[:200]}", file=sys.stderr)
    print(f"secrets: {len(found)} suspected secrets in the history")
    sys.exit(bool(found))
