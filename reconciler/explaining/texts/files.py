"""Spec files, settings and the text that they are written in."""

from __future__ import annotations

from typing import Final

from reconciler.explaining.text import Explanation, explained

TEXT: Final[tuple[Explanation, ...]] = explained(
    "The text of a file",
    "validate, plan and every command that reads the file",
    (
        (
            "syntax",
            "The text is not valid YAML or JSON",
            "Nothing after the mistake can be read.",
            "Fix the line that is shown, or the one above it.",
        ),
        (
            "encoding",
            "The file is not UTF-8, or has control characters",
            "Its values cannot be known for sure.",
            "Save it as UTF-8, without control characters.",
        ),
        ("empty", "The file is empty", "There is nothing to read.", "Write the content, or remove the file."),
        ("tab", "A tab is used for indentation", "YAML forbids it.", "Use spaces."),
        (
            "alias",
            "Anchors and aliases are limited",
            "A few lines of aliases can stand for gigabytes.",
            "Write the value where it is used.",
        ),
        (
            "merge-key",
            "`<<` is not supported",
            "YAML 1.2 has no merge keys, so tools disagree about them.",
            "Write the keys where they are used.",
        ),
        ("tag", "A YAML tag is not supported", "Only the types of JSON can be sent.", "Remove the tag."),
        ("directive", "A YAML directive is not supported", "Files are read as YAML 1.2.", "Remove the line that begins with %."),
        ("documents", "The file has several documents", "A file holds one.", "Split it, or remove what follows `---`."),
        ("key", "A key is not a string", "JSON has only keys that are strings.", "Write the key in quotes."),
        ("duplicate-key", "A key is written twice", "Only one of its values would count.", "Remove one."),
        (
            "scalar",
            "A value cannot be read exactly",
            "It is not a number, or too large for one.",
            "Write it in quotes, or as a number that JSON has.",
        ),
        (
            "escape",
            "An escape does not stand for a character",
            "Half of a pair of surrogates cannot be sent.",
            "Write the character itself.",
        ),
        (
            "too-large",
            "The file is larger than 5 MB",
            "A larger one is not read.",
            "Split it, or remove what does not belong to it.",
        ),
        ("too-deep", "The document is nested too deeply", "More than 200 levels are not read.", "Flatten it."),
        ("too-many", "The file has too many entries", "More are not read.", "Remove some."),
        (
            "link",
            "A link points outside the specs folder, or to a folder",
            "It could expose any file on the machine.",
            "Replace the link with the file.",
        ),
        ("not-a-file", "This is not a regular file", "A pipe or device may never end.", "Remove it, or give it another name."),
        (
            "unreadable",
            "The file cannot be read",
            "The system refuses it, or the file changed while the command ran.",
            "Check that it exists, and its permissions; then run again.",
        ),
        (
            "wrong-type",
            "A value has the wrong type",
            "Each key requires one type.",
            "Follow the hint.",
        ),
        (
            "bad-value",
            "A value is not valid here",
            "It would be refused, or mean something else.",
            "Follow the hint.",
        ),
        ("unknown-key", "A key is unknown", "It is probably misspelled, and would be ignored.", "Use the key that is suggested."),
        ("missing-key", "A key is missing", "The file cannot be used without it.", "Add it."),
        (
            "bad-key",
            "The key of a spec is not valid",
            "Keys name specs in files, plans and markers.",
            "Use up to 128 letters, digits, '.', '_' and '-'.",
        ),
    ),
)

