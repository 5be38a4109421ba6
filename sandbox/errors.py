"""Refusals in Discord's own shape."""

from __future__ import annotations

from sandbox.model import Json


class ApiError(Exception):
    """A refusal in Discord's own shape: HTTP status, JSON error code, message."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code, self.message, self.errors = status, code, message, errors

    def body(self) -> Json:
        """The JSON to answer with."""
        body: Json = {"message": self.message, "code": self.code}
        return body | {"errors": self.errors} if self.errors else body


class TooMany(ApiError):
    """429 with the seconds to wait; scope user, global or shared."""

    def __init__(
        self,
        retry_after: float,
        scope: str = "user",
        *,
        code: int = 0,
        message: str = "You are being rate limited.",
    ) -> None:
        super().__init__(429, code, message)
        self.retry_after, self.scope = retry_after, scope

    def body(self) -> Json:
        """The JSON to answer with."""
        limited: Json = {"message": self.message, "retry_after": round(self.retry_after, 3)}
        return limited | {"global": self.scope == "global"} | ({"code": self.code} if self.code else {})
