"""The small vocabulary of things that go wrong and that a person can mend."""

from datetime import timedelta


class KithError(Exception):
    """Something a member can mend; ``code`` names the sentence, ``values`` fill it."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def __str__(self) -> str:
        return f"{self.code} {self.values}" if self.values else self.code


class Postponed(Exception):
    """Work that cannot be done now and is no failure: it waits for `after`, however often that happens."""

    def __init__(self, reason: str, after: timedelta) -> None:
        super().__init__(reason)
        self.reason = reason
        self.after = after


class LeaseLost(Exception):
    """Another worker took this row over; what was done here must be rolled back."""


class WrongKey(Exception):
    """The secret key is not the one that sealed this database."""


class BadToken(Exception):
    """Discord does not know the bot's token."""


class ShutOut(Exception):
    """Discord ended the connection and would refuse another; the text says why, and what mends it."""
