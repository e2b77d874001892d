"""Fetches and imports market data into the lake, as raw records."""
