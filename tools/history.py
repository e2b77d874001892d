"""A scan of the whole history for secrets: detect-secrets' detectors over every line that a commit ever added.

Run by `make audit`, and by a test. What stands after a word such as `key =` counts where it looks like a key: eight
characters at least, a digit among them. Tests have shorter ones, and names without digits.
"""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from detect_secrets.core.scan import scan_line
from detect_secrets.settings import transient_settings

ROOT = Path(__file__).resolve().parent.parent
# Detectors of a shape or of a name. Those of entropy would take every locked hash for a secret.
DETECTORS = (
    *("AWSKeyDetector", "ArtifactoryDetector", "AzureStorageKeyDetector", "BasicAuthDetector", "KeywordDetector"),
    *("DiscordBotTokenDetector", "GitHubTokenDetector", "GitLabTokenDetector", "JwtTokenDetector", "NpmDetector"),
    *("OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector"),
    *("StripeDetector", "TelegramBotTokenDetector", "TwilioKeyDetector"),
)
_BY_NAME, _FEWEST = "Secret Keyword", 8
_A_HASH = "--hash=sha256:"


class Suspect(NamedTuple):
    """A word that a detector takes for a secret, and the line it stands in."""

    detector: str
    word: str
    line: str


def added_lines(root: Path = ROOT) -> Iterator[str]:
    """Every line that a commit up to HEAD added; hashes of lock files are left out."""
    command = ["git", "log", "--patch", "--unified=0", "--no-color", "--no-ext-diff"]
    history = subprocess.run(command, cwd=root, check=True, capture_output=True).stdout.decode(errors="replace")
    added = {line[1:] for line in history.splitlines() if line.startswith("+") and not line.startswith("+++")}
    return (line for line in sorted(added) if _A_HASH not in line)


def suspects(lines: Iterable[str]) -> list[Suspect]:
    """What the detectors find, but for what a name calls a key and does not look like one."""
    with transient_settings({"plugins_used": [{"name": name} for name in DETECTORS]}):
        found = ((secret, line) for line in lines for secret in scan_line(line))
        return [
            Suspect(secret.type, secret.secret_value or "", line.strip())
            for secret, line in found
            if secret.type != _BY_NAME or _looks_like_a_key(secret.secret_value or "")
        ]


def _looks_like_a_key(word: str) -> bool:
    return len(word.rstrip("\\n")) >= _FEWEST and any(letter.isdigit() for letter in word)


if __name__ == "__main__":
    found = suspects(added_lines())
    for suspect in found:
        print(f"{suspect.detector}: {suspect.line[:200]}", file=sys.stderr)
    print(f"secrets: {len(found)} suspect words in the history")
    sys.exit(bool(found))
