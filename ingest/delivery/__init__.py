"""Delivers raw records to the lake, through Firehose or straight into its storage."""
