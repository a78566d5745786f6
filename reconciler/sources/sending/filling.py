"""The strings of a request, with their placeholders, expressions and `{SCHEDULE_QUERY}` replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from reconciler.documents.json_text import Document, Json
from reconciler.documents.pointer import Segments
from reconciler.secret import Secret
from reconciler.sources.evidence import Assumptions
from reconciler.sources.findings import Finding, found
from reconciler.sources.sending.authentication import chosen, properties
from reconciler.sources.sending.expressions import START, Expression, NotInterpreted, evaluated, parts
from reconciler.sources.sending.scheduled import SCHEDULE_QUERY, Span, parameter_of, span_of
from reconciler.sources.source import FORM, Source
from reconciler.sources.values import PLACEHOLDER, NoValue, Values, as_text, filled, filled_whole
from reconciler.sources.window import Window

_ILLEGAL: Final = re.compile(r"[^A-Za-z0-9\-._~:/?\[\]@!$&'()*+,;=%]")
"""Characters that no URL has; a hash would begin a fragment."""


def encoded(text: str) -> str:
    """A value in a path or query, so that it cannot end it or begin another part of the URL."""
    return quote(text, safe="", errors="surrogatepass")


def legal(text: str) -> str:
    """Text of the author in a URL: only what no URL has is percent-encoded."""
    return _ILLEGAL.sub(lambda illegal: encoded(illegal[0]), text)


@dataclass(frozen=True, slots=True)
class Filler:
    """Replaces what is replaced in a request, and collects what is wrong with it."""

    source: Source
    values: Values
    window: Window | None
    assumed: Assumptions
    query: str | None = None
    """What takes the place of `{SCHEDULE_QUERY}`; None if the schedule has no query."""
    findings: list[Finding] = field(default_factory=list)
    uses_query: list[Segments] = field(default_factory=list)
    """Where the request has `{SCHEDULE_QUERY}`."""

    def text(
        self,
        text: str,
        path: Segments,
        written: Callable[[str], str] = str,
        as_author: Callable[[str], str] = str,
    ) -> str:
        """The string that is sent. `written` encodes values for their place, `as_author` the author's text around them."""

        def fill(part: str, around: Callable[[str], str] = as_author) -> str:
            return "".join(
                written(self._query(path)) if between else self._filled(piece, path, written, around)
                for between, piece in _around_query(part)
            )

        if START not in text:
            return fill(text)
        self.assumed.of("request.expressions")
        try:
            return "".join(
                as_author(evaluated(part, self._parameter, lambda inner: fill(inner, str)))
                if isinstance(part, Expression)
                else fill(part)
                for part in parts(text)
            )
        except NotInterpreted as error:
            self.found("expression", f"an expression cannot be evaluated: {error}", "write the value without it", path)
        return ""

    def sent(self, value: Json, path: Segments) -> str:
        """A parameter in the query or a header: a string, or the JSON of any other value."""
        return self.text(value, path) if isinstance(value, str) else as_text(self.value(value, path))

    def value(self, value: Json, path: Segments) -> Json:
        """A value of the body with every string in it replaced. Bodies are nested at most as deep as spec files may be."""
        if isinstance(value, str):
            if PLACEHOLDER.fullmatch(value):
                return self._whole(value, path)
            return self.text(value, path)
        if isinstance(value, dict):
            return {self.key(name, path): self.value(item, (*path, name)) for name, item in value.items()}
        if isinstance(value, list):
            return [self.value(item, (*path, str(index))) for index, item in enumerate(value)]
        return value

    def key(self, name: str, path: Segments) -> str:
        """The name of a parameter, which is sent as written unless the evidence table says that it is filled."""
        if PLACEHOLDER.search(name) and self.assumed.of("value.in-key") == "filled":
            return self._filled(name, (*path, name), str, str)
        return name

    def _whole(self, text: str, path: Segments) -> Json:
        try:
            return filled_whole(text, self.given)
        except NoValue as error:
            self.missing(str(error), path)
            return None

    def _filled(self, text: str, path: Segments, written: Callable[[str], str], as_author: Callable[[str], str]) -> str:
        result, at = "", 0
        for placeholder in PLACEHOLDER.finditer(text):
            try:
                value = filled(placeholder[0], self.given, written)
            except NoValue as error:
                self.missing(str(error), path)
                value = ""
            result += as_author(text[at : placeholder.start()]) + value
            at = placeholder.end()
        return result + as_author(text[at:])

    def _query(self, path: Segments) -> str:
        self.uses_query.append(path)
        return SCHEDULE_QUERY if self.query is None else self.query

    def _parameter(self, name: str) -> str | None:
        span: Span = span_of(self.window, self.assumed)
        return parameter_of(span, self.assumed, name)

    def given(self, name: str) -> Json | Secret:
        """The value of a placeholder; None if there is none."""
        self.assumed.of("request.placeholders")
        value = self.values.of(name)
        return self._default(name) if value is None else value

    def _default(self, name: str) -> Json:
        for _, part in self._declared(name):
            if part.get("default") is not None and self.assumed.of("value.default") == "used":
                return part["default"]
        return None

    def _declared(self, name: str) -> Iterator[tuple[str, Document]]:
        """Where a property is declared, as proof.yaml names the place of its value, and its schema."""
        entry = chosen(self.source, self.values)
        schemas: list[tuple[str, Segments, Json]] = [("source", FORM, self.source.at(FORM))]
        if isinstance(entry, tuple):
            schemas.insert(0, ("auth.params", (*entry[0], "spec"), entry[1].get("spec")))
        for where, place, schema in schemas:
            yield from ((where, part) for declared, part, _ in properties(place, schema) if declared == name)

    def missing(self, name: str, path: Segments) -> None:
        """Add the finding for a placeholder without a value."""
        where, schema = next(self._declared(name), ("", {}))
        if not where:
            hint = "declare it in sourceSpec.spec.properties, or in the entry of authSpec"
        elif schema.get("format") == "password":
            hint = f"write {name}: {{env: NAME}} below {where} in proof.yaml"
        else:
            hint = f"write it below {where} in proof.yaml, or pass --set {name}=VALUE"
        self.found("missing-value", f"`${{{name}}}` has no value", hint, path)

    def found(self, code: str, message: str, hint: str, path: Segments) -> None:
        """Add a finding, once."""
        finding = found(code, message, hint, path)
        if finding not in self.findings:
            self.findings.append(finding)

    def mapping(self, path: Segments) -> Document:
        """The parameters at this path; those in another form are not sent."""
        value = self.source.at(path)
        if value is not None and not isinstance(value, dict):
            self.found("params-mapping", f"`{path[-1]}` is not a mapping, so it is not sent", "write {name: value}", path)
        return value if isinstance(value, dict) else {}


def _around_query(text: str) -> list[tuple[bool, str]]:
    """The parts of a string, and True for each `{SCHEDULE_QUERY}` between them."""
    pieces: list[tuple[bool, str]] = []
    for number, part in enumerate(text.split(SCHEDULE_QUERY)):
        pieces += [(True, "")] if number else []
        pieces.append((False, part))
    return pieces
