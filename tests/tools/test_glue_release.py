"""The wheels of the jobs: complete, and installed without a registry."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools.glue_release import LOCK, release, wheels
from tools.licences import locked


def test_a_new_lock_is_a_new_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name, _ = release()
    changed = tmp_path / "glue.txt"
    changed.write_text(LOCK.read_text(encoding="utf-8") + "# another hash\n", encoding="utf-8")
    monkeypatch.setattr("tools.glue_release.LOCK", changed)
    assert release()[0] != name


def test_the_locked_wheels_install_without_an_index(tmp_path: Path) -> None:
    """As Glue does it, from the zip's own requirements and wheels; then boto3 knows conditional writes."""
    with zipfile.ZipFile(io.BytesIO(wheels())) as archive:
        archive.extractall(tmp_path)
    pins = (tmp_path / "wheels" / "requirements.txt").read_text(encoding="utf-8").split()
    assert sorted(pin.replace("_", "-") for pin in pins) == sorted(
        f"{name}=={version}" for name, version, _ in locked(LOCK.read_text(encoding="utf-8"))
    )
    target = tmp_path / "site"
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-index"]
    place = [f"--find-links={tmp_path / 'wheels'}", f"--requirement={tmp_path / 'wheels' / 'requirements.txt'}"]
    subprocess.run([*pip, *place, f"--target={target}"], check=True, capture_output=True)
    script = (
        f"import sys; sys.path.insert(0, {str(target)!r}); import boto3; "
        "model = boto3.client('s3', region_name='us-east-1').meta.service_model.operation_model('PutObject'); "
        "print({'IfMatch', 'IfNoneMatch'} <= set(model.input_shape.members))"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "True"
