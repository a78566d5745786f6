"""What must hold of proofs, whatever happened."""

from __future__ import annotations

from collections import Counter

from reconciler.errors import Refused
from reconciler.proving.naming import PREFIX, named
from reconciler.proving.report import ProveReport
from tests.simulation.promises import hold
from tests.simulation.proofs.process import Ended, lines_of
from tests.simulation.proofs.sources import CLIENT_SECRET, KEY, PASSWORD, USER
from tests.simulation.proofs.world import MACHINES, World

SECRETS = (PASSWORD, USER, CLIENT_SECRET)
REFUSED = 3


def check_command(world: World, ended: Ended) -> None:
    """What holds of each command, killed or not."""
    _nobody_else_is_touched(world, ended)
    hold(not ended.unannounced, "the journal comes first", ended.unannounced)
    _nothing_is_made_by_mistake(world, ended)
    if ended.report is not None:
        _its_exit_code_is_true(ended, ended.report)
        _what_is_left_is_reported(ended, ended.report)
        _only_what_was_asked_for_is_kept(ended, ended.report)
        if ended.report.outcome == "proved":
            _what_is_called_proved_is_proved(world, ended, ended.report)
    if ended.proven is not None and ended.alone:
        _no_other_proof_is_at_work(world, ended)
    if ended.order.options is None and ended.alone:
        _the_young_and_the_kept_are_spared(world, ended)
    if ended.cleaned is not None:
        _what_is_cleaned_is_clean(ended)
    _no_secret_is_told(world, ended)


def _nothing_is_made_by_mistake(world: World, ended: Ended) -> None:
    """Not by a clean-up, not after an error or a refusal, and not twice."""
    posts = [made for made in ended.made if made.method == "POST"]
    if ended.order.options is None:
        hold(not [made for made in ended.made if made.method != "DELETE"], "a clean-up makes nothing", ended.made)
    if ended.error is not None:
        hold(not posts, "an error makes nothing", ended.error, posts)
    if isinstance(ended.error, Refused):
        hold(ended.code == REFUSED, "a refusal has its exit code", ended.code)
    if not any(one.faults for one in world.ended):
        names = Counter(made.name for one in world.ended for made in one.made if made.method == "POST" and named(made.name))
        hold(max(names.values(), default=1) == 1, "nothing is made twice when nothing goes wrong", names)


def _only_what_was_asked_for_is_kept(ended: Ended, report: ProveReport) -> None:
    files = [path.name for path, _ in ended.proven.files] if ended.proven else []
    if ended.order.options is not None and not ended.order.options.keep:
        hold(not files, "nothing is written without --keep", files)
    if report.outcome != "proved":
        hold(not any(name.startswith("proved-") for name in files), "only what is proved is kept as proved", files)


def check_end(world: World) -> None:
    """What holds when everything is quiet and one more clean-up of all is done."""
    left = {run: names for run, names in world.ours().items() if run}
    hold(not left, "one more clean-up leaves nothing", left)
    kept = Counter(world.ours().get("", ()))
    allowed = {
        f"{PREFIX}{KEY}/{step}" for step in (*world.source.keeps, *(("fieldgroup",) if "schema" in world.source.keeps else ()))
    }
    hold(set(kept) <= allowed, "only what is to be kept is kept", kept, allowed)
    sets = Counter(name for name in world.mapping_sets() if name == f"{PREFIX}{KEY}/mapping")
    if not _two_at_once(world):
        hold(max(sets.values(), default=1) == 1, "one mapping set for each key", sets)
    touched = world.strangers.touched(world.strangers.seen)
    hold(not touched, "nobody else's resource is touched", touched)
    gone = [one for one in world.strangers.touched(world.strangers.siblings) if "is gone" not in one]
    hold(not gone, "what another proof made is deleted, and not changed", gone)
    _no_secret_is_told(world, None)


def check_quiet(world: World) -> None:
    """When all that was on its way has arrived: nothing is there of a proof that said that nothing of it is left."""
    there = world.ours()
    for ended in world.ended:
        report = ended.report
        if report is not None and not report.left and not ended.order.options.keep_resources:  # type: ignore[union-attr]
            kept = {one.name for one in report.kept}
            late = [name for name in there.get(report.run, ()) if name not in kept]
            hold(not late, "nothing appears later of a proof that left nothing", late, report.run)


def check_last(world: World, ended: Ended) -> None:
    """A proof of a right source is proved, when nothing goes wrong."""
    hold(ended.report is not None, "a quiet proof has a report", ended.error, ended.error and ended.error.hint)
    assert ended.report is not None
    if world.source.is_right and world.is_honest and _engine_agrees(world):
        whys = [(step.id, step.outcome, step.why) for step in ended.report.steps if step.outcome not in ("proved", "skipped")]
        hold(ended.code == 0, "a right source is proved when nothing goes wrong", ended.report.outcome, whys, ended.report.left)


def _engine_agrees(world: World) -> bool:
    """Whether nothing of the service keeps a proof from being sure."""
    behaviour = world.behaviour
    return not behaviour.engine and behaviour.record_summary == "page" and not behaviour.land_delay


