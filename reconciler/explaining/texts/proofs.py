"""Proof files, recordings and proofs."""

from __future__ import annotations

from typing import Final

from reconciler.explaining.text import Explanation, explained

PROOF_FILES: Final[tuple[Explanation, ...]] = explained(
    "Files of a proof",
    "validate, try and prove",
    (
        (
            "no-proof",
            "The source has no proof file",
            "Its values and secrets are not known.",
            "Run `reconciler new KEY --proof`.",
        ),
        (
            "auth-name",
            "The entry of `authSpec` does not exist, or is ambiguous",
            "Credentials are for one of them.",
            "Write auth: {name: …}.",
        ),
        (
            "mixed-secret",
            "A secret and other text are in one value",
            "The value could be shown in part.",
            "Put the whole value into the variable.",
        ),
        (
            "literal-secret",
            "A secret is written into the file",
            "Everybody who reads the repository has it.",
            "Write {env: RECONCILER_PROOF_…}, and change the secret.",
        ),
        ("not-filled-in", "A value is still that of the template", "Nothing can be tried with it.", "Fill it in."),
        ("missing-property", "A property has no value", "The request would lack it.", "Add it to the proof file."),
        (
            "unknown-property",
            "The spec declares no such property",
            "Its value would not be sent.",
            "Use the name that is suggested.",
        ),
        (
            "variable",
            "A variable of the environment is missing or its name is not valid",
            "It holds a value of the proof.",
            "Set it where you run the command.",
        ),
        (
            "unchecked-values",
            "Values cannot be checked against their schema",
            "The schema is not valid, or a value is not known yet.",
            "Fix the schema with `reconciler validate`.",
        ),
        ("no-file", "A file that is referenced does not exist", "Its content is needed.", "Create it, or correct the name."),
        ("bad-record", "A line is not a record", "It cannot be served or compared.", "Write one JSON object in each line."),
        (
            "no-authentication",
            "The streaming source has no authentication to test",
            "What Adobe asks for cannot be shown.",
            "Write `streaming: {authentication: …}` in proof.yaml.",
        ),
        (
            "record",
            "A recording cannot be used",
            "A trial from half a recording proves nothing.",
            "Record again with `try KEY --record`.",
        ),
        ("no-calls", "The recording has no calls", "There is nothing to replay.", "Record again."),
        (
            "not-redacted",
            "The recording is not redacted",
            "It may hold secrets and personal data.",
            "Record again without raw, or do not commit it.",
        ),
        (
            "not-learnt",
            "The answers of the engine cannot be added to engine.yaml",
            "The file is not valid.",
            "Fix it, then prove again.",
        ),
        (
            "contradicting-answer",
            "Two proofs saw different answers of the engine",
            "One is out of date, or the targets differ.",
            "Remove one entry, and prove again.",
        ),
    ),
)

PROVE: Final[tuple[Explanation, ...]] = explained(
    "Guards and findings of prove",
    "prove",
    (
        (
            "target-not-listed",
            "proof.yaml does not list this target",
            "A proof makes resources, and a team decides where.",
            "Add it to `targets:`, or pass --allow-target NAME.",
        ),
        (
            "production-sandbox",
            "The sandbox is a production one, or its type is not known",
            "A proof makes resources there.",
            "Use a development sandbox.",
        ),
        (
            "no-permission",
            "A permission for the proof is missing",
            "It would stop half-way.",
            "Ask for the permission that is named.",
        ),
        (
            "another-proof",
            "Another proof of this source is running",
            "They would delete each other's resources.",
            "Wait, or clean up with `prove --cleanup`.",
        ),
        (
            "streaming-needed",
            "The source streams, and the proof file has no `streaming:`",
            "Its events are not known.",
            "Add it; docs/proving.md has an example.",
        ),
        ("no-events", "There are no events to send", "Nothing would land.", "Write events into the file that is named."),
        (
            "no-records",
            "There are no records to compare with",
            "A proof without records proves nothing.",
            "Try the source first.",
        ),
        (
            "schema-needed",
            "The fields of the records are not known",
            "A schema cannot be made.",
            "Try the source first, or describe the schema in proof.yaml.",
        ),
        ("mapping-needed", "There is no mapping", "Rows could not land.", "Add it to proof.yaml."),
        (
            "keep-schema",
            "The kept schema belongs to another proof",
            "It may not fit.",
            "Remove `keep`, or use another name.",
        ),
        ("not-live", "The spec is not live in this target", "There is nothing to prove.", "Apply it first."),
        ("not-applied", "Live differs from the file", "The proof would be of something else.", "Apply first."),
        ("not-attached", "The spec is attached to no flow spec", "No flow can be made.", "Apply first, and check `flowSpecs`."),
        (
            "no-dataset",
            "The dataset that proof.yaml names does not exist",
            "Rows have nowhere to land.",
            "Name another, or leave it out.",
        ),
        ("profile-enabled", "The dataset or schema is enabled for Profile", "Test rows would become people.", "Name another."),
        (
            "not-proved",
            "The source is not proved",
            "A step failed, or an answer was not seen.",
            "Look at the step, fix it, and prove again.",
        ),
        (
            "not-begun",
            "The proof or apply was not recorded as begun",
            "If it is interrupted, nobody can tell.",
            "Follow the hint.",
        ),
        (
            "not-written",
            "A result was not written to its file",
            "The next command does not know it.",
            "Make the file writable, and run again.",
        ),
        ("left-over", "A proof left resources behind", "They count against limits.", "Run `reconciler prove --cleanup`."),
    ),
)
