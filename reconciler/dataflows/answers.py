"""Answers about connections, datasets and mapping sets, as values. Each raises NotJson and WrongShape, as `flowservice.answers`."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from reconciler.dataflows.lists import fields_of, items_of
from reconciler.dataflows.observed import Explored, MappingCheck, MappingPreview, Tested
from reconciler.documents.json_text import Document, Json, NotJson, string_at, value_at
from reconciler.http.bodies import WrongShape
from reconciler.http.messages import Answer
from reconciler.texts.exact_json import decode_exact, readable


def body_of(item: bytes | bytearray | msgspec.Raw) -> Document:
    """An item of a list as an object; empty for anything else."""
    found = readable(bytes(item))
    return found if isinstance(found, dict) else {}


def tested(answer: Answer) -> Tested:
    """`{"result": true}`, or `true` alone: the pages show both."""
    found = decode_exact(answer.content)
    found = found.get("result") if isinstance(found, dict) else found
    if not isinstance(found, bool):
        raise WrongShape("it does not say whether the test passed")
    return Tested(found, "" if found else "the service says that the credentials do not work")


def explored(answer: Answer) -> Explored:
    """`{"format", "schema", "data": […]}`, `{"data": […]}`, or the rows alone: the pages show all three."""
    if answer.content.lstrip().startswith(b"["):
        return Explored(_values(answer.content))
    fields = fields_of(answer.content)
    if "data" not in fields:
        raise WrongShape("it has no `data`")
    named = readable(fields.get("format", b"null"))
    return Explored(_values(fields["data"]), named if isinstance(named, str) else None)


def rows(answer: Answer) -> tuple[Json, ...]:
    """`{"data": […]}`, or the rows alone."""
    return explored(answer).rows


def records(answer: Answer) -> tuple[Json, ...]:
    """One JSON value a line."""
    try:
        return tuple(decode_exact(line) for line in bytes(answer.content).splitlines() if line.strip())
    except NotJson as error:
        raise WrongShape(f"not one JSON value a line: {error}") from None


def tenant(answer: Answer) -> str:
    """The `tenantId` of the statistics of the schema registry."""
    found = string_at(body_of(answer.content), "tenantId")
    if not found or not found.lstrip("_").isalnum() or not found.isascii():
        raise WrongShape("it has no usable tenantId")
    return found.lstrip("_")


def type_of_sandbox(answer: Answer, name: str) -> str | None:
    """`{"sandboxes": [{"name", "type", …}]}`: the type of the one with this name, in lower case; None without one."""
    fields = fields_of(answer.content)
    found = map(body_of, items_of(fields.get("sandboxes", b"[]")))
    kind = next((string_at(one, "type") for one in found if string_at(one, "name") == name), None)
    return kind.strip().casefold() or None if kind else None


def checks(answer: Answer, said: Callable[[str], str]) -> tuple[MappingCheck, ...]:
    """`{"validationResponse": [{"status", "errors"}]}`, one entry for each mapping. Anything but SUCCESS did not pass."""
    fields = fields_of(answer.content)
    if "validationResponse" not in fields:
        raise WrongShape("it has no `validationResponse`")
    return tuple(_check(body_of(item), said) for item in items_of(fields["validationResponse"]))


def preview(answer: Answer, said: Callable[[str], str]) -> MappingPreview:
    """`{"data": {…}, "errors": […]}`, for one record. The answer, or its `data`, may be a list of that one entry (OpenAPI)."""
    body = decode_exact(answer.content)
    if isinstance(body, list) and len(body) == 1:
        body = body[0]
    data = value_at(body, "data")
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    if not isinstance(data, dict | None):
        raise WrongShape("its `data` is not one record")
    errors = value_at(body, "errors")
    if data is None and not errors:
        raise WrongShape("it has neither `data` nor `errors`")
    return MappingPreview(data or {}, _errors(errors, said))


def _check(entry: Document, said: Callable[[str], str]) -> MappingCheck:
    status = (string_at(entry, "status") or "").strip().upper()
    errors = _errors(entry.get("errors"), said)
    if status == "SUCCESS" and not errors:
        return MappingCheck(passed=True)
    reasons = "; ".join(f"{destination}: {reason}" if destination else reason for destination, reason in errors)
    return MappingCheck(passed=False, said=reasons or said(status) or "the service does not say whether it passed")


def _errors(errors: Json, said: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    """The destination and the reason of each error, from any JSON that is there."""
    if errors is None or errors == []:
        return ()
    listed = errors if isinstance(errors, list) else [errors]
    return tuple(_error(error, said) for error in listed)


def _error(error: Json, said: Callable[[str], str]) -> tuple[str, str]:
    if not isinstance(error, dict):
        return "", said(error) if isinstance(error, str) else "an error without a message"
    reason = next((found for name in ("exception", "message", "detail") if (found := string_at(error, name))), "")
    return said(string_at(error, "destination") or ""), said(reason) or "an error without a message"


def _values(content: bytes | bytearray) -> tuple[Json, ...]:
    """The elements of a list, each decoded. One that cannot be read makes the whole unreadable: a record must not get lost."""
    try:
        return tuple(decode_exact(bytes(item)) for item in items_of(content))
    except NotJson as error:
        raise WrongShape(str(error)) from None
