"""Problems of a plan: guards that refuse, and notes."""

from __future__ import annotations

from typing import Final

from reconciler.explaining.text import Explanation, explained

GUARDS: Final[tuple[Explanation, ...]] = explained(
    "Guards of a plan",
    "plan, apply and restore",
    (
        (
            "ahead",
            "Live was applied from a commit that this checkout does not contain",
            "A write would undo newer work.",
            "Merge or rebase; --allow-rewind is for a deliberate rollback.",
        ),
        (
            "unknown-commit",
            "It is unknown whether live is newer than this checkout",
            "The commit in the marker is not in this clone.",
            "Fetch the whole history; in a workflow, `fetch-depth: 0`.",
        ),
        (
            "uncommitted",
            "Spec files have uncommitted changes",
            "Others could not see what was applied.",
            "Commit first; --allow-dirty applies them for one run.",
        ),
        (
            "skipped-gate",
            "A spec goes on to a target although a gate is not passed",
            "--skip-gate said so. The reason is in the journal, and the gate in its marker until the next write.",
            "Check the reason before you approve the plan.",
        ),
        (
            "too-many-creates",
            "More creates than `safety.max_creates`",
            "A create cannot be taken back.",
            "Review them, then raise the limit, or pass --max-creates N.",
        ),
        (
            "too-many-updates",
            "More updates than `safety.max_updates`",
            "A mistake in one shared place changes many specs.",
            "Review them, then raise the limit, or pass --max-updates N.",
        ),
        (
            "too-many-detaches",
            "More detaches than `safety.max_detaches`",
            "A detached source cannot be used by new flows.",
            "Review them, then raise the limit, or pass --max-detaches N.",
        ),
        (
            "too-many-retired",
            "More retired specs than `safety.max_retired`",
            "A mistake in the list would retire many sources.",
            "Raise the limit, or retire fewer at once.",
        ),
        (
            "breaking",
            "The change breaks connections or flows that use the spec",
            "They fail at their next run or update.",
            "Change it in a way that old values still fit, create a new spec, or pass --allow-breaking.",
        ),
        (
            "untried",
            "The spec was not tried, or its trial failed",
            "A create cannot be taken back.",
            "Run `reconciler try KEY --record`, or pass --allow-untried.",
        ),
        (
            "unproved",
            "No proof counts for this content",
            "Adobe's engine may read it differently.",
            "Run `reconciler prove KEY --keep` in a development sandbox, or pass --allow-unproved.",
        ),
        ("old-proof", "The proof is older than `proof.max_age`", "The API may have changed since.", "Prove the source again."),
        (
            "namesake",
            "A live spec already has this name and provider",
            "A second one could never be deleted.",
            "Adopt it, pin its id, or use another name.",
        ),
        ("same-name", "Several files have this name and provider", "Only one of them can be created.", "Give each its own name."),
        (
            "two-candidates",
            "Two live specs match this file",
            "Writing the wrong one changes what others use.",
            "Pin the id of the right one, or retire the duplicate.",
        ),
        (
            "one-object-two-files",
            "One live spec belongs to several files",
            "They would overwrite each other.",
            "Remove one file, or pin another id.",
        ),
        (
            "pinned-id-not-found",
            "The pinned id does not exist here",
            "It belongs to another sandbox, or this credential cannot see it.",
            "Check the id and the target.",
        ),
        (
            "pinned-unmanaged",
            "The pinned spec is not managed by this repository",
            "A write would take it over.",
            "Write `adopt: true` if that is meant.",
        ),
        (
            "foreign-marker",
            "The spec belongs to another repository",
            "Two owners would overwrite each other.",
            "Agree with the owner, then write `adopt: OWNER`; or leave it alone.",
        ),
        (
            "copied-marker",
            "The marker belongs to another spec",
            "The spec is a copy, so it counts as unmanaged.",
            "Leave it alone, or adopt it by its id.",
        ),
        (
            "orphan-or-rename",
            "The new spec may be a renamed orphan",
            "A create would make a duplicate.",
            "Write the old key under `formerly`, or pass --allow-create KEY.",
        ),
        (
            "marker-gone",
            "A live spec looks managed, but has no marker",
            "A create would make a duplicate.",
            "Check it, then adopt it as the hint says.",
        ),
        (
            "list-incomplete",
            "The list of live specs is incomplete",
            "A spec that is not listed would be created again.",
            "Run the command again; `reconciler doctor` shows how lists are answered.",
        ),
        (
            "unreadable-namesake",
            "A spec of this name cannot be read",
            "It may be the spec of this file.",
            "Ask Adobe to repair it, or use another name.",
        ),
        (
            "unsendable",
            "The live body cannot be sent back unchanged",
            "A PUT replaces the whole body, and this one would be damaged.",
            "Ask Adobe to repair it.",
        ),
        (
            "create-unknown",
            "An earlier run may have created this spec",
            "Its answer was lost, and lists may lag.",
            "Wait until the time that is shown, then run apply again.",
        ),
        (
            "create-not-shown",
            "The journal has a created spec that Flow Service does not show",
            "A create would make a duplicate.",
            "Wait, and check target and permissions; then follow the hint.",
        ),
        (
            "flow-spec-not-found",
            "The flow spec to attach to does not exist",
            "Without it nobody could use the source.",
            "Check the name under `flowSpecs`, and the sandbox.",
        ),
        (
            "flow-spec-ambiguous",
            "Several flow specs have this name",
            "The source could be attached to the wrong one.",
            "Name it by its id under `flowSpecs`.",
        ),
        (
            "retired-key",
            "A spec has a file and is retired",
            "It cannot be both.",
            "Remove the file, or the entry under `retired:`.",
        ),
        (
            "detach-in-use",
            "Flows or source connections use the spec",
            "They may stop working.",
            "Move them first, or pass --allow-in-use.",
        ),
        (
            "detach-unknown-commit",
            "A detach rests on a commit that is not in this clone",
            "The spec may still be wanted there.",
            "Fetch the whole history.",
        ),
        (
            "stale-gone",
            "An action of the previous plan is no longer needed",
            "What was reviewed is not what would be done.",
            "Plan again, and review it.",
        ),
        ("stale-new", "An action is not in the previous plan", "Nobody reviewed it.", "Plan again, and review it."),
        (
            "stale-other",
            "An action differs from that of the previous plan",
            "What was reviewed is not what would be done.",
            "Plan again, and review it.",
        ),
        (
            "stale-not-kept",
            "Actions are beyond what the previous plan kept",
            "It is unknown whether they were reviewed.",
            "Apply fewer specs at once, by key.",
        ),
        (
            "stale-target",
            "The previous plan is for another host, organization or sandbox",
            "Its content says nothing about this one.",
            "Plan again for this target.",
        ),
        (
            "not-ours",
            "The spec to restore is not managed by this repository",
            "A journal may come from elsewhere.",
            "Restore only specs of this repository.",
        ),
    ),
)

