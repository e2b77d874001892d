"""`/events`."""