def _nobody_else_is_touched(world: World, ended: Ended) -> None:
    touched = world.strangers.touched(world.strangers.seen)
    hold(not touched, "nobody else's resource is touched", touched)
    if ended.order.options is not None or ended.order.keys:
        deleted = {made.path.rstrip("/").rpartition("/")[2] for made in ended.made if made.method != "POST"}
        siblings = [made for _, made in world.strangers.siblings if made in deleted]
        hold(not siblings, "a command for one key leaves those of another alone", siblings)
    theirs = [made for made in ended.made if made.method == "DELETE" and made.path.endswith("mappingSets")]
    hold(not theirs, "no mapping set is deleted", theirs)


def _its_exit_code_is_true(ended: Ended, report: ProveReport) -> None:
    if ended.stopped:
        hold(ended.code == 130, "an interrupted proof ends with 130", ended.code)
        return
    wanted = 4 if report.left else {"refused": 3, "proved": 0}.get(report.outcome, 4)
    hold(ended.code == wanted, "the exit code says how it ended", ended.code, report.outcome, report.left)


def _what_is_left_is_reported(ended: Ended, report: ProveReport) -> None:
    """All of this run that is still there is named; nothing is, if nothing is left."""
    kept = {one.name for one in report.kept}
    there = [name for name in ended.there.get(report.run, ()) if name not in kept]
    told = {one.name for one in report.left}
    untold = [name for name in there if name not in told and not _cannot_tell(report)]
    hold(not untold, "what is left is reported", untold, report.left)


def _cannot_tell(report: ProveReport) -> bool:
    """Whether the report says that it could not look for everything."""
    return any(not one.id for one in report.left) or any(
        step.id == "cleanup" and step.outcome == "failed" for step in report.steps
    )


def _what_is_called_proved_is_proved(world: World, ended: Ended, report: ProveReport) -> None:
    """The run read and wrote what the third party has, and so did that of each time range."""
    source, counts = world.source, report.counts
    hold(world.is_honest, "a run that lost records, or says so, is not proved", world.drops, world.lies, counts)
    rows = world.landed(report.ids.get("batch", ""))
    wanted = source.records if source.says_how_many or source.is_right else counts.tried
    hold(counts.input == counts.output == wanted, "a proved run has the records of the third party", counts, wanted)
    distinct = len(rows) if _is_not_shown(world) else len(set(rows))
    hold(len(rows) == distinct == wanted, "a proved run has landed the records of the third party", len(rows), wanted)
    hold(counts.failed in (0, None), "a proved run has no failed record", counts)
    if source.is_right:
        for window, seen in zip(source.windows, counts.by_window, strict=True):
            hold(seen.input == world.records(window), "a proved time range has the records of the third party", seen)
    hold(ended.order.options is not None and not ended.order.options.only, "a part of the steps is no proof", ended.order)


def _no_other_proof_is_at_work(world: World, ended: Ended) -> None:
    """A proof that was killed, and whose connection is there, keeps another from beginning until it is old, or gone on with."""
    options = ended.order.options
    if options is None or options.resume is not None or ended.report is None or not world.is_listed:
        return
    killed = {run for one in world.ended if one.killed and one.order.options for run in _runs_made_by(one)}
    for run in (killed - ended.over) & {run for run, names in ended.before.items() if f"{PREFIX}{KEY}/{run}/connection" in names}:
        age = world.age(run, ended.began)
        hold(age >= options.older_than - 60.0, "no proof begins while another may be at work", run, age, options.older_than)


def _runs_made_by(ended: Ended) -> set[str]:
    return {said.run for made in ended.made if (said := named(made.name)) and said.run}


def _the_young_and_the_kept_are_spared(world: World, ended: Ended) -> None:
    order = ended.order
    for run, names in ended.before.items():
        is_meant = run == order.runs or (order.runs == "all" and bool(run) and world.age(run, ended.ended) >= order.older_than)
        gone = [] if is_meant else sorted(set(names) - set(ended.there.get(run, ())))
        hold(not gone, "what is kept, or may be at work, is spared", run, gone)


def _is_not_shown(world: World) -> bool:
    """Whether the rows of a run cannot be looked at: they land later, or among those of earlier proofs."""
    return bool(world.behaviour.land_delay) or "dataset" in world.source.keeps


def _what_is_cleaned_is_clean(ended: Ended) -> None:
    assert ended.cleaned is not None
    cleaned = ended.cleaned.cleaned
    if not ended.stopped:
        hold(ended.code == (4 if cleaned.left else 0), "the exit code says what is left", ended.code, cleaned.left)
    if cleaned.left or ended.stopped or not ended.alone or cleaned.warnings:
        return
    spared = {one.name for one in cleaned.spared}
    runs = {run: names for run, names in ended.there.items() if run and ended.order.runs in ("all", run)}
    still = [
        name
        for names in runs.values()
        for name in names
        if name not in spared and (said := named(name)) and (not ended.order.keys or said.key in ended.order.keys)
    ]
    hold(not still, "a clean-up that says that nothing is left has left nothing", still)


def _two_at_once(world: World) -> bool:
    """Two proofs at once on two machines: each may make the mapping set before the other's can be seen, and nobody can delete one."""
    return any(not ended.alone for ended in world.ended)


def _no_secret_is_told(world: World, ended: Ended | None) -> None:
    texts = list(ended.texts) if ended else []
    for machine in MACHINES:
        folder = world.folder / machine / ".reconciler" / "proofs"
        texts += [str(line) for line in lines_of(folder)]
    for text in texts:
        told = [secret for secret in SECRETS if secret in text]
        hold(not told, "no secret is told", told, text[:300])
