"""The errors of the ground floor. Each message ends with what to do next."""


class LakeError(Exception):
    """Something about the lake is not as it must be."""


class NotFoundError(LakeError):
    """No object lies at that key."""


class ConflictError(LakeError):
    """A conditional write was lost: somebody else wrote first. Nothing was changed."""
