"""What a command refuses."""


class Refused(Exception):
    """A command that cannot be done, and what to do instead."""
