"""`/limits`."""
