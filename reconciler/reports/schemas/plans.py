"""The reports of plan, drift, status and apply."""

from __future__ import annotations

from typing import Final, get_args

from reconciler.applying.outcome import OutcomeName
from reconciler.documents.json_text import Document
from reconciler.planning.plan import ActionName, State
from reconciler.reports.schemas.nodes import constant, number, one_of, part, part_or_null, parts, record, texts
from reconciler.reports.schemas.parts import CAUSE, FILE, HINT, KEY, KIND, LINE, NAME, UPDATED
from reconciler.reports.schemas.waits import WAIT
from reconciler.schemas.nodes import Properties, flag, or_null, text
from reconciler.settings.values import UntriedSpecs

_NO_FILE: Final = "null for a flow spec without a file"
_COMMIT: Final = or_null(text("The commit of the spec files; null if it is not known, or if files are not committed."))
_REPOSITORY: Final = text("The `repository` of reconciler.yaml.")
_SUMMARY: Final = record(
    "Counts of specs; `attach` and `detach` count ids.",
    {
        "create": number("Specs to create."),
        "update": number("Specs to update, adopt or rename."),
        "attach": number("Ids to attach to flow specs."),
        "detach": number("Ids to detach from flow specs."),
        "in_sync": number("Specs without a difference."),
        "orphan": number("Live specs with this repository's marker and without a file."),
        "drift": number("Actions whose cause is `drift`."),
        "pending": number("Actions whose cause is `pending`."),
        "both": number("Actions whose cause is `both`."),
        "ahead": number("Live specs that were applied from a commit which this checkout does not contain."),
        "error": number("Specs or files with a problem of severity `error`."),
        "breaking": number("Actions that break connections or flows."),
        "risky": number("Actions that may break connections or flows."),
    },
)
_OPTIONS: Final = record(
    "The options of the plan: from the command line, or from reconciler.yaml.",
    {
        "keys": texts("The keys that were asked for; empty for all."),
        "prune": flag("Whether orphans are detached."),
        "allow_create": texts("The keys that may be created while an orphan is live that could be it."),
        "allow_rewind": flag("Whether a live spec that is ahead may be overwritten."),
        "allow_dirty": flag("Whether uncommitted files may be applied."),
        "allow_in_use": flag("Whether a spec in use may be detached."),
        "allow_breaking": flag("Whether breaking changes may be applied."),
        "allow_untried": flag("Whether specs without a trial may be applied."),
        "untried": one_of("`safety.untried`.", get_args(UntriedSpecs)),
        "allow_unproved": flag("Whether specs without a proof may be applied."),
        "unproved": one_of("`safety.unproved`.", get_args(UntriedSpecs)),
        "max_creates": number("The most specs that may be created."),
        "max_updates": number("The most specs that may be updated."),
        "max_detaches": number("The most ids that may be detached."),
        "skip_gates": texts("The gates that are passed over, each alone or as `GATE=KEY`. Only there if a gate is."),
        "reason": text("Why they are. Only there likewise."),
    },
    optional=("skip_gates", "reason"),
)
_ACTION: Final = record(
    "One object and the one write that it needs.",
    {
        "kind": KIND,
        "key": or_null(text(f"The key of the spec; {_NO_FILE}.")),
        "name": NAME,
        "id": or_null(text("The live id; null before a create.")),
        "action": one_of("What apply does.", ActionName),
        "cause": CAUSE,
        "fingerprint": text("A digest of what the action relies on; apply compares it just before it writes."),
        "changes": parts("change", "The changes, in the order of the body."),
        "requests": parts("request", "The writes that apply sends."),
        **UPDATED,
        "file": FILE,
        "line": LINE,
        "usage": part_or_null("usage", "Who uses what the action changes; null if that was not asked."),
        "effects": parts("effect", "Effects on connections and flows, without safe ones; breaking ones first."),
        "keys": texts("The keys that select exactly this action in an apply."),
        "tried": part_or_null("tried", "The evidence of a trial; null if the action needs none, or if it was not looked up."),
        "proved": part_or_null("proved", "The evidence of a proof; null if the action needs none, or if it was not looked up."),
    },
)
PLAN: Final[Properties] = {
    "target": part("target"),
    "repository": _REPOSITORY,
    "commit": _COMMIT,
    "options": _OPTIONS,
    "digest": text("SHA-256 of what the plan does, for `apply --expect`. Equal plans have equal digests."),
    "summary": _SUMMARY,
    "actions": {"description": "What apply would do. Specs in sync have no action.", "type": "array", "items": _ACTION},
    "waiting": {
        "description": "What waits at a gate. Only there if something does.",
        "type": "array",
        "items": record(
            "One of them.",
            {
                "action": _ACTION,
                "waits": {"description": "Why it waits.", "type": "array", "items": WAIT},
                "specs": {
                    "description": "The specs whose gates are closed.",
                    "type": "array",
                    "items": record("One of them.", {"kind": KIND, "key": KEY}),
                },
            },
        ),
    },
    "overdue": {
        "description": "What was committed long ago and is not applied. Only in drift, and only if there is any.",
        "type": "array",
        "items": record(
            "One spec.",
            {
                "kind": KIND,
                "key": KEY,
                "file": FILE,
                "commit": or_null(text("The oldest commit that is not applied; null if that is not known.")),
                "since": or_null(text("When it arrived on the branch; null if that is not known.")),
                "commits": number("How many commits that changed the file are not applied."),
                "why_not": or_null(text("Why `since`, or whether it waits at a gate, is not known; null if both are.")),
            },
        ),
    },
    "problems": parts("problem", "Problems of the plan. One of severity `error` refuses the whole apply."),
    "integrity": text("SHA-256 of the other keys without `report`. It detects a file that was changed or cut off."),
}
"""The keys of a plan; drift has the same."""

