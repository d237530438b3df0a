"""What every slice's refusals derive from."""


class Refused(Exception):
    """The domain says no. The text is for the person who asked, in their language."""


class NotFound(Exception):
    """There is no such thing, or it is not yours to see. Becomes a 404."""


class Busy(Exception):
    """Somebody else holds the lock for too long. Nothing was changed; trying again is safe. Becomes a 503."""
