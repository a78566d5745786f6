"""The definitions that several reports share."""

from __future__ import annotations

from typing import Final

from reconciler.breaking.effect import Level
from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import Document
from reconciler.documents.kinds import Kind
from reconciler.errors import Severity
from reconciler.planning.tried import TriedOutcome
from reconciler.proofs.kept.status import ProvedStatus
from reconciler.reports.schemas.nodes import number, one_of, record
from reconciler.schemas.nodes import Properties, anything, flag, or_null, text

KIND: Final = one_of("The kind of the spec.", Kind)
KEY: Final = text("The key of the spec in the repository.")
NAME: Final = text("The name of the spec.")
FILE: Final = or_null(text("The path of the file; null if no file is concerned."))
LINE: Final = or_null(number("The line in the file, from 1; null if none is known."))
HINT: Final = or_null(text("The next step; null if there is none to name."))
UPDATED: Final[Properties] = {
    "updated_at": or_null(number("When the live object was last changed, in milliseconds since the epoch; null if not known.")),
    "updated_by": or_null(text("Who changed it last; null if not known.")),
}
COUNTED: Final = or_null(number("How many there are; null if that is not known."))

_WHERE: Final[Properties] = {
    "name": text("The name of the target in reconciler.yaml."),
    "host": text("The host of Flow Service."),
    "org_id": text("The id of the organization."),
    "sandbox": text("The name of the sandbox."),
}
TARGET: Final = record("The target.", _WHERE)
TARGET_SEEN: Final = record(
    "The target.", {**_WHERE, "emulated": flag("Whether the embedded Flow Service answered, and not Adobe.")}
)
PROBLEM: Final = record(
    "A problem: a mistake in a file, or a guard that refuses.",
    {
        "severity": one_of("`error` prevents an apply.", Severity),
        "code": text("What kind of problem this is. docs/rules.md lists the codes of the rules."),
        "message": text("One sentence for people. Its wording may change in any release."),
        "file": FILE,
        "line": LINE,
        "column": or_null(number("The column, from 1; null if none is known.")),
        "hint": HINT,
        "key": or_null(text("The key of the spec concerned; null if it is none or several.")),
        "guard": flag("Whether a guard refuses. If false, the problem is in a file or in Flow Service."),
    },
)
FINDING: Final = record(
    "A finding of a trial or a proof.",
    {
        "level": one_of("How severe it is.", Severity),
        "code": text("What kind of finding this is."),
        "message": text("One sentence for people. Its wording may change in any release."),
        "hint": HINT,
        "file": FILE,
        "line": LINE,
        "column": or_null(number("The column, from 1; null if none is known.")),
    },
)
ERROR: Final = record(
    "Why the command ended without a result.",
    {"code": text("What kind of error this is."), "message": text("One sentence for people."), "hint": HINT},
)
CAUSE: Final = or_null(
    one_of(
        "Why live and the file differ: `drift` was changed in Flow Service, `pending` in the repository, `both` in both; `unknown` and "
        "`unconfirmed` lack evidence; `ownership` writes only the marker. Null for a create or an attachment.",
        Cause,
    )
)
CHANGE: Final = record(
    "One change, as an RFC 6902 operation.",
    {
        "op": one_of("The operation.", ("add", "remove", "replace")),
        "path": text("A JSON Pointer into the body."),
        "old": anything("The live value; null also if there is none (`op` is `add`). Secrets are withheld."),
        "new": anything("The value of the repository; null also if there is none (`op` is `remove`). Secrets are withheld."),
        "cause": CAUSE,
    },
)
EFFECT: Final = record(
    "An effect on the connections and flows that use the spec.",
    {
        "level": one_of("How severe it is.", Level),
        "code": text("What kind of effect this is."),
        "path": text("A JSON Pointer into the previous body."),
        "reason": text("One sentence for people."),
        "hint": HINT,
    },
)
REQUEST: Final = record(
    "A write.",
    {
        "method": text("`POST` or `PUT`."),
        "path": text("The path below the base URL. `{id}` stands for an id that is not known yet."),
    },
)
USAGE: Final = record(
    "How many objects use what the action changes. Only 0 means that nothing uses it; null is not known.",
    {
        "base_connections": COUNTED,
        "source_connections": COUNTED,
        "flows": COUNTED,
        "enabled_flows": COUNTED,
        "last_run_at": or_null(
            number("The start of the last run of these flows, in milliseconds since the epoch; null if none is known.")
        ),
        "unknown": or_null(text("Why a count is missing or may be too low.")),
    },
)
TRIED: Final = record(
    "Whether a recorded trial of exactly this content exists, and how it ended.",
    {
        "outcome": one_of("How it ended.", TriedOutcome),
        "records": COUNTED,
        "calls": COUNTED,
        "recorded_at": or_null(text("The time of the recording, in ISO 8601.")),
        "reason": or_null(text("Why it failed or does not exist, or what it left out.")),
        "stub": flag("Whether a provider file answered, and not the third party."),
    },
)
PROVED: Final = record(
    "Whether a kept proof of exactly this content exists.",
    {
        "status": one_of("`stale` is a proof of other content.", ProvedStatus),
        "target": or_null(text("The target where it was proved.")),
        "run": or_null(text("The name of the proof.")),
        "at": or_null(text("The time of the proof, in ISO 8601, UTC.")),
        "records": COUNTED,
        "reason": or_null(text("Why the proof does not count.")),
        "emulated": flag("Whether the embedded Flow Service answered, and not Adobe."),
        "exempt": flag("Whether proof.yaml lists this target, so that the spec must be live here before it can be proved."),
    },
)

DEFINITIONS: Final[dict[str, Document]] = {
    "target": TARGET,
    "target_seen": TARGET_SEEN,
    "problem": PROBLEM,
    "finding": FINDING,
    "error": ERROR,
    "change": CHANGE,
    "effect": EFFECT,
    "request": REQUEST,
    "usage": USAGE,
    "tried": TRIED,
    "proved": PROVED,
}
"""Each shared definition by its name in `$defs`."""
