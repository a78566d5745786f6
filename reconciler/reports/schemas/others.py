"""The reports of submit, doctor, explain and cache."""

from __future__ import annotations

from typing import Final

from reconciler.diagnosis.report import OUTCOMES
from reconciler.errors import Severity
from reconciler.reports.schemas.nodes import number, one_of, part_or_null, record, text_map, texts
from reconciler.reports.schemas.parts import HINT, KEY
from reconciler.schemas.nodes import Properties, flag, listing, or_null, text
from reconciler.submission.check import Outcome

SUBMIT: Final[Properties] = {
    "key": KEY,
    "target": text("The target whose proof is submitted."),
    "draft": flag("Whether it is a draft."),
    "ready": flag("Whether it may be written."),
    "checks": listing(
        "The checks.",
        record(
            "One check.",
            {
                "id": text("Its name."),
                "outcome": one_of("`refuse` stops the submission.", Outcome),
                "said": text("What was found."),
                "hint": HINT,
            },
        ),
    ),
    "to_fill_in": listing(
        "The places that people have to fill in.",
        record("One place.", {"file": text("The page."), "text": text("What stands there.")}),
    ),
    "kept": listing(
        "The pages that exist and were not overwritten.",
        record(
            "One page.",
            {"file": text("The page."), "diff": texts("The diff to what the spec would say now; empty if there is none.")},
        ),
    ),
    "place": or_null(text("Where the files are; null if nothing was written.")),
    "written": texts("The files that were written."),
    "commit": or_null(text("The commit that `--branch` made; null for none.")),
    "others": texts("Files in the folder that the submission did not write."),
}
KEYS: Final[Properties] = {
    "key": KEY,
    "file": text("The spec file."),
    "written": flag("Whether the file was written; false if it had the keys already."),
    "keys": text_map("Adobe's keys, by field."),
    "kept": texts("The targets whose overlay keeps another value."),
}
DOCTOR: Final[Properties] = {
    "target": part_or_null("target_seen", "The target; null if the settings do not define it."),
    "in_order": flag("Whether the exit code is 0."),
    "summary": record(
        "How many checks have this outcome.", {outcome: number(f"Checks that are {outcome}.") for outcome in OUTCOMES}
    ),
    "checks": listing(
        "The checks, in order.",
        record(
            "One check.",
            {
                "id": text("Its name, such as `token`."),
                "outcome": one_of("`unknown` is never as good as `ok`: no answer was seen.", OUTCOMES),
                "asked": text("What was asked."),
                "said": text("What was seen."),
                "hint": HINT,
                "due": flag("Whether an answer was to be expected."),
            },
        ),
    ),
}
EXPLAIN: Final[Properties] = {
    "codes": listing(
        "The explanations; a code that several commands use has one for each.",
        record(
            "One explanation.",
            {
                "code": text("The code. One that ends with `-` stands for all that begin with it."),
                "subject": text("The heading it is listed under."),
                "severity": or_null(one_of("The severity, unless settings change it; null where it varies.", Severity)),
                "reported_by": text("The commands that report it."),
                "title": text("What it means; for a rule, what the rule requires."),
                "why": text("Why it matters."),
                "instead": text("What to do."),
            },
        ),
    ),
}
CACHE: Final[Properties] = {
    "folder": or_null(text("The cache folder; null if the environment has none.")),
    "used": flag("Whether commands use it."),
    "refused": or_null(text("Why the folder is not used; null if it may be.")),
    "hint": HINT,
    "cleared": flag("Whether `--clear` removed everything; the counts are then what was removed."),
    "files": number("Files in the folder."),
    "entries": number("Entries in the files."),
    "bytes": number("Bytes of the files."),
}
