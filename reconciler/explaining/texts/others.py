"""Importing, submitting, and GitHub."""

from __future__ import annotations

from typing import Final

from reconciler.explaining.text import Explanation, explained

IMPORT: Final[tuple[Explanation, ...]] = explained(
    "Notes of an import",
    "import",
    (
        ("adoption", "The spec is not managed yet", "The next apply writes the marker into it.", "Nothing, if that is meant."),
        (
            "shared-flow-spec",
            "The flow spec was not created by this repository",
            "With a file, the repository owns its sections.",
            "Only attach to it, unless you maintain it.",
        ),
        ("cannot-pin", "The id cannot be pinned for this target", "The file would not find its live spec.", "Follow the hint."),
        ("too-deep", "The body is nested too deeply for a file", "It could not be read again.", "Leave it out."),
        (
            "not-empty",
            "The plan after the import is not empty",
            "The file and live differ in something that files cannot say.",
            "Look at the plan before you apply.",
        ),
        (
            "both-changed",
            "File and live both changed at this place",
            "The import does not decide between them.",
            "Merge it by hand.",
        ),
        (
            "cannot-change",
            "The file cannot be changed in place",
            "Its text does not allow it.",
            "Make the change that is shown by hand.",
        ),
        ("attachment", "An attachment differs", "Files list flow specs by name.", "Change `flowSpecs` if that is meant."),
        ("overlaid", "The value is in an overlay", "Other targets keep theirs.", "Nothing."),
        (
            "every-target",
            "The change is for every target",
            "The file has no overlay for this one.",
            "Write an overlay if it is meant for one target.",
        ),
        ("left-alone-retired", "Retired specs were skipped", "They are no longer managed.", "Select one with --id."),
        ("left-alone-shared", "Shared flow specs were skipped", "They are only attached to.", "Select one with --id."),
        (
            "left-alone-global",
            "Specs of Adobe were skipped",
            "They have no organization, and nobody else can change them.",
            "Nothing.",
        ),
    ),
)

SUBMIT: Final[tuple[Explanation, ...]] = explained(
    "Checks of submit",
    "submit",
    (
        (
            "proof",
            "Adobe's engine proved exactly this content in the target",
            "Adobe asks for evidence.",
            "Run `reconciler prove KEY --keep`.",
        ),
        (
            "pages",
            "The proof read at least two pages",
            "A proof of one page shows no pagination.",
            "Prove with an account that has more records.",
        ),
        (
            "artifacts",
            "Label, description, category and icon are there",
            "The catalog shows them.",
            "Add the files that are named.",
        ),
        ("words", "The files say what `uiAttributes` says", "Reviewers compare them.", "Make them equal."),
        ("category", "The category is one of Adobe's catalog", "Another one is not shown.", "Use a key that the hint lists."),
        (
            "icon",
            "The icon is a clean SVG",
            "Scripts and references are refused.",
            "Export it again as a plain SVG with a viewBox.",
        ),
        (
            "keys",
            "`uiAttributes` has the keys that Adobe gave",
            "Texts are translated by key.",
            "Run `submit KEY --keys NAME=KEY`.",
        ),
        (
            "spec",
            "`validate` finds no error, and the recorded trial does not fail",
            "A faulty spec is sent back.",
            "Run `reconciler validate` and `reconciler try KEY`.",
        ),
        (
            "streaming",
            "Every authentication test has an answer",
            "Adobe asks for each case.",
            "Prove the source with its streaming tests.",
        ),
        ("beta", "`isBeta` is true", "New sources begin as beta.", "Write isBeta: true."),
        (
            "documentation",
            "The pages have everything that reviewers ask for",
            "They are sent back otherwise.",
            "Fill in what is named.",
        ),
        ("secrets", "No file has a credential", "A submission is read by others.", "Remove it, and change the credential."),
    ),
)

GITHUB: Final[tuple[Explanation, ...]] = explained(
    "GitHub",
    "the `github` commands",
    (
        ("live", "The run may plan against live", "It has secrets and is for a commit that may.", "Nothing."),
        (
            "offline",
            "The run has no secrets, so it compares files only",
            "Pull requests of forks and bots get none.",
            "Look at the files; a maintainer can run it again with secrets.",
        ),
        ("stale", "The run is not for the tip of the default branch", "A newer run applies what it would.", "Nothing."),
        ("no-report", "The command ended before it wrote its report", "There is nothing to post.", "Look at its log."),
        (
            "not-applied",
            "A merged plan was not applied",
            "Live is behind the default branch.",
            "Look at the apply run, and run it again.",
        ),
        (
            "not-begun",
            "The start of an apply was not recorded",
            "An interrupted apply cannot be completed by running it again.",
            "Give the job `checks: write`.",
        ),
        ("not-read", "A report or check could not be read", "What it says is unknown.", "Run the job again."),
    ),
)
