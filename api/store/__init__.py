"""Where answers come from: one protocol, DuckDB over a folder and Athena over S3, the same query, the same answer."""