NOTES: Final[tuple[Explanation, ...]] = explained(
    "Notes of a plan",
    "plan, apply, drift, status and restore",
    (
        (
            "orphan",
            "The live spec is managed, but has no spec file",
            "It stays attached until somebody decides.",
            "Restore the file, list the key under `retired:`, or use --prune.",
        ),
        (
            "not-kept",
            "Flow Service does not keep the value in the file",
            "Plans would show the same difference again and again.",
            "Write what the service keeps, or list the path under `ignore:`.",
        ),
        (
            "still-attached",
            "The spec is attached to a flow spec that its file no longer lists",
            "Attachments are only added.",
            "Nothing, or detach it by hand.",
        ),
        (
            "hidden-ids",
            "A flow spec holds ids that this credential cannot read",
            "They usually belong to other teams, and are kept.",
            "If one is yours, request access before you apply.",
        ),
        (
            "unreadable-spec",
            "A live spec is not valid and is ignored",
            "Its shape is not that of a spec.",
            "If it is yours, ask Adobe to repair it.",
        ),
        (
            "applied-uncommitted",
            "Live was applied from an uncommitted file",
            "No commit on this branch has that content.",
            "Commit it, or apply what is committed.",
        ),
        (
            "not-applied-yet",
            "A committed change has not been applied for longer than `drift.max_pending`",
            "An apply failed or never ran.",
            "Check the run of apply for that commit, then run apply.",
        ),
        ("unfinished-run", "An earlier apply did not finish", "What it began may not be converged.", "Run apply again."),
        (
            "journal-date",
            "A journal has a date in the future",
            "It would hide later runs, so it counts as the oldest.",
            "Check the clock, or remove the file.",
        ),
        (
            "journal-unfinished",
            "The journal of this apply is incomplete",
            "Its last write may or may not have happened.",
            "Look at the plan with care.",
        ),
        (
            "restore",
            "The plan restores the bodies before an apply",
            "The spec files still have the changes.",
            "Revert them, too.",
        ),
        ("as-before", "The spec is already as it was before that apply", "There is nothing to restore.", "Nothing."),
        (
            "changed-since",
            "The spec changed after that run",
            "Restoring also undoes later changes, except added ids.",
            "Review each change.",
        ),
        ("cannot-undo-create", "The spec was created by that run", "A spec cannot be deleted.", "Retire it if it is not wanted."),
        (
            "not-compared",
            "A flow spec refers to a connection spec whose file has an error",
            "The id in its list is not known, so a difference would be an attachment or a detach that nobody meant.",
            "Fix the file of the connection spec, and plan again.",
        ),
        (
            "absent",
            "The spec does not belong to this target",
            "Its `only` names other targets, so nothing is planned for it here.",
            "If it should, add the target, its fleet or one of its groups to `only`.",
        ),
        ("not-found", "A spec of the journal is not live here", "It cannot be restored.", "Check target and sandbox."),
    ),
)
