"""`/returns`."""
