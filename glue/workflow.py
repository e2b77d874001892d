"""The four jobs in their order, each only after the one before succeeded."""

from glue.job import Job
from glue.jobs import clean, publish, quality, transform

STEPS: dict[str, Job] = {
    "clean": clean.run,
    "transform": transform.run,
    "quality": quality.run,
    "publish": publish.run,
}
