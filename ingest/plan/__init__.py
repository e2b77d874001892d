"""Decides which requests to make now, within the day's budget. No I/O; the caller passes the time."""
