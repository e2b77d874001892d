"""Adjusting prices for splits and dividends, and the tables of corporate actions and sentiment."""
