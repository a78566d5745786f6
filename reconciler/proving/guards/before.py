"""Refusals from the plan and the files alone: what is proved must be what is in the file, in a target that it names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconciler.documents.kinds import Kind
from reconciler.errors import ExitCode, Problem, Refused, Severity, SpecFileError, count, exit_code_of
from reconciler.planning.plan import Plan, SpecStatus, State
from reconciler.proofs.values import Proof
from reconciler.proving.options import ProveOptions


class ProofRefused(Refused):
    """A proof was refused, and nothing was made; `problems` has every reason."""

    def __init__(self, message: str, problems: Sequence[Problem], *, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.problems = tuple(problems)


def check(key: str, problems: Iterable[Problem]) -> None:
    """Raises ProofRefused if only guards refuse, and SpecFileError if there is another error."""
    errors = [problem for problem in problems if problem.is_error]
    if not errors:
        return
    message = f"{key!r} cannot be proved: {errors[0].message}"
    if exit_code_of(errors) is ExitCode.REFUSED:
        raise ProofRefused(message, errors, hint=errors[0].hint)
    raise SpecFileError(f"{key!r} cannot be proved: {count(len(errors), 'error')}", errors)


def refusal(key: str, code: str, message: str, hint: str) -> Problem:
    """A guard's refusal."""
    return Problem(Severity.ERROR, code, message, hint=hint, key=key, guard=True)


def target_refusals(key: str, target: str, proof: Proof, options: ProveOptions, file: str) -> Iterator[Problem]:
    """A proof runs only where its file says so, because it makes resources there."""
    if target in proof.targets or target == options.allow_target:
        return
    listed = ", ".join(proof.targets) or "none"
    hint = f"write targets: [{target}] in {file}, or pass --allow-target {target}"
    yield refusal(key, "target-not-listed", f"{file} does not list the target {target} (targets: {listed})", hint)


def stream_refusals(key: str, proof: Proof, file: str, *, has_events: bool) -> Iterator[Problem]:
    """What a streaming source needs: how its events are authenticated, and events."""
    folder = file.rpartition("/")[0] or "the folder of the proof"
    if proof.streaming is None:
        hint = f"write streaming: {{mechanism: hmac, secret: {{env: …}}}} in {file}"
        yield refusal(key, "streaming-needed", f"it is a streaming source, and {file} has no `streaming`", hint)
    if not has_events:
        hint = "write one event a line, as your product sends it"
        yield refusal(key, "no-events", f"there is no events.jsonl in {folder}, so there is nothing to send", hint)


def content_refusals(key: str, proof: Proof, options: ProveOptions, file: str, *, streaming: bool = False) -> Iterator[Problem]:
    """What the proof file leaves open that no step can find out."""
    target = proof.target
    if target.schema != "auto" and target.mapping == "auto":
        hint = f"list the fields under target.mapping in {file}, or write mapping: none"
        yield refusal(
            key, "mapping-needed", "target.schema names a schema, so the mapping to it cannot be made from the records", hint
        )
    if target.dataset != "auto" and target.schema == "auto":
        hint = f"write target.schema: {{id: …}} in {file}, with the $id of the schema of that dataset"
        yield refusal(key, "schema-needed", "target.dataset names a dataset, so its schema is needed, too", hint)
    steps = options.steps(streaming=streaming)
    if not streaming and target.schema == "auto" and "schema" in steps and "try" not in steps and "explore" not in steps:
        hint = "leave out --no-try, or --skip explore"
        yield refusal(key, "no-records", "without try and explore there are no records to make a schema from", hint)
    if "dataset" in proof.cleanup.keep and "schema" not in proof.cleanup.keep and target.schema == "auto":
        hint = f"write keep: [schema, dataset] under cleanup in {file}"
        yield refusal(
            key, "keep-schema", "cleanup.keep keeps the dataset and not its schema, so the next proof could not use it", hint
        )


def live_refusals(plan: Plan, key: str, target: str, spec_id: str | None = None) -> Iterator[Problem]:
    """The spec is live (with this id), equal to its file, and attached. Errors of the plan about this spec count, too."""
    status = status_of(plan, key)
    first = f"apply first: reconciler --target {target} apply {key}"
    for problem in plan.errors:
        if problem.key in (None, key):
            yield problem
    if status is None or status.id is None or status.state is State.CREATE:
        yield refusal(key, "not-live", f"it is not live in {target}", first)
        return
    if spec_id not in (None, status.id):
        yield refusal(key, "not-applied", f"what is live is another spec than before: {status.id}", "run the command again")
    elif status.state is not State.IN_SYNC:
        what = {State.AHEAD: "is ahead of its file"}.get(status.state, "differs from its file")
        yield refusal(key, "not-applied", f"what is live {what}, and a proof must be about what is in the file", first)
    elif any(change.new in (status.id, {"ref": key}) for action in plan.actions for change in action.attaches):
        yield refusal(key, "not-attached", "it is not attached to each of its flow specs yet", first)
    elif not status.attached_to:
        hint = "write flowSpecs in its spec file, then apply"
        yield refusal(key, "not-attached", "it is attached to no flow spec, so no flow can use it", hint)


def status_of(plan: Plan, key: str) -> SpecStatus | None:
    """The status of the connection spec with this key; None if the plan has none."""
    return next((one for one in plan.specs if one.key == key and one.kind is Kind.CONNECTION_SPEC), None)
