"""The life of one draft: made, listed, changed with and without its etag, deleted. Each answer is one check.

Whatever happens, the draft is deleted at the end; only a GET that does not find it shows that it is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from reconciler.dataflows.resources import Created, Resource
from reconciler.diagnosis.deep.means import DeepMeans
from reconciler.diagnosis.report import Check
from reconciler.errors import AnswerLost, ReconcilerError, ServiceError, SpecNotFound, VersionMismatch

_LONGEST: Final = 60.0
"""Seconds to wait for a list or for a deletion."""
_LONGEST_PAUSE: Final = 8.0
_OTHER_ETAG: Final = '"00000000-0000-4000-8000-000000000000"'


@dataclass(slots=True)
class _Draft:
    """What is known of the draft: `made` once it was answered; `lost` if it may have been made without an answer."""

    made: Created | None = None
    lost: bool = False


def check_draft(means: DeepMeans) -> tuple[Check, ...]:
    """Every check of the draft, and its end. Raises nothing but what ends the process, and then the draft is deleted, too."""
    checks: list[Check] = []
    draft = _Draft(lost=True)
    try:
        checks.append(_make(means, draft))
        if draft.made is not None:
            checks += [_shielded(name, means, draft.made, look) for name, look in _LOOKS]
    finally:
        checks.append(_deleted(means, draft))
    return tuple(checks)


def _make(means: DeepMeans, draft: _Draft) -> Check:
    asked = "POST /connections?mode=draft"
    try:
        draft.made = means.maker.create_draft(means.body)
    except AnswerLost as error:
        return Check("deep-draft", "unknown", error.message, "run it again", asked)
    except ServiceError as error:
        draft.lost = False
        return Check("deep-draft", "warn", f"the service makes no draft: {error.message}", error.hint, asked)
    draft.lost = False
    return Check("deep-draft", "ok", f"a draft is made without credentials, answered with {draft.made.status}", asked=asked)


def _shielded(name: str, means: DeepMeans, made: Created, look: Callable[[DeepMeans, Created], Check]) -> Check:
    if means.stop.is_set():
        return Check(name, "unknown", "not asked: a stop was requested")
    try:
        return look(means, made)
    except ReconcilerError as error:
        return Check(name, "unknown", error.message, error.hint)


def _listed(means: DeepMeans, made: Created) -> Check:
    """How long a new resource takes to show up in a list."""
    asked = "GET /connections, filtered by name, until the draft is there"
    seconds = _wait(means, lambda: any(one.id == made.id for one in means.maker.find("connection", means.name)))
    if seconds is None and means.stop.is_set():
        return Check("deep-list-lag", "unknown", "no list showed the draft before a stop was requested", asked=asked)
    if seconds is None:
        said = f"the draft is in no list after {_LONGEST:.0f} s: lists may not show drafts"
        return Check("deep-list-lag", "unknown", said, asked=asked, due=False)
    if seconds > means.window:
        hint = f"write network: {{consistency_window: {seconds * 2:.0f}s}} in reconciler.yaml"
        said = f"a new resource is in lists after {seconds:.0f} s, later than network.consistency_window ({means.window:g} s)"
        return Check("deep-list-lag", "warn", said, hint, asked)
    return Check("deep-list-lag", "ok", f"a new resource is in lists after {seconds:.0f} s", asked=asked)


def _etag(means: DeepMeans, made: Created) -> Check:
    asked = f"GET /connections/{made.id}"
    found = _read(means, made)
    if found.etag is None:
        return Check("deep-etag", "warn", "a connection has no etag, so a change of it cannot be guarded", None, asked)
    if made.etag not in (None, found.etag):
        hint = "report it to Adobe: prove reads a connection again before it changes it"
        return Check("deep-etag", "warn", "the etags of the POST and of the GET differ", hint, asked)
    if not found.etag.startswith('"'):
        said = "the etag of a connection has no double quotes of its own, which If-Match requires"
        return Check("deep-etag", "warn", said, "report it to Adobe", asked)
    return Check("deep-etag", "ok", "a connection has an etag, with double quotes of its own", asked=asked)


def _if_match(means: DeepMeans, made: Created) -> Check:
    """What a PATCH comes to without an etag, with another one, and with the right one."""
    asked = f"PATCH /connections/{made.id}: without If-Match, with another etag, with the right one"
    without = _changed(means, made, None)
    other = _changed(means, made, _OTHER_ETAG)
    right = _changed(means, made, _read(means, made).etag)
    said = f"without If-Match: {without}; with another etag: {other}; with the right one: {right}"
    if other == "accepted":
        return Check("deep-if-match", "warn", f"{said}: etags guard nothing", "report it to Adobe", asked)
    if right != "accepted":
        return Check("deep-if-match", "warn", said, "report it to Adobe", asked)
    return Check("deep-if-match", "ok", said, asked=asked)


def _changed(means: DeepMeans, made: Created, etag: str | None) -> str:
    """What a PATCH came to. The description stays as it is: it says whose draft this is."""
    try:
        means.maker.describe(made.id, means.description, etag)
    except VersionMismatch:
        return "refused (412)"
    except ServiceError as error:
        code = f"{error.status} {error.server_code}" if error.server_code else str(error.status or "no answer")
        return f"refused ({code})"
    return "accepted"


def _read(means: DeepMeans, made: Created) -> Resource:
    found = means.maker.get("connection", made.id)
    if found is None:
        raise ServiceError(f"GET /connections/{made.id} does not find what was just made")
    return found


def _deleted(means: DeepMeans, draft: _Draft) -> Check:
    """Delete the draft and whatever has its name, and wait until a GET finds none."""
    asked = "DELETE /connections/{id}, then GET until it answers 404"
    hint = f"delete what is left: reconciler prove --cleanup all --target {means.target}"
    try:
        ids = _ids(means, draft)
        if draft.lost and not ids:
            said = f"a draft may have been made, and no list shows it: {means.name}"
            return Check("deep-delete", "fail", said, hint, asked)
        for one in ids:
            _delete(means, one)
        seconds = _wait(means, lambda: not any(means.cleaner.get("connection", one) for one in ids), stops=False)
    except ReconcilerError as error:
        return Check("deep-delete", "fail", f"the draft may be left: {error.message}", hint, asked)
    if seconds is None:
        said = f"the draft {', '.join(sorted(ids))} is still there {_LONGEST:.0f} s after its DELETE"
        return Check("deep-delete", "fail", said, hint, asked)
    if not ids:
        return Check("deep-delete", "ok", "no draft was made, and none is left", asked=asked)
    return Check("deep-delete", "ok", f"the draft is gone {seconds:.0f} s after its DELETE", asked=asked)


def _ids(means: DeepMeans, draft: _Draft) -> set[str]:
    """The ids to delete. A draft whose answer was lost is looked for until lists must show it."""
    found: set[str] = set() if draft.made is None else {draft.made.id}

    def look() -> bool:
        found.update(one.id for one in means.cleaner.find("connection", means.name) if one.description == means.description)
        return bool(found)

    if draft.lost:
        _wait(means, look, stops=False)
    return found


def _delete(means: DeepMeans, connection_id: str) -> None:
    try:
        means.cleaner.delete("connection", connection_id)
    except SpecNotFound:
        return
    except AnswerLost:
        if means.cleaner.get("connection", connection_id) is not None:
            means.cleaner.delete("connection", connection_id)


def _wait(means: DeepMeans, is_there: Callable[[], bool], *, stops: bool = True) -> float | None:
    """Seconds until it is; None if it is not within the longest wait."""
    began, pause = means.clock.monotonic(), 1.0
    while not is_there():
        if means.clock.monotonic() - began >= _LONGEST or (stops and means.stop.is_set()):
            return None
        means.clock.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE)
    return means.clock.monotonic() - began


_LOOKS: Final = (("deep-list-lag", _listed), ("deep-etag", _etag), ("deep-if-match", _if_match))
