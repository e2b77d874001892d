"""Alpha Vantage: protocol, HTTP client, request budget, API key, plans, and the parsing of its answers."""
