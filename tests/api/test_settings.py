"""Settings from an environment."""

import pytest

from api.settings import Settings, SettingsError, read_settings


def test_an_empty_environment_is_a_simulated_lake_on_port_8000() -> None:
    assert read_settings({}) == Settings(lake=".lake/simulated", deadline=20.0, port=8000, answer_bytes=32_000_000)


def test_a_lambda_answers_what_lambda_lets_through() -> None:
    assert read_settings({"AWS_LAMBDA_FUNCTION_NAME": "api", "ANSWER_MB": "32"}).answer_bytes == 6_000_000


def test_every_variable() -> None:
    environment = {
        "LAKE": "s3://bucket/lake",
        "ROOT_PATH": "/prod/",
        "ATHENA_WORKGROUP": "group",
        "ATHENA_DATABASE": "base",
        "ATHENA_DEADLINE": "7.5",
        "HOST": "127.0.0.2",
        "PORT": "9000",
        "CACHE_MB": "128",
        "ANSWER_MB": "1.5",
        "CORS_ORIGINS": "https://grafana.example:3000, HTTP://127.0.0.1:8080/",
    }
    origins = ("https://grafana.example:3000", "http://127.0.0.1:8080")
    expected = Settings(
        "s3://bucket/lake", "/prod", "group", "base", 7.5, 9000, 128, 1_500_000, host="127.0.0.2", cors_origins=origins
    )
    assert read_settings(environment) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "nan"),
        ("ATHENA_DEADLINE", "60"),
        ("CACHE_MB", "0"),
        ("ANSWER_MB", "0"),
    ],
)
def test_what_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name}={value}: must be a number from"):
        read_settings({name: value})


@pytest.mark.parametrize("host", ["localhost", "::", "127.0.0.256", "http://127.0.0.1"])
def test_a_host_that_is_no_ipv4_address_is_named(host: str) -> None:
    with pytest.raises(SettingsError, match=f"^HOST={host}: must be an IPv4 address"):
        read_settings({"HOST": host})


@pytest.mark.parametrize(
    ("text", "wanted"), [("", ()), (" ", ()), ("*", ("*",)), ("http://[::1]:3000", ("http://[::1]:3000",))]
)
def test_origins(text: str, wanted: tuple[str, ...]) -> None:
    assert read_settings({"CORS_ORIGINS": text}).cors_origins == wanted


@pytest.mark.parametrize(
    "text",
    ["grafana.example", "https://grafana.example/path", "https://a.example https://b.example", "https://*.example"],
)
def test_what_is_no_origin_is_named(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"CORS_ORIGINS": text})
    assert str(caught.value).startswith(f"CORS_ORIGINS={text}: must be * or origins")
