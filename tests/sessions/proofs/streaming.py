"""A streaming source on a laptop: its spec, its proof and its events."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reconciler.emulator import Behaviour
from tests.sessions.proofs.laptop import Laptop, laptop

SPEC = """\
kind: ConnectionSpec
spec:
  name: Acme events
  type: generic-streaming
  providerId: 521eee4d-8cbe-4906-bb48-fb6bd4450033
  version: "1.0"
  attributes:
    category: Streaming
    isSource: true
    uiAttributes: {apiFeatures: {updateSupported: false}}
  authSpec: []
  permissionsInfo:
    view: [{name: StreamingSource, "@type": lowLevel, permissions: [read]}]
    manage: [{name: StreamingSource, "@type": lowLevel, permissions: [write]}]
  sourceSpec: {attributes: {authRequired: false, uiAttributes: {isSource: true}}}
  exploreSpec: {type: StreamingConnection}
"""
PROOF = """\
kind: Proof
streaming:
  mechanism: hmac
  secret: {env: SECRET}
  tests: {previous-secret: {env: OLD}, removed-secret: {env: GONE}}
targets: [local]
"""
EVENTS = '{"id": "a-1",  "n": 1}\n{"id": "a-2", "who": {"name": "personal-name"}}\n{"id": "a-3", "n": 3}\n'
SECRETS = Behaviour(inlet_secrets=("${SECRET}", "${OLD}"))
HMAC_CASES = ["valid", "missing", "invalid", "wrong-secret", "modified", "previous-secret", "removed-secret"]


@contextmanager
def streaming(root: Path, proof: str = PROOF, behaviour: Behaviour = SECRETS, events: str | None = EVENTS) -> Iterator[Laptop]:
    with laptop(root, SPEC, proof, behaviour=behaviour, events=events) as here:
        yield here
