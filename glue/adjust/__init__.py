"""Splits, total return, daily prices and corporate actions."""
