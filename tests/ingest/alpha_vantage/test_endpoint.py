from datetime import UTC, datetime

from ingest.alpha_vantage.endpoint import open_endpoint
from ingest.settings import settings_of

NOW = datetime(2026, 12, 1, 4, 30, 5, tzinfo=UTC)


def test_a_live_key_is_for_the_vendor_only() -> None:
    settings = settings_of({"ALPHA_VANTAGE_API_KEY": "SECRET1", "ALPHA_VANTAGE_PLAN": "premium"})
    with open_endpoint(settings, NOW) as endpoint:
        assert (endpoint.base_url, endpoint.source) == ("https://www.alphavantage.co", "alpha_vantage")
        assert (endpoint.plan.name, endpoint.now) == ("premium", NOW)
        assert "SECRET1" not in repr(endpoint)


def test_a_simulator_elsewhere_never_gets_a_real_key() -> None:
    settings = settings_of({"ALPHA_VANTAGE_API_KEY": "SECRET1", "ALPHA_VANTAGE_URL": "http://there.example"})
    with open_endpoint(settings, NOW) as endpoint:
        assert (endpoint.base_url, endpoint.source, endpoint.now) == ("http://there.example", "simulated", NOW)
        assert endpoint.key.get_secret_value() != "SECRET1"
