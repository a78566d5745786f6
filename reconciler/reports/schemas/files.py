"""The reports of commands that read or write spec files, and of a failure."""

from __future__ import annotations

from typing import Final

from reconciler.authoring.importing.specs import FileState
from reconciler.breaking.effect import Level
from reconciler.reports.schemas.nodes import number, one_of, part, parts, record, texts
from reconciler.reports.schemas.parts import FILE, KEY, KIND, LINE, NAME
from reconciler.revisions.spec_diff import SpecState
from reconciler.schemas.nodes import Properties, anything, flag, or_null, text

_BASED: Final[Properties] = {
    "target": or_null(text("The target whose overlays are compared; null for none.")),
    "base": text("The commit to compare with, as it was given."),
}
_FILE_PROBLEMS: Final = parts("problem", "Problems of the current files.")

VALIDATE: Final[Properties] = {"problems": parts("problem", "Every problem, by file, line and column.")}

FAILURE: Final[Properties] = {"error": part("error"), "problems": parts("problem", "Every reason for the error; often none.")}

TARGETS: Final[Properties] = {
    "targets": {
        "description": "The targets, in the order of reconciler.yaml.",
        "type": "array",
        "items": record(
            "One target, with what the environment overrides.",
            {
                "target": text("Its name."),
                "host": text("The host of Flow Service."),
                "org_id": text("The id of the organization."),
                "sandbox": text("The name of the sandbox."),
                "environment": text("The GitHub environment of its jobs."),
                "credentials": or_null(
                    text("The middle of the variables with its credentials, if none have its own name; null without one.")
                ),
                "groups": texts("Its groups."),
                "after": texts("The targets that it waits for, each fleet as its targets."),
                "wave": number("The wave in which it is applied, from 1."),
                "keys": texts("The sources to prove there; only with `--to-prove` or `--with-proofs`."),
            },
            optional=["keys"],
        ),
    }
}

JOBS: Final[Properties] = {
    "jobs": {
        "description": "The jobs of a workflow, by wave.",
        "type": "array",
        "items": record(
            "The targets of one wave, environment and organization.",
            {
                "environment": text("The GitHub environment that they share."),
                "wave": number("The wave in which they are applied, from 1."),
                "host": text("The host of Flow Service."),
                "org_id": text("The id of the organization."),
                "targets": texts("Their names."),
                "arguments": text("The options that choose them."),
            },
        ),
    }
}

SANDBOXES: Final[Properties] = {
    "organizations": {
        "description": "Each organization of the chosen targets.",
        "type": "array",
        "items": record(
            "One organization.",
            {
                "host": text("The host of Flow Service."),
                "org_id": text("The id of the organization."),
                "new": {
                    "description": "The sandboxes that no target has, by name.",
                    "type": "array",
                    "items": record(
                        "One sandbox; empty for what the service does not say.",
                        {
                            "name": text("Its name."),
                            "type": text("Such as `development`."),
                            "state": text("Such as `active`."),
                        },
                    ),
                },
                "gone": {
                    "description": "The sandboxes of targets that the service does not list.",
                    "type": "array",
                    "items": record(
                        "One target.",
                        {
                            "target": text("Its name."),
                            "sandbox": text("The name of its sandbox."),
                            "certain": flag("Whether the service lists all sandboxes; if not, access to it may be missing."),
                        },
                    ),
                },
                "not_asked": {
                    "description": "What could not be compared.",
                    "type": "array",
                    "items": record(
                        "The targets of one client.",
                        {"targets": texts("Their names."), "why": text("The reason.")},
                    ),
                },
            },
        ),
    }
}

DIFF: Final[Properties] = {
    **_BASED,
    "specs": {
        "description": "Each spec whose file changed.",
        "type": "array",
        "items": record(
            "One changed spec.",
            {
                "kind": KIND,
                "key": KEY,
                "name": NAME,
                "state": one_of("How the file changed.", SpecState),
                "former_key": or_null(text("The previous key; null if it is the same.")),
                "changes": {
                    "description": "The changes of the file.",
                    "type": "array",
                    "items": record(
                        "One change.",
                        {
                            "op": one_of("The operation.", ("add", "remove", "replace")),
                            "path": text("A JSON Pointer into the body, or a key of the envelope without a slash."),
                            "old": anything("The previous value; null also if there was none. Secrets are withheld."),
                            "new": anything("The current value; null also if there is none. Secrets are withheld."),
                        },
                    ),
                },
                "file": FILE,
                "line": LINE,
            },
        ),
    },
    "problems": _FILE_PROBLEMS,
}

BREAKING: Final[Properties] = {
    **_BASED,
    "allowed": flag("Whether `safety.breaking` allows breaking changes."),
    "summary": record(
        "How many specs have this as their most severe level.",
        {level.value: number(f"Specs whose worst effect is {level.value}.") for level in reversed(Level)},
    ),
    "specs": {
        "description": "Each spec whose change has an effect, safe ones included; the most severe first.",
        "type": "array",
        "items": record(
            "One spec.",
            {
                "kind": KIND,
                "key": KEY,
                "name": NAME,
                "file": FILE,
                "line": LINE,
                "level": one_of("The level of the most severe effect.", Level),
                "effects": parts("effect", "Every effect of the change."),
            },
        ),
    },
    "problems": _FILE_PROBLEMS,
}

IMPORT: Final[Properties] = {
    "target": part("target"),
    "dry_run": flag("Whether nothing was written."),
    "specs": {
        "description": "Each selected spec.",
        "type": "array",
        "items": record(
            "One spec and its file.",
            {
                "kind": KIND,
                "key": KEY,
                "name": NAME,
                "id": text("The live id."),
                "file": text("The path of the file."),
                "state": one_of("`written` is a new file.", FileState),
                "changes": {
                    "description": "The values that were taken from live into an existing file.",
                    "type": "array",
                    "items": record(
                        "One value.",
                        {
                            "path": text("A JSON Pointer into the body, or a key of the envelope."),
                            "old": anything("The value in the file; null also if there was none."),
                            "new": anything("The live value; null also if there is none."),
                        },
                    ),
                },
                "overlaid": texts("JSON Pointers that were written to the overlay of the target."),
                "diff": text("The diff of the file; only with `--dry-run`."),
            },
            optional=["diff"],
        ),
    },
    "problems": parts("problem", "What could not be imported, or needs attention."),
}