FILES: Final[tuple[Explanation, ...]] = explained(
    "Spec files",
    "validate, plan and every command that reads spec files",
    (
        (
            "no-specs",
            "No spec file was found",
            "An empty folder would make every live spec an orphan.",
            "Check --specs, or retire the specs with `retired:` or --prune.",
        ),
        (
            "not-read",
            "The file is ignored",
            "It is in a folder, or has a name, that nothing reads.",
            "Move it to where the hint says, or remove it.",
        ),
        (
            "not-an-artifact",
            "The JSON file is not an artifact",
            "An artifact is the bare body of a connection spec.",
            "Name it <source>-connectionSpec.json, or write an envelope in YAML.",
        ),
        (
            "bare-body",
            "The body has no envelope",
            "`kind` and `spec` are missing.",
            "Write kind:, then spec:, and the body under it.",
        ),
        ("wrapped-body", "The file is a response of Flow Service", "Its bodies are in `items`.", "Keep one item as the body."),
        ("unknown-kind", "`kind` is not ConnectionSpec or FlowSpec", "There are only these two.", "Write one of them."),
        (
            "former-key",
            "A former key is in use, or listed twice",
            "It would be unclear which live spec the file means.",
            "Remove it from `formerly`, or from the other file.",
        ),
        ("duplicate-spec", "Two files have the same key", "Only one could own the live spec.", "Give one another key."),
        ("duplicate-pin", "Two files pin the same id", "Only one could own the live spec.", "Remove one of the pins."),
        (
            "unknown-target",
            "A target is not in the settings",
            "What is written for it would never be used.",
            "Use a name from `targets:` in reconciler.yaml.",
        ),
        (
            "unknown-variable",
            "A target has no value for a variable",
            "A mapping of exactly {var: NAME} stands for a value from `vars`.",
            "Add it to `vars` of the target in reconciler.yaml; to send the mapping itself, write {literal: {var: NAME}}.",
        ),
        ("missing-name", "The body has no `name`", "Flow Service requires it.", "Write name: …"),
        (
            "missing-providerId",
            "The body has no `providerId`",
            "Flow Service requires it.",
            "Write providerId: with the id of the provider.",
        ),
        (
            "version-not-text",
            "`version` must be a string",
            'Flow Service returns "1.0", so a number would always differ.',
            "Write it in quotes.",
        ),
        ("type-not-text", "`type` must be a string", "Flow Service compares it as one.", "Write it in quotes."),
        (
            "attributes-not-mapping",
            "`attributes` must be a mapping",
            "It holds the ownership marker.",
            "Write attributes: {name: value}, or remove it.",
        ),
        (
            "marker-in-file",
            "The file has an ownership marker",
            "Only apply writes it.",
            "Remove `attributes.reconciler` from the file.",
        ),
        ("server-managed", "The field is set by the service", "What a file says there is ignored or refused.", "Remove it."),
        ("bad-reference", "A reference in an id list is not valid", "An entry is an id, or {ref: KEY}.", "Follow the hint."),
        (
            "unknown-reference",
            "A reference names a key that no file has",
            "There is no id to put in its place.",
            "Use the key of a connection spec in this repository.",
        ),
        (
            "misplaced-reference",
            "A reference is where none is resolved",
            "It would be sent unresolved.",
            "Write the id, or move it to an id list.",
        ),
        (
            "same-name",
            "Two files have the same name and provider",
            "Only one of them can be created.",
            "Give each its own `name`, or pin its id.",
        ),
        (
            "unknown-rule",
            "The settings name a rule that does not exist",
            "A misspelled code leaves its rule enabled.",
            "Use the code that is suggested.",
        ),
        (
            "stale-schema",
            "A copy of a schema is from another version",
            "Editors check other rules than `validate`.",
            "Run `reconciler schema --write`, and commit the files.",
        ),
        (
            "unknown-group",
            "A group is not in the settings",
            "--group and `only` could not select it.",
            "Use a name from `groups:` in reconciler.yaml, or add it there.",
        ),
        (
            "unused-group",
            "No target has a group",
            "Its overlays apply nowhere, and --group chooses nothing.",
            "Add it to the `groups` of a target or a fleet, or remove it.",
        ),
        (
            "same-sandbox",
            "Two targets are the same sandbox",
            "Both would own what is live there. It is meant where they have different credentials.",
            "Remove one of them, or choose between them with --target.",
        ),
        (
            "target-order",
            "The order of targets contradicts itself",
            "A target that waits for itself, or for nothing, would never be written or never wait.",
            "Mend `after`, `soak` or `proved` in reconciler.yaml.",
        ),
        (
            "target-name",
            "Two names, or their environment variables, are the same",
            "An overlay or a credential of one would be used for the other.",
            "Rename one of them.",
        ),
        ("emulator-url", "An emulator has no URL", "It runs in this process.", "Remove the URL, or `emulator`."),
        (
            "provider-target",
            "`provider` needs an emulator",
            "Another service reads from the real third parties.",
            "Add `emulator`, or remove `provider`.",
        ),
        (
            "former-owner",
            "The repository is listed as its own former name",
            "It is the current one.",
            "Remove it from `formerly`.",
        ),
    ),
)
