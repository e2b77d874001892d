"""`/outlook`."""
