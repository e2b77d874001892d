"""What ingest, glue and api share: where things lie in the lake, and what they mean. Standard library only."""
