"""`/portfolio`."""
