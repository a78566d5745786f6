"""Rules for `scheduleParams`: how a run requests what has changed since the last one.

Source: "Configure source specification", scheduling. There are two forms: plain, the names of two parameters and their formats; and
ADVANCE, a query in the language of the source with `{START_TIME}` and `{END_TIME}`, which replaces `{SCHEDULE_QUERY}` in the request.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.documents.pointer import Segments
from reconciler.errors import Severity
from reconciler.lint.body.fields import TypedBlock
from reconciler.lint.rule import Finding, Mark, Replace, Rule
from reconciler.lint.subject import Subject, shown, texts
from reconciler.sdk.scheduling import ADVANCE, END_TIME, FIELDS, FORMAT_FIELDS, FORMS, PLAIN, SCHEDULE_QUERY, START_TIME
from reconciler.sdk.source_spec import ATTRIBUTES, REQUEST
from reconciler.sources.sending.time_formats import why_not_iso, why_wrong
from reconciler.sources.sending.times_in_query import is_swapped
from reconciler.sources.values import PLACEHOLDER

_PATH: Final = (*ATTRIBUTES, "scheduleParams")
_REQUEST: Final = tuple((*ATTRIBUTES, name) for name in REQUEST)
_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"|\\.")

_BLOCK: Final = TypedBlock(_PATH, FIELDS, FORMS, {PLAIN: "a schedule without a type", ADVANCE: "type ADVANCE"})


def _block(subject: Subject) -> tuple[Document, str | None]:
    """The block, and its form if that is known."""
    block = subject.mapping(_PATH)
    written = block.get("type")
    return block, PLAIN if written is None and block else ADVANCE if written == ADVANCE else None


def _empty(subject: Subject) -> Iterable[Finding]:
    if subject.at(_PATH) == {}:
        yield Finding(_PATH, "`scheduleParams` is empty, and the service refuses it with error 1317", mark=Mark.KEY)


def _type(subject: Subject) -> Iterable[Finding]:
    block, form = _block(subject)
    if not block or form is not None:
        return
    written = block["type"]
    fix = Replace(ADVANCE) if isinstance(written, str) and written.upper() in {ADVANCE, "ADVANCED"} else None
    yield Finding(
        (*_PATH, "type"), f"{shown(written)} is not a valid type of schedule", f"write {ADVANCE}, or remove the type", fix=fix
    )


def _missing(subject: Subject) -> Iterable[Finding]:
    block, form = _block(subject)
    if form is not None:
        yield from _BLOCK.missing(block, form)


def _foreign(subject: Subject) -> Iterable[Finding]:
    block, form = _block(subject)
    if form is not None:
        yield from _BLOCK.foreign(block, form)


def _queries(subject: Subject) -> Iterator[Segments]:
    """The paths of `{SCHEDULE_QUERY}` in the request."""
    for block in _REQUEST:
        yield from (path for path, text in texts(subject.at(block), block) if SCHEDULE_QUERY in text)


def _query_undefined(subject: Subject) -> Iterable[Finding]:
    _, form = _block(subject)
    if form != ADVANCE and subject.mapping(_PATH).get("type") is None:
        for path in _queries(subject):
            yield Finding(path, f"`{SCHEDULE_QUERY}` is the query of a schedule of type ADVANCE, and there is none")


def _query_unused(subject: Subject) -> Iterable[Finding]:
    _, form = _block(subject)
    if form == ADVANCE and next(_queries(subject), None) is None:
        yield Finding(
            _PATH,
            f"the request has no `{SCHEDULE_QUERY}`, so the query of the schedule is unused and every run fetches all records",
        )


def _times(subject: Subject) -> Iterable[Finding]:
    block, form = _block(subject)
    if form != ADVANCE:
        return
    for field, wanted in (("incremental", (START_TIME, END_TIME)), ("backfill", (END_TIME,))):
        text = block.get(field)
        lacking = [time for time in wanted if isinstance(text, str) and time not in text]
        if lacking:
            yield Finding(
                (*_PATH, field), f"`{field}` has no {' and no '.join(lacking)}, so it is not limited to the time range of a run"
            )


def _swapped(subject: Subject) -> Iterable[Finding]:
    block, form = _block(subject)
    text = block.get("incremental")
    if form == ADVANCE and isinstance(text, str) and is_swapped(text):
        message = f"the query asks for times before {START_TIME} and after {END_TIME}, so every run but the first fetches nothing"
        yield Finding((*_PATH, "incremental"), message)


def _letters(text: Json) -> list[str]:
    """The letters that are meant as a year or a day, and have no meaning."""
    return sorted(set("YD") & set(_QUOTED.sub("", text))) if isinstance(text, str) else []


def _odd(subject: Subject) -> Iterable[Finding]:
    block = subject.mapping(_PATH)
    for field in FORMAT_FIELDS:
        text = block.get(field)
        if not isinstance(text, str) or _letters(text) or PLACEHOLDER.search(text):
            continue
        if reason := why_wrong(text):
            yield Finding((*_PATH, field), f"`{field}`: {reason}")
        elif reason := why_not_iso(text):
            yield Finding((*_PATH, field), f"`{field}`: {reason}", severity=Severity.INFO)


def _formats(subject: Subject) -> Iterable[Finding]:
    block = subject.mapping(_PATH)
    for field in FORMAT_FIELDS:
        letters = _letters(block.get(field))
        if letters:
            message = f"{' and '.join(letters)} {'have' if len(letters) > 1 else 'has'} no meaning in `{field}`: years are yyyy, days dd"
            yield Finding((*_PATH, field), message, "write a format such as yyyy-MM-ddTHH:mm:ssZ")


def _example(params: str, query: str = "") -> str:
    request = f'    urlParams: {{path: /search, method: GET, queryParams: {{query: "{query}"}}}}\n' if query else ""
    return f"sourceSpec:\n  attributes:\n{request}    scheduleParams:\n{params}"


_FULL_PLAIN: Final = "      scheduleStartParamName: since\n      scheduleEndParamName: until\n"
_FULL_ADVANCE: Final = """\
      type: ADVANCE
      paramFormat: yyyy-MM-ddTHH:mm:ssK
      incremental: updated>{START_TIME} updated<{END_TIME}
      backfill: updated<{END_TIME}
