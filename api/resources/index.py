"""Every path of the API, and the module whose `router` answers it: known before any of these modules is imported.

A Lambda's cold start imports the one module of its first question; a test holds the table against the routers.
"""

from collections.abc import Mapping
from types import MappingProxyType

MODULES: Mapping[str, str] = MappingProxyType(
    {
        path: f"api.resources.{module}.routes"
        for module, paths in {
            "prices": ("/prices",),
            "compare": ("/compare",),
            "returns": ("/returns",),
            "calendar_returns": ("/returns/calendar",),
            "drawdowns": ("/returns/drawdowns",),
            "volatility": ("/volatility",),
            "seasonality": ("/seasonality",),
            "portfolio": ("/portfolio",),
            "outlook": ("/outlook", "/outlook/calibration", "/outlook/record"),
            "questions": (
                "/questions",
                *(f"/questions/{name}" for name in ("volume", "comparison", "diversification", "outlook", "patterns")),
            ),
            "events": ("/events",),
            "sentiment": ("/sentiment",),
            "tickers": ("/tickers",),
            "limits": ("/limits",),
            "snapshots": ("/snapshots",),
            "health": ("/health",),
        }.items()
        for path in paths
    }
)
# Their answers depend on more than the snapshot and the question.
NOT_CACHED = frozenset({"/outlook/record", "/snapshots", "/health"})
JSON_ONLY = frozenset({"/health"})
# For programs other than Grafana and the page: none of what is asked most waits for their imports.
FOR_PROGRAMS: Mapping[str, str] = MappingProxyType(
    {
        "/mcp": "api.mcp.routes",
        "/llms.txt": "api.resources.llms.routes",
        **dict.fromkeys(("/widgets.json", "/apps.json", "/openbb/"), "api.resources.openbb.routes"),
    }
)
