"""Raw records in, a published snapshot out: four Spark jobs, on Glue and on one machine."""
