"""The sandbox: whether it exists, its name against its title, its type and state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from reconciler.diagnosis.gates import Gate, passed, stopped, why_not
from reconciler.diagnosis.probing import Probe, Seen
from reconciler.diagnosis.report import Check
from reconciler.diagnosis.subject import Subject
from reconciler.documents.json_text import Json, NotJson, decode
from reconciler.flowservice.messages import Call
from reconciler.settings.targets import variable

AVAILABLE: Final = Call("GET", "/", service="sandbox-management")
"""The sandboxes that this credential may use (docs: Available sandboxes endpoint)."""
ALL_SANDBOXES: Final = Call("GET", "/sandboxes", service="sandbox-management")
"""All sandboxes of the organization: for administrators of sandboxes."""

_PAGE: Final = 50
"""Sandboxes asked for at once: the service's own default."""
_MOST_PAGES: Final = 100
_MOST_NAMES: Final = 10
_LONGEST: Final = 256
"""Characters of a name or title that are kept: names of sandboxes have 256 at most."""


@dataclass(frozen=True, slots=True)
class Sandbox:
    """One sandbox as the service lists it; empty for what it does not say."""

    name: str
    title: str
    type: str
    state: str


@dataclass(frozen=True, slots=True)
class Sandboxes:
    """The sandboxes that the service lists; `complete` is whether these are all of them."""

    found: tuple[Sandbox, ...]
    complete: bool
    seen: Seen

    def named(self, name: str) -> Sandbox | None:
        return next((sandbox for sandbox in self.found if sandbox.name == name), None)

    def titled(self, title: str) -> Sandbox | None:
        """The one with this title, in any case."""
        return next((sandbox for sandbox in self.found if sandbox.title.casefold() == title.casefold()), None)


def sandboxes_of(probe: Probe) -> Sandboxes | Seen:
    """The sandboxes that this credential may use; the answer that has none if the service does not list them."""
    first = probe.ask(AVAILABLE)
    seen = first if first.is_success or first.withheld else probe.ask(ALL_SANDBOXES)
    page = _page(seen)
    if page is None:
        return seen
    items, has_next = page
    found = tuple(sandbox for item in items if (sandbox := _sandbox(item)) is not None)
    return Sandboxes(found, complete=not has_next, seen=seen)


def every_sandbox(probe: Probe) -> Sandboxes | Seen:
    """All sandboxes of the organization, page by page; those that this credential may use if it may not list all of them.

    The answer without a list if the service gives none. The list is not `complete` if an element or a page could not be read.
    """
    listed = _all_pages(probe, ALL_SANDBOXES)
    return listed if isinstance(listed, Sandboxes) or listed.withheld else _all_pages(probe, AVAILABLE)


def _all_pages(probe: Probe, call: Call) -> Sandboxes | Seen:
    found: dict[str, Sandbox] = {}
    offset, is_whole = 0, True
    for _ in range(_MOST_PAGES):
        seen = probe.ask(replace(call, query=f"limit={_PAGE}&offset={offset}"))
        page = _page(seen)
        if page is None:
            return seen
        items, has_next = page
        read = {sandbox.name: sandbox for item in items if (sandbox := _sandbox(item)) is not None}
        is_whole = is_whole and len(read) == len(items)
        is_last = not has_next and len(items) < _PAGE
        if is_last or read.keys() <= found.keys():
            return Sandboxes((*(found | read).values(),), complete=is_whole and not has_next, seen=seen)
        found |= read
        offset += len(items)
    return Sandboxes(tuple(found.values()), complete=False, seen=seen)


def _page(seen: Seen) -> tuple[list[Json], bool] | None:
    """The elements of a page, and whether it names a next one; None if it is not a list of sandboxes."""
    if seen.answer is None or not seen.is_success:
        return None
    try:
        body = decode(seen.answer.content)
    except NotJson:
        return None
    items = body.get("sandboxes") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(items, list):
        return None
    links = body.get("_links")
    return items, bool(isinstance(links, dict) and links.get("next"))


def _sandbox(item: Json) -> Sandbox | None:
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        return None
    name, title, kind, state = (
        value[:_LONGEST] if isinstance(value := item.get(key), str) else "" for key in ("name", "title", "type", "state")
    )
    return Sandbox(name, title, kind, state)


def check_sandbox(subject: Subject) -> Iterator[Check]:
    """Name, then type and state."""
    listed = sandboxes_of(subject.probe)
    first = subject.probe.knock()
    yield _named(subject, listed, (first, *subject.probe.everything()))
    yield _typed(subject, listed)


def _named(subject: Subject, listed: Sandboxes | Seen, answers: tuple[Seen, ...]) -> Check:
    name = subject.target.sandbox
    accepted, refused = passed(Gate.SANDBOX, answers), stopped(Gate.SANDBOX, answers)
    if isinstance(listed, Sandboxes) and listed.named(name) is None and not accepted:
        titled = listed.titled(name)
        if titled is not None:
            said = f"{name!r} is the title of a sandbox, whose name is {titled.name!r}"
            hint = f"write {titled.name} as {_setting(subject)}"
            return Check("sandbox", "fail", said, hint, listed.seen.asked)
        if listed.complete:
            names = [sandbox.name for sandbox in listed.found]
            shown = ", ".join(names[:_MOST_NAMES]) + (f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else "")
            said = f"this credential may use no sandbox named {name!r}; it may use {shown or 'none'}"
            return Check("sandbox", "fail", said, _hint(subject), listed.seen.asked)
    if refused is not None and not accepted:
        return Check("sandbox", "fail", refused.error.message, _hint(subject), refused.asked)
    if accepted is not None:
        return Check("sandbox", "ok", f"{name} accepted", asked=accepted.asked)
    return Check("sandbox", "unknown", why_not(answers[0]), asked=answers[0].asked)


def _hint(subject: Subject) -> str:
    return (
        f"correct {_setting(subject)} (its name, not its title),"
        " or ask an administrator to give the credential's API role access to it"
    )


def _setting(subject: Subject) -> str:
    """Where the name of the sandbox is from: the variable wins over the file."""
    name = variable(subject.target.name, "sandbox")
    return name if subject.environ.get(name, "").strip() else f"sandbox of target {subject.target.name} in reconciler.yaml"


def _typed(subject: Subject, listed: Sandboxes | Seen) -> Check:
    if isinstance(listed, Seen):
        said = "the list of sandboxes has an unexpected form" if listed.is_success else why_not(listed)
        return Check("sandbox-type", "unknown", said, asked=listed.asked, due=False)
    sandbox, asked = listed.named(subject.target.sandbox), listed.seen.asked
    if sandbox is None:
        said = "the service does not list this sandbox, so its type and state are not known"
        return Check("sandbox-type", "unknown", said, asked=asked, due=False)
    if sandbox.state not in ("active", ""):
        hint = "wait until it is active, or activate it under Sandboxes in Experience Platform"
        return Check("sandbox-type", "fail", f"the sandbox is {sandbox.state}, not active", hint, asked)
    title = f"titled {sandbox.title!r}, " if sandbox.title else ""
    return Check(
        "sandbox-type", "ok", f"{title}{sandbox.type or 'of unknown type'}, {sandbox.state or 'of unknown state'}", asked=asked
    )
