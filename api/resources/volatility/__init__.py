"""`/volatility`."""
