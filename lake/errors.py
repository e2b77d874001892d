"""The errors of the lake. Each message ends with what to do next."""


class LakeError(Exception):
    """The lake cannot be used as it is."""


class NotFoundError(LakeError):
    """There is no object at that key."""


class ConflictError(LakeError):
    """A conditional write failed because another process wrote first. Nothing was changed."""


class CalendarError(LakeError, ValueError):
    """A time that the calendar does not reach."""


class StorageError(LakeError):
    """The storage refuses a request, or cannot be reached; the text is the storage's own."""
