"""`/sentiment`."""
