"""Simulates Alpha Vantage on this machine: serves recorded or generated answers over the vendor's protocol."""
