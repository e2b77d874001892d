"""Reads the vendor's API key from an SSM SecureString or from a secret of Secrets Manager."""

from collections.abc import Mapping
from typing import Any

from ingest.errors import SettingsError
from lake.origin import KEY_VARIABLE, URL_VARIABLE

KEY_PARAMETER = "ALPHA_VANTAGE_KEY_PARAMETER"
KEY_SECRET = "ALPHA_VANTAGE_KEY_SECRET"  # noqa: S105 - the name of a variable


def with_stored_key(environment: Mapping[str, str]) -> Mapping[str, str]:
    """The environment with the stored key added, if one is named. None is read for a feed or a simulator."""
    names = {name: environment[name] for name in (KEY_PARAMETER, KEY_SECRET) if environment.get(name)}
    # A run that does not request from the vendor needs no key, and its role may not be allowed to read one.
    if not names or any(environment.get(name) for name in (KEY_VARIABLE, "FEED", URL_VARIABLE)):
        return environment
    if len(names) > 1:
        raise SettingsError(f"{KEY_PARAMETER} and {KEY_SECRET} both name a key; keep one of them")
    ((variable, name),) = names.items()
    return {**environment, KEY_VARIABLE: _stored(variable, name)}


def _stored(variable: str, name: str) -> str:
    import boto3  # imported late, because only a stored key needs it
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return _parameter(boto3, name) if variable == KEY_PARAMETER else _secret(boto3, name)
    except (BotoCoreError, ClientError) as error:
        raise SettingsError(f"{variable}={name}: the key cannot be read: {error}") from error


def _parameter(boto3: Any, name: str) -> str:
    return str(boto3.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])


def _secret(boto3: Any, name: str) -> str:
    answer = boto3.client("secretsmanager").get_secret_value(SecretId=name)
    if "SecretString" not in answer:
        raise SettingsError(f"{KEY_SECRET}={name}: the secret is binary; store the key as plain text")
    return str(answer["SecretString"])
