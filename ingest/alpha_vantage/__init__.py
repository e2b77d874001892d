"""Alpha Vantage: protocol, HTTP client, request budget, API key, plans, and payloads as records."""
