"""`/compare`."""
