"""Plans of every shape, full of hostile text."""

from __future__ import annotations

from hypothesis import strategies as st

from reconciler.breaking.effect import Level
from reconciler.documents.comparison import Cause
from reconciler.documents.kinds import Kind
from reconciler.documents.places import MISSING
from reconciler.errors import Problem, Severity
from reconciler.flowservice.usage import SpecUsage
from reconciler.planning.gate import GateName
from reconciler.planning.plan import ActionName, Options, PlanTarget, Request
from reconciler.planning.proved import PlannedProof
from reconciler.planning.summary import Summary
from reconciler.planning.tried import Tried, TriedOutcome
from reconciler.proofs.kept.status import ProvedStatus
from reconciler.reports.plan.view import ActionView, ChangeView, EffectView, PlanView, WaitingView
from reconciler.reports.plan.waiting import WaitView
from reconciler.reports.problems.view import problem_view

TEXT = st.text(
    alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from("#[:\x1b\u202e\u2028\x9b\r\n\t ")), max_size=12
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)
MAYBE_CAUSE = st.none() | st.sampled_from(Cause)
CHANGES = st.one_of(
    st.builds(ChangeView, st.just("add"), TEXT, st.just(MISSING), JSON, MAYBE_CAUSE),
    st.builds(ChangeView, st.just("remove"), TEXT, JSON, st.just(MISSING), MAYBE_CAUSE),
    st.builds(ChangeView, st.just("replace"), TEXT, JSON, JSON, MAYBE_CAUSE),
)
COUNTS = st.integers(0, 9)
LINES = st.none() | st.integers(1, 9)
MAYBE_COUNT = st.none() | COUNTS
USAGES = st.builds(
    SpecUsage, MAYBE_COUNT, MAYBE_COUNT, MAYBE_COUNT, MAYBE_COUNT, st.none() | st.integers(0, 2**53), st.none() | TEXT
)
TRIED = st.builds(Tried, st.sampled_from(TriedOutcome), MAYBE_COUNT, MAYBE_COUNT, st.none() | TEXT, st.none() | TEXT)
PROVED = st.builds(
    PlannedProof,
    st.sampled_from(ProvedStatus),
    *[st.none() | TEXT] * 3,
    MAYBE_COUNT,
    st.none() | TEXT,
    st.booleans(),
    st.booleans(),
)
EFFECTS = st.builds(EffectView, level=st.sampled_from([Level.RISKY, Level.BREAKING]), code=TEXT, path=TEXT, reason=TEXT)
ACTIONS = st.builds(
    ActionView,
    kind=st.sampled_from(Kind),
    key=st.none() | TEXT,
    name=TEXT,
    id=st.none() | TEXT,
    action=st.sampled_from(ActionName),
    cause=MAYBE_CAUSE,
    fingerprint=TEXT,
    changes=st.lists(CHANGES, max_size=3).map(tuple),
    requests=st.lists(st.builds(Request, TEXT, TEXT), max_size=2).map(tuple),
    updated_at=st.none() | st.integers(0, 2**53),
    updated_by=st.none() | TEXT,
    file=st.none() | TEXT,
    line=LINES,
    usage=st.none() | USAGES,
    effects=st.lists(EFFECTS, max_size=3).map(tuple),
    tried=st.none() | TRIED,
    proved=st.none() | PROVED,
)
PROBLEMS = st.builds(
    Problem,
    st.sampled_from(Severity),
    TEXT,
    TEXT,
    st.none() | TEXT,
    LINES,
    LINES,
    st.none() | TEXT,
    st.none() | TEXT,
    st.booleans(),
)
WAITS = st.builds(WaitView, TEXT, st.sampled_from(GateName), TEXT, st.none() | TEXT)
VIEWS = st.builds(
    PlanView,
    target=st.builds(PlanTarget, TEXT, TEXT, TEXT, TEXT),
    repository=TEXT,
    commit=st.none() | TEXT,
    options=st.builds(Options, keys=st.lists(TEXT, max_size=2).map(tuple), prune=st.booleans(), max_creates=COUNTS),
    digest=TEXT,
    summary=st.builds(Summary, create=COUNTS, drift=COUNTS),
    actions=st.lists(ACTIONS, max_size=3).map(tuple),
    problems=st.lists(PROBLEMS.map(problem_view), max_size=3).map(tuple),
    waiting=st.lists(st.builds(WaitingView, ACTIONS, st.lists(WAITS, max_size=2).map(tuple)), max_size=2).map(tuple),
)
