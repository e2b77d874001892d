"""The four Glue jobs, one a file. Each parses arguments, reads, takes named steps, and writes."""
