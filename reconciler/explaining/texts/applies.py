"""What an apply reports of each spec."""

from __future__ import annotations

from typing import Final

from reconciler.explaining.text import Explanation, explained

FAILURES: Final[tuple[Explanation, ...]] = explained(
    "Failures of an apply",
    "apply and restore",
    (
        (
            "not-confirmed",
            "The write was not seen in any read",
            "Only a GET afterwards is proof that it happened.",
            "Run apply again: it finds out what is live.",
        ),
        (
            "marker-changed",
            "The marker differs from the one that was sent",
            "Another client wrote the spec at the same time, or the service did not keep the marker.",
            "Plan again, and find out who else writes the spec.",
        ),
        (
            "marker-dropped",
            "Flow Service does not keep the ownership marker",
            "Without it, specs cannot be recognized by their owner.",
            "Set `ownership: none` for this target.",
        ),
        (
            "changed-under-write",
            "The spec was changed while it was written",
            "A retry would undo that change.",
            "Plan again, and look at the difference.",
        ),
        (
            "contended",
            "Another writer keeps changing the spec, or the service confirms no write",
            "After several attempts the change still does not last.",
            "Follow the hint: find out who else writes it, or wait for the service. Then run apply again.",
        ),
        (
            "not-kept",
            "Flow Service keeps values other than those sent",
            "The same difference would come back.",
            "Paste the `ignore:` lines that are shown, or write what the service keeps.",
        ),
        (
            "lost-id",
            "Ids that others attached were lost in the write",
            "Their sources are detached.",
            "Tell their owners, and restore the ids from the journal.",
        ),
        ("ids-taken-out", "Ids were removed during the write", "They were not sent back.", "Nothing, unless they are yours."),
        ("not-detached", "The spec is still attached", "Its retirement is not complete.", "Run apply again."),
        (
            "canary",
            "The first create did not confirm what the others depend on",
            "The rest was not sent, because a create cannot be taken back.",
            "Look at the spec that was created first, then run apply again.",
        ),
        ("dependency", "A spec that this one needs failed", "Its id is not known.", "Fix that one, then run apply again."),
        (
            "twins",
            "Two live specs have the same key",
            "Two applies ran at the same time.",
            "Keep the one that is attached, and retire the other as the hint says.",
        ),
        (
            "twins-unchecked",
            "It is unknown whether the create made a duplicate",
            "The lists could not be read once more.",
            "Run plan when the service answers.",
        ),
        (
            "namesake",
            "Another live spec was given this name just before the create",
            "A second one could never be deleted.",
            "Plan again.",
        ),
    ),
)

OUTCOMES: Final[tuple[Explanation, ...]] = explained(
    "Outcomes of an apply",
    "apply and restore",
    (
        ("created", "The spec was created, and a read shows it", "It cannot be deleted.", "Nothing."),
        ("updated", "The spec was changed, and a read shows it", "The previous body is in the journal.", "Nothing."),
        ("attached", "The source was added to the flow spec", "Others' ids were kept.", "Nothing."),
        ("detached", "The source was removed from the flow spec", "New flows cannot use it there.", "Nothing."),
        ("in_sync", "Live is as desired", "Nothing was sent.", "Nothing."),
        (
            "failed",
            "The write failed",
            "The error has the server's words and request id.",
            "Follow its hint, then run apply again.",
        ),
        (
            "unknown",
            "The write may or may not have happened",
            "The answer was lost, and no read showed it.",
            "Run apply again: it finds out before it writes.",
        ),
        (
            "not_converged",
            "The write happened, and live still differs",
            "The service or another writer changed the result.",
            "Look at the pointers that are shown.",
        ),
        (
            "skipped",
            "Nothing was sent for this spec",
            "Something before it failed, or a signal asked to stop.",
            "Fix that, then run apply again.",
        ),
    ),
)

CAUSES: Final[tuple[Explanation, ...]] = explained(
    "Causes of a difference",
    "plan, drift and status",
    (
        (
            "drift",
            "Live was changed since it was last applied",
            "Apply overwrites that change.",
            "Import it with `reconciler import --drift`, or apply.",
        ),
        ("pending", "The repository was changed since it was last applied", "Live is behind.", "Apply."),
        (
            "both",
            "Repository and live were changed",
            "Apply overwrites the change in Flow Service.",
            "Look at both before you apply.",
        ),
        (
            "unknown",
            "No record tells which side changed",
            "There is no marker, its commit is not known, or a killed apply may not have attached or detached it.",
            "Look at the difference before you apply.",
        ),
        (
            "unconfirmed",
            "This client wrote last, and live differs from the file as it was applied",
            "The service may have normalized the values, or a restore wrote others.",
            "Apply the file, or import the live values with `reconciler import --drift`.",
        ),
        ("ownership", "Only the ownership marker changes", "The spec is adopted or renamed.", "Nothing."),
    ),
)
