"""The number of the request that is being answered, for log lines, events and messages."""

from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="")
