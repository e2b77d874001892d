"""What ingest, glue and api share: the layout of the lake and the meaning of what is in it. Standard library only."""
