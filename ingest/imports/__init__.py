"""Imports history from files: detects the format, checks the lines and the file, and delivers raw records."""
