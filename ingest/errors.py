"""The errors of this room. Each message is one sentence or two, for a person, and never holds a key."""


class IngestError(Exception):
    """Something that ingest cannot do, and says so."""


class SettingsError(IngestError):
    """A variable of the environment is wrong."""


class FeedError(IngestError):
    """FEED is not a folder of recorded answers."""


class ParseError(IngestError):
    """An answer that is data, but not such as can be trusted as a whole."""


class DeliveryError(IngestError):
    """Records that did not reach the lake."""


class FileError(IngestError):
    """A file that is not imported, whole: the message says why, after the file's name."""


class EventError(IngestError):
    """A Lambda invocation whose event names no task."""


class RunFailedError(IngestError):
    """A run with failed requests: the message is its whole report."""
