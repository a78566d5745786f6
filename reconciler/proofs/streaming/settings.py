"""The section `streaming` of proof.yaml, held against what it needs, and the values of its variables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from reconciler.documents.pointer import Segments
from reconciler.documents.shapes import Misfit
from reconciler.errors import Problem, Severity
from reconciler.proofs.environment import name_for, value_of
from reconciler.proofs.proof import ReadProof
from reconciler.proofs.streaming.authentication import GIVEN
from reconciler.proofs.values import FromEnvironment, Streaming
from reconciler.secret import Secret
from reconciler.wording.guesses import did_you_mean

NO_AUTHENTICATION: Final = "no-authentication"
UNAUTHENTICATED: Final = "events are not authenticated: Adobe accepts no streaming source without OAuth 2.0 or HMAC"
AUTHENTICATED_BY: Final = "agree on OAuth 2.0 or HMAC with Adobe, and write streaming.mechanism: hmac or oauth"


@dataclass(frozen=True, slots=True)
class StreamingSecrets:
    """The values of the variables of `streaming`. Without an environment, they are `${NAME}`."""

    secret: Secret | None = None
    tests: Mapping[str, Secret] = field(default_factory=dict)
    by_name: Mapping[str, Secret] = field(default_factory=dict)
    """All of them by the names in proof.yaml."""


def streaming_problems(read: ReadProof) -> Iterator[Problem]:
    """What is wrong with the section, without regard to the environment."""
    streaming = read.proof.streaming if read.proof else None
    if streaming is None:
        return
    if streaming.mechanism == "none":
        yield read.text.problem(
            ("streaming", "mechanism"), NO_AUTHENTICATION, UNAUTHENTICATED, AUTHENTICATED_BY, Severity.WARNING
        )
    if streaming.mechanism == "hmac" and streaming.secret is None:
        hint = f"write secret: {{env: {name_for(read.text.key or '', 'secret')}}} under streaming"
        yield read.text.problem(("streaming",), "missing-property", "`streaming.secret` is missing: HMAC requires it", hint)
    known = GIVEN.get(streaming.mechanism, ())
    for case in streaming.tests:
        if case not in known:
            said = f"`streaming.tests` has {case[:40]!r}, and no test of {streaming.mechanism} with this name needs a variable"
            hint = did_you_mean(case[:40], known) if known else "remove it"
            yield read.text.problem(("streaming", "tests", case), "unknown-key", said, hint)


def streaming_secrets(read: ReadProof, environ: Mapping[str, str] | None) -> tuple[StreamingSecrets, tuple[Problem, ...]]:
    """The values of the variables, and a problem for each that is not set. Without `environ` none is needed."""
    streaming = read.proof.streaming if read.proof else None
    if streaming is None:
        return StreamingSecrets(), ()
    problems: list[Problem] = []
    found: dict[Segments, Secret] = {}
    by_name: dict[str, Secret] = {}
    for place, reference in _references(streaming):
        try:
            found[place] = by_name[reference.name] = value_of(reference, environ)
        except Misfit as misfit:
            problems.append(read.text.problem(("streaming", *place, "env"), "variable", str(misfit), misfit.hint))
    tests = {place[1]: secret for place, secret in found.items() if place[0] == "tests"}
    return StreamingSecrets(found.get(("secret",)), tests, by_name), tuple(problems)


def _references(streaming: Streaming) -> Iterator[tuple[Segments, FromEnvironment]]:
    if streaming.secret is not None:
        yield ("secret",), streaming.secret
    for case, reference in streaming.tests.items():
        yield ("tests", case), reference