STATUS: Final[Properties] = {
    "target": part("target"),
    "repository": _REPOSITORY,
    "commit": _COMMIT,
    "summary": _SUMMARY,
    "specs": {
        "description": "Each spec of the repository, and each live spec that carries its marker.",
        "type": "array",
        "items": record(
            "One spec.",
            {
                "kind": KIND,
                "key": KEY,
                "id": or_null(text("The live id; null if the spec is not live.")),
                "name": NAME,
                "state": one_of("What apply would do, or why it would do nothing.", State),
                "cause": CAUSE,
                "attached_to": texts("The names of the flow specs that hold its id."),
                **UPDATED,
                "file": FILE,
                "proved": part_or_null("proved", "The evidence of a proof; null for what is not a source with a file."),
            },
        ),
    },
    "problems": parts("problem", "Problems of the spec files and of the plan."),
}

_FAILED: Final = record(
    "Why a spec failed.",
    {
        "code": text("What kind of error this is."),
        "message": text("One sentence for people, with the server's own words."),
        "hint": HINT,
        "status": or_null(number("The HTTP status; null without an answer.")),
        "server_code": or_null(text("The error code of the server.")),
        "request_id": or_null(text("The id by which Adobe's support finds the request.")),
        "pointers": texts("JSON Pointers to what Flow Service did not keep."),
        "ignore": texts("Lines for the spec file that ignore these differences."),
        "undo": or_null(text("The command that shows how to restore the previous body.")),
    },
)
_SENT: Final = record(
    "A write that was sent.",
    {
        "method": text("`POST` or `PUT`."),
        "path": text("The path below the base URL."),
        "status": or_null(number("The HTTP status; null without an answer.")),
        "request_id": or_null(text("The id by which Adobe's support finds the request.")),
    },
)
_RESULT: Final = record(
    "The result of one action.",
    {
        "kind": KIND,
        "key": or_null(text(f"The key of the spec; {_NO_FILE}.")),
        "name": NAME,
        "id": or_null(text("The live id; null if there is none.")),
        "outcome": one_of("How it ended. `unknown`: the answer to a write was lost; the next run finds out.", OutcomeName),
        "requests": {"description": "The writes that were sent.", "type": "array", "items": _SENT},
        "error": or_null({"description": "Why it failed; null if it did not.", "anyOf": [_FAILED]}),
        "warnings": parts("problem", "What else was seen."),
    },
)


def apply_keys() -> dict[str, Document]:
    """The keys of an apply."""
    whole_plan = record(
        "A plan.", {"format_version": constant("The version of this form of a plan.", 1), **PLAN}, optional=("waiting", "overdue")
    )
    return {
        "digest": text("The digest of the plan that was applied or refused."),
        "target": part("target"),
        "converged": flag(
            "Whether live matches the plan according to the read-backs, whatever waits. False if the apply was refused."
        ),
        "results": {"description": "One result for each action; empty if refused.", "type": "array", "items": _RESULT},
        "problems": parts("problem", "Problems of the plan, of the refusal, and of the apply as a whole."),
        "journal": or_null(text("The path of the journal, for `restore`; null if there was nothing to write.")),
        "waiting": {
            "description": "What waits at a gate. Only there if something does.",
            "type": "array",
            "items": record(
                "One of them.",
                {
                    "kind": KIND,
                    "key": or_null(text(f"The key of the spec; {_NO_FILE}.")),
                    "name": NAME,
                    "action": one_of("What apply would do.", ActionName),
                    "waits": {"description": "Why it waits.", "type": "array", "items": WAIT},
                },
            ),
        },
        "error": part_or_null("error", "Why the apply was refused, and nothing was written; null if it ran to its end."),
        "plan": or_null({"description": "The plan. Only `--report` includes it.", "anyOf": [whole_plan]}),
    }
