"""The four jobs in order. Each runs only after the one before has succeeded."""

from glue.job import Job
from glue.jobs import clean, publish, quality, transform

STEPS: dict[str, Job] = {
    "clean": clean.run,
    "transform": transform.run,
    "quality": quality.run,
    "publish": publish.run,
}
