"""The errors of ingest. Each message is a sentence or two for a person, and never holds a key."""


class IngestError(Exception):
    """The base of the others."""


class SettingsError(IngestError):
    """An environment variable is missing or wrong."""


class FeedError(IngestError):
    """FEED is not a folder of recorded answers."""


class ParseError(IngestError):
    """An answer with data that cannot be trusted as a whole."""


class DeliveryError(IngestError):
    """Records that did not reach the lake."""


class FileError(IngestError):
    """A file that is not imported. The message follows the file's name, and says why."""


class ContinuationError(IngestError):
    """A run that cannot go on in another invocation."""


class EventError(IngestError):
    """A Lambda invocation whose event names no task."""


class RunFailedError(IngestError):
    """A run with failed requests: the message is its whole report."""
