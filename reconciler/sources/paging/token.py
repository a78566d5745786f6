"""CONTINUATION_TOKEN: each answer has a token that the next request sends back."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.documents.json_text import Json
from reconciler.documents.shapes import name_of_type
from reconciler.sources.answers.jsonpath import MISSING, Missing, look_up
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding, found
from reconciler.sources.header_text import valid_header_name, valid_header_value
from reconciler.sources.messages import Request
from reconciler.sources.paging.ends import as_text, readable
from reconciler.sources.paging.parameters import with_parameter
from reconciler.sources.paging.settings import Settings
from reconciler.sources.paging.turn import Page, Stop, Turn
from reconciler.sources.source import PAGINATION

_PATH = (*PAGINATION, "continuationTokenPath")
_NAME = (*PAGINATION, "parameterName")


@dataclass(slots=True)
class Token:
    """One run with CONTINUATION_TOKEN."""

    assumed: Assumptions
    token_path: str
    parameter: str
    in_header: bool
    limit: int | None = None
    was_there: bool = False
    """Whether an earlier answer had a token."""

    def first(self, request: Request) -> Request:
        return request

    def after(self, page: Page) -> Turn:
        value = look_up(self.token_path, page.reply, self.assumed)
        stop = self._end(value)
        if stop is not None:
            return Turn(stop, self._absent_at_once(value, page))
        if isinstance(value, list | dict):
            message = f"{self.token_path} is {name_of_type(value)}, not a token"
            return Turn(Stop("a token that is not a string"), (found("token-not-text", message, None, _PATH),))
        self.was_there = True
        self.assumed.of("token.parameter")
        return self._sending(page.request, as_text(value))

    def at_end(self) -> tuple[Finding, ...]:
        return ()

    def _end(self, value: Json | Missing) -> Stop | None:
        if value is MISSING or value is None:
            self.assumed.of("token.end")
            word = "absent" if value is MISSING else "null"
            return Stop(f"token: {self.token_path} is {word}", "token.end", by_source=self.was_there)
        if value == "" and self.assumed.of("token.empty-text") == "stops":
            return Stop(f"token: {self.token_path} is empty", "token.empty-text", by_source=self.was_there)
        if isinstance(value, bool | int | float) and self.assumed.of("token.not-text") == "stops":
            return Stop(f"token: {self.token_path} is not a string", "token.not-text")
        return None

    def _absent_at_once(self, value: Json | Missing, page: Page) -> tuple[Finding, ...]:
        if value is not MISSING or self.was_there or not page.records:
            return ()
        return (found("token-absent-on-first-page", f"the first answer has no {self.token_path}", None, _PATH),)

    def _sending(self, request: Request, token: str) -> Turn:
        if self.in_header and not valid_header_name(self.parameter):
            message = f"{self.parameter[:80]!r} is not a valid name of a header"
            return Turn(Stop("a header that cannot be sent"), (found("header-name", message, None, _NAME),))
        if self.in_header and not valid_header_value(token):
            message = f"the token at {self.token_path} has characters that no header may have"
            return Turn(Stop("a header that cannot be sent"), (found("header-value", message, None, _PATH),))
        return Turn(with_parameter(request, self.parameter, token, header=self.in_header))


def token_of(settings: Settings, assumed: Assumptions) -> Token:
    """CONTINUATION_TOKEN with these settings; they are refused if a field is missing or not valid."""
    path, parameter, place = (settings.required(name) for name in ("continuationTokenPath", "parameterName", "parameterType"))
    if path and not readable(path):
        message = f"{path[:80]!r} is not a path that names one place of the answer"
        settings.refuse("1314", message, "write $.meta.after_cursor", "continuationTokenPath")
    if place and place not in ("QUERYPARAM", "HEADERPARAM"):
        message = f"{place[:80]!r} is not a valid place for a token"
        settings.refuse("1312", message, "write QUERYPARAM or HEADERPARAM", "parameterType")
    if settings.delay:
        assumed.of("token.delay")
    return Token(assumed, path, parameter, place == "HEADERPARAM")
