"""`/snapshots`."""
