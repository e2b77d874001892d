"""`/seasonality`."""