"""

RULES: Final = (
    Rule(
        code="schedule-empty",
        severity=Severity.ERROR,
        title="A schedule is not empty",
        why="The service answers `scheduleParams: {}` with error 1317.",
        instead="Write its fields. If every run fetches all records, remove scheduleParams.",
        bad="sourceSpec: {attributes: {scheduleParams: {}}}\n",
        good=_example(_FULL_PLAIN),
        check=_empty,
    ),
    Rule(
        code="schedule-type",
        severity=Severity.ERROR,
        title="A schedule has no type, or type ADVANCE",
        why="ADVANCE is the only type. A schedule with two query parameters has none.",
        instead="Write type: ADVANCE, or remove the type.",
        bad=_example(_FULL_ADVANCE.replace("ADVANCE", "advanced"), SCHEDULE_QUERY),
        good=_example(_FULL_ADVANCE, SCHEDULE_QUERY),
        check=_type,
        fixable=True,
    ),
    Rule(
        code="schedule-missing-field",
        severity=Severity.ERROR,
        title="A schedule has the fields that its type requires",
        why="A run requests what changed between two times, and needs to know how to send them.",
        instead="Write the missing field. If every run fetches all records, remove scheduleParams.",
        bad=_example("      scheduleStartParamName: since\n"),
        good=_example(_FULL_PLAIN),
        check=_missing,
    ),
    Rule(
        code="schedule-foreign-field",
        severity=Severity.WARNING,
        title="A schedule has no fields of the other type",
        why="The service ignores them. Either `type: ADVANCE` is missing or wrong, or the field is misspelled.",
        instead="Remove the field, correct its spelling, or change the type.",
        bad=_example(f"{_FULL_PLAIN}      incremental: updated>{{START_TIME}}\n"),
        good=_example(_FULL_PLAIN),
        check=_foreign,
    ),
    Rule(
        code="schedule-query-undefined",
        severity=Severity.ERROR,
        title="`{SCHEDULE_QUERY}` has a schedule of type ADVANCE",
        why="Only that schedule replaces it. Without one the braces are sent to the source.",
        instead="Write scheduleParams of type ADVANCE, or remove {SCHEDULE_QUERY} from the request.",
        bad=_example(_FULL_PLAIN, SCHEDULE_QUERY),
        good=_example(_FULL_ADVANCE, SCHEDULE_QUERY),
        check=_query_undefined,
    ),
    Rule(
        code="schedule-query-unused",
        severity=Severity.ERROR,
        title="The query of an ADVANCE schedule is used",
        why="It replaces `{SCHEDULE_QUERY}` in the URL, the headers or the body. Without that it is never sent.",
        instead='Write {SCHEDULE_QUERY} in urlParams, headerParams or bodyParams, such as queryParams: {query: "{SCHEDULE_QUERY}"}.',
        bad=_example(_FULL_ADVANCE, "type:user"),
        good=_example(_FULL_ADVANCE, SCHEDULE_QUERY),
        check=_query_unused,
    ),
    Rule(
        code="schedule-times",
        severity=Severity.WARNING,
        title="The queries of an ADVANCE schedule have their times",
        why=(
            "`incremental` is the query of every run but the first, from `{START_TIME}` to `{END_TIME}`; `backfill` is the "
            "query of the first, up to `{END_TIME}`."
        ),
        instead="Write {START_TIME} and {END_TIME}, with single braces and without a $.",
        bad=_example(_FULL_ADVANCE.replace("{START_TIME}", "{STARTTIME}"), SCHEDULE_QUERY),
        good=_example(_FULL_ADVANCE, SCHEDULE_QUERY),
        check=_times,
    ),
    Rule(
        code="schedule-format",
        severity=Severity.WARNING,
        title="Time formats use yyyy and dd",
        why="In these formats `Y` and `D` have no meaning and are sent as letters; `mm` is minutes and `MM` months.",
        instead="Write a format such as yyyy-MM-ddTHH:mm:ssZ.",
        bad=_example(f"{_FULL_PLAIN}      scheduleStartParamFormat: YYYY-MM-DDTHH:mm:ssZ\n"),
        good=_example(f"{_FULL_PLAIN}      scheduleStartParamFormat: yyyy-MM-ddTHH:mm:ssZ\n"),
        check=_formats,
    ),
    Rule(
        code="schedule-swapped",
        severity=Severity.ERROR,
        title="The query of an ADVANCE schedule asks for times after its start and before its end",
        why="A time before {START_TIME} and after {END_TIME} does not exist, so a run fetches nothing, and succeeds.",
        instead="Swap {START_TIME} and {END_TIME}.",
        bad=_example(_FULL_ADVANCE.replace("START_TIME} updated<{END", "END_TIME} updated<{START"), SCHEDULE_QUERY),
        good=_example(_FULL_ADVANCE, SCHEDULE_QUERY),
        check=_swapped,
    ),
    Rule(
        code="window-format",
        severity=Severity.WARNING,
        title="Times are written in a form that APIs read",
        why=(
            "The formats are those of .NET. An API that cannot read a time refuses the request, or ignores the time and returns "
            "everything."
        ),
        instead="Write a format such as yyyy-MM-ddTHH:mm:ssZ.",
        bad=_example(f"{_FULL_PLAIN}      scheduleStartParamFormat: yyyy-MM-ddTHH:MM:ssZ\n"),
        good=_example(f"{_FULL_PLAIN}      scheduleStartParamFormat: yyyy-MM-ddTHH:mm:ssZ\n"),
        check=_odd,
    ),
)
