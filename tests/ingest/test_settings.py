from pathlib import Path

import boto3
import pytest

from ingest.alpha_vantage.api_key import with_stored_key
from ingest.alpha_vantage.plans import FREE, PREMIUM
from ingest.errors import SettingsError
from ingest.settings import settings_of
from lake.universe import universe


def test_nothing_set_is_the_simulated_market_in_its_own_folder() -> None:
    settings = settings_of({})
    assert (settings.origin, settings.lake, settings.feed, settings.api_key) == (
        "simulated",
        ".lake/simulated",
        None,
        None,
    )
    assert settings.streams is None


def test_an_empty_variable_is_unset() -> None:
    names = ("FEED", "LAKE", "ALPHA_VANTAGE_API_KEY", "ALPHA_VANTAGE_PLAN", "ALPHA_VANTAGE_URL", "FIREHOSE_PREFIX")
    assert settings_of(dict.fromkeys(names, "")) == settings_of({})


def test_a_feed_is_recorded_even_with_a_key() -> None:
    settings = settings_of({"FEED": "answers", "ALPHA_VANTAGE_API_KEY": "SECRET1", "LAKE": "s3://bucket/lake"})
    assert (settings.origin, settings.lake, settings.feed) == ("recorded", "s3://bucket/lake", Path("answers"))


def test_a_key_is_live_and_never_shown() -> None:
    settings = settings_of({"ALPHA_VANTAGE_API_KEY": "SECRET1"})
    assert settings.origin == "live"
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == "SECRET1"
    assert "SECRET1" not in repr(settings) + str(settings) + settings.model_dump_json()


def test_an_impossible_key_is_refused_without_showing_it() -> None:
    with pytest.raises(SettingsError, match="ALPHA_VANTAGE_API_KEY") as caught:
        settings_of({"ALPHA_VANTAGE_API_KEY": "SECRET1\n"})
    assert "SECRET1" not in str(caught.value)


def test_an_unknown_plan_is_refused() -> None:
    assert settings_of({}).plan is None
    assert settings_of({"ALPHA_VANTAGE_PLAN": "free"}).plan == FREE
    assert settings_of({"ALPHA_VANTAGE_PLAN": "premium"}).plan == PREMIUM
    with pytest.raises(SettingsError, match="ALPHA_VANTAGE_PLAN=gold: expected one of free, premium"):
        settings_of({"ALPHA_VANTAGE_PLAN": "gold"})


def test_a_prefix_names_one_stream_for_each_kind() -> None:
    assert settings_of({"FIREHOSE_PREFIX": "bw"}).streams == {
        "prices": "bw-prices",
        "splits": "bw-splits",
        "dividends": "bw-dividends",
        "sentiment": "bw-sentiment",
    }


def test_a_key_is_read_from_its_parameter(aws: None) -> None:
    boto3.client("ssm").put_parameter(Name="/bw/key", Value="STORED1", Type="SecureString")
    environment = with_stored_key({"ALPHA_VANTAGE_KEY_PARAMETER": "/bw/key", "LAKE": "there"})
    settings = settings_of(environment)
    assert settings.origin == "live"
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == "STORED1"
    assert settings.lake == "there"


@pytest.mark.parametrize(
    "first", [{"FEED": "answers"}, {"ALPHA_VANTAGE_API_KEY": "SECRET1"}, {"ALPHA_VANTAGE_URL": "http://there"}, {}]
)
def test_a_parameter_is_read_only_where_it_is_needed(first: dict[str, str]) -> None:
    environment = {**first, **({"ALPHA_VANTAGE_KEY_PARAMETER": "/bw/key"} if first else {})}
    assert with_stored_key(environment) == environment


def test_a_missing_parameter_is_one_clear_error(aws: None) -> None:
    with pytest.raises(SettingsError, match="ALPHA_VANTAGE_KEY_PARAMETER=/bw/none: the key cannot be read"):
        with_stored_key({"ALPHA_VANTAGE_KEY_PARAMETER": "/bw/none"})


def test_a_key_is_read_from_its_secret(aws: None) -> None:
    boto3.client("secretsmanager").create_secret(Name="bw/key", SecretString="STORED2")
    settings = settings_of(with_stored_key({"ALPHA_VANTAGE_KEY_SECRET": "bw/key"}))
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == "STORED2"


def test_a_binary_or_missing_secret_is_one_clear_error(aws: None) -> None:
    boto3.client("secretsmanager").create_secret(Name="bw/key", SecretBinary=b"STORED2")
    with pytest.raises(SettingsError, match="bw/key: the secret is binary"):
        with_stored_key({"ALPHA_VANTAGE_KEY_SECRET": "bw/key"})
    with pytest.raises(SettingsError, match="ALPHA_VANTAGE_KEY_SECRET=bw/none: the key cannot be read"):
        with_stored_key({"ALPHA_VANTAGE_KEY_SECRET": "bw/none"})


def test_a_key_is_kept_in_one_place() -> None:
    with pytest.raises(SettingsError, match="both name a key"):
        with_stored_key({"ALPHA_VANTAGE_KEY_SECRET": "bw/key", "ALPHA_VANTAGE_KEY_PARAMETER": "/bw/key"})


def test_a_url_means_a_simulator_and_simulated_data() -> None:
    settings = settings_of({"ALPHA_VANTAGE_URL": "http://127.0.0.1:8100/", "ALPHA_VANTAGE_API_KEY": "SECRET1"})
    assert (settings.origin, settings.lake, settings.url) == ("simulated", ".lake/simulated", "http://127.0.0.1:8100")


@pytest.mark.parametrize("url", ["ftp://there", "127.0.0.1:8100", "http://", "http://there/?apikey=x"])
def test_a_url_that_is_not_a_base_url_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="ALPHA_VANTAGE_URL="):
        settings_of({"ALPHA_VANTAGE_URL": url})


@pytest.mark.parametrize("prefix", ["a b", "x" * 55, "a/b"])
def test_an_impossible_prefix_of_streams_is_refused(prefix: str) -> None:
    with pytest.raises(SettingsError, match="FIREHOSE_PREFIX="):
        settings_of({"FIREHOSE_PREFIX": prefix})


def test_the_whole_universe_or_its_named_tickers_are_fetched() -> None:
    assert settings_of({}).tickers == tuple(universe())
    assert settings_of({"TICKERS": "nvda, VOO,"}).tickers == ("VOO", "NVDA")
    with pytest.raises(SettingsError, match="TICKERS=VOO,ZZZZ: ZZZZ is not in the universe"):
        settings_of({"TICKERS": "VOO,ZZZZ"})
