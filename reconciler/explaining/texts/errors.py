"""Errors that end a command."""

from __future__ import annotations

from typing import Final

from reconciler.explaining.text import Explanation, explained

ERRORS: Final[tuple[Explanation, ...]] = explained(
    "Errors that end a command",
    "every command",
    (
        ("error", "Internal error", "This is a bug in reconciler.", "Report it, with the output of the same command with -v."),
        (
            "usage",
            "The command line is not valid",
            "A name does not exist, or arguments contradict each other.",
            "Follow the hint, or run the command with --help.",
        ),
        (
            "settings",
            "`reconciler.yaml` or the environment cannot be used",
            "Without settings no target is known.",
            "Fix the problem that is shown; docs/files.md lists every setting and variable.",
        ),
        (
            "credentials",
            "A credential is missing or not valid",
            "Flow Service answers nobody without one.",
            "Set the variables that the hint names for this target.",
        ),
        (
            "spec-files",
            "Spec files cannot be read",
            "A plan from half of the files would call the others removed.",
            "Run `reconciler validate`, and fix the errors.",
        ),
        (
            "service",
            "Flow Service, or the gateway before it, returned an error",
            "The message, code and request id are the server's own.",
            "Follow the hint; `reconciler doctor` shows which part of the access does not work.",
        ),
        (
            "not-found",
            "Flow Service has no such spec",
            "A 404 may also mean another sandbox, a missing permission or an access label.",
            "Check the id, the target and the permissions of the credential.",
        ),
        (
            "version-mismatch",
            "The spec was changed between the read and the write",
            "The write was refused, so that it undoes nobody's work.",
            "Run the command again; it starts from what is live now.",
        ),
        (
            "answer-lost",
            "A write was sent, and no usable answer came back",
            "It may or may not have happened.",
            "Run plan or apply again: it finds out what is live before it writes.",
        ),
        (
            "refused-for-now",
            "Flow Service temporarily refuses writes",
            "The token ended, or there were too many requests.",
            "Run the command again later.",
        ),
        (
            "unproven",
            "Reads of one spec contradict each other",
            "A body that is older or incomplete would overwrite newer work, so nothing was sent.",
            "Run the command again when the service has settled.",
        ),
        (
            "too-late",
            "A write was delayed for too long",
            "The read that it is based on was stale by then, so nothing was sent.",
            "Run apply again.",
        ),
        (
            "unsendable",
            "The live body cannot be sent back unchanged",
            "It has values that JSON cannot carry exactly, and a write would damage them.",
            "Ask Adobe to repair the live spec, or leave it out of the apply.",
        ),
        (
            "unreachable",
            "The service could not be reached",
            "There was no connection, or no answer within `network.deadline`.",
            "Check network and proxy; `reconciler doctor` shows how far it gets.",
        ),
        (
            "gitlab",
            "GitLab returned an error, or could not be reached",
            "Results cannot be posted.",
            "Check the token of the job and the hint.",
        ),
        (
            "github",
            "GitHub returned an error, or could not be reached",
            "Results cannot be posted, or a review cannot be read.",
            "Check the permissions of the job and the hint.",
        ),
        (
            "journal",
            "The journal cannot be written",
            "It is the only way to undo an apply, so nothing is written without it.",
            "Make room, or name another file with --journal.",
        ),
        (
            "refused",
            "A guard refused, and nothing was written",
            "Something that cannot be undone needs a decision.",
            "Follow the hint.",
        ),
        (
            "interrupted",
            "The run was interrupted",
            "Writes in flight were finished, and no other was begun.",
            "Run the command again; it continues where it stopped.",
        ),
        (
            "stale",
            "The plan is out of date",
            "It differs from what was saved or reviewed, or a spec changed just before its write.",
            "Plan again, and review the plan.",
        ),
        (
            "not-reviewed",
            "The plan is not the reviewed one",
            "Only what was reviewed on the pull request may be applied.",
            "Follow the hint: plan on a pull request again, and merge it.",
        ),
        (
            "output",
            "The output cannot be written",
            "Standard output is closed or its disk is full, so the result would be lost.",
            "Redirect it to another file.",
        ),
        (
            "secret-in-output",
            "The output was withheld because it contains a credential",
            "An answer repeated a secret of this run.",
            "Check what the third party sends back; use another credential once it was exposed.",
        ),
    ),
)
