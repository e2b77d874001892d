"""`/prices`."""
