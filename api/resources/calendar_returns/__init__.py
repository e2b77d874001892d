"""`/returns/calendar`."""
