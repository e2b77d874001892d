"""`/tickers`."""
