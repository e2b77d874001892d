"""Raw records into the lake, through Firehose or straight into its storage."""
