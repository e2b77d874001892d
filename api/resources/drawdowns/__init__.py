"""`/returns/drawdowns`."""
