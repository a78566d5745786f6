"""A small world in which plans are made: files, live specs, history, all by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec import structs

from reconciler.desired.git.history import Relation, Version
from reconciler.desired.specs import DesiredSet, DesiredSpec, SpecReference
from reconciler.documents.json_text import encode
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem
from reconciler.flowservice.specs import LiveSpec, live_spec
from reconciler.planning.comparing.difference import section_digests
from reconciler.planning.comparing.ownership import Marker, Owner, with_marker
from reconciler.planning.context import Situation
from reconciler.planning.plan import Action, Options, Plan, PlanTarget, SpecStatus
from reconciler.planning.planner import make_plan

OURS, THEIRS = "acme/aep-sources", "acme/other"
SANDBOX = "dev"
PROVIDER = "0ed90a81-07f4-4586-8190-b40eccef1c5a"
OUR_CLIENT, OUR_ACCOUNT = "our-client", "our-client@techacct"
COMMIT = "a" * 40
SAID = "5" * 40
UPDATED_AT = 1_700_000_100_000
OLDER, YOUNGER = UPDATED_AT // 1000 - 60, UPDATED_AT // 1000 + 60
"""Times of commits, before and after live was last written."""
BATCH_FLOW = "6499120c-0b15-42dc-936e-847ea3c24d72"


def spec_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


def connection(key: str = "members", *, flow_specs: Iterable[str] = (), **rest: Any) -> DesiredSpec:
    """A connection spec file; keywords of DesiredSpec are its envelope, all others its body."""
    return _desired(Kind.CONNECTION_SPEC, key, flow_specs=tuple(flow_specs), **rest)


def flow_file(key: str = "own-flow", **rest: Any) -> DesiredSpec:
    return _desired(Kind.FLOW_SPEC, key, **rest)


def _desired(kind: Kind, key: str, **rest: Any) -> DesiredSpec:
    envelope = {name: rest.pop(name) for name in ("former_keys", "flow_specs", "pinned_id", "adopt", "ignore") if name in rest}
    body = {"name": key, "providerId": PROVIDER, "version": "1.0", **rest}
    references = tuple(
        SpecReference(section, entry["ref"])
        for section in ("sourceConnectionSpecIds", "targetConnectionSpecIds")
        for entry in body.get(section) or ()
        if isinstance(entry, dict)
    )
    settings = {"former_keys": (), "flow_specs": (), "pinned_id": None, "adopt": False, "ignore": (), **envelope}
    return DesiredSpec(
        kind=kind,
        key=key,
        file=f"specs/{key}.yaml",
        body_json=encode(body),
        name=body["name"],
        provider_id=body["providerId"],
        spec_type=body.get("type"),
        references=references,
        **settings,
    )


def live(
    desired: DesiredSpec | None = None,
    number: int = 1,
    *,
    kind: Kind = Kind.CONNECTION_SPEC,
    marker: Marker | None = None,
    audit: Mapping[str, Any] | None = None,
    **body: Any,
) -> LiveSpec:
    """A live spec: the body of a file, if one is given, with these fields over it."""
    written = {name: value for name, value in desired.body.items() if value is not None} if desired else {"providerId": PROVIDER}
    audited = {
        "id": spec_id(number),
        "createdAt": 1_700_000_000_000,
        "updatedAt": UPDATED_AT,
        "createdBy": OUR_ACCOUNT,
        "createdClient": OUR_CLIENT,
        "updatedBy": "jane@acme.example",
        "updatedClient": "postman",
    }
    document = {**written, **body, **audited, **(audit or {})}
    if marker is not None:
        document = with_marker(document, marker)
    return live_spec(desired.kind if desired else kind, encode(document))


def marked(
    desired: DesiredSpec, number: int = 1, *, marker: Marker | None = None, audit: Mapping[str, Any] | None = None, **body: Any
) -> LiveSpec:
    """What an apply of this file leaves live, with these fields changed since."""
    return live(desired, number, marker=marker or marker_for(desired), audit=audit, **body)


def marker_for(desired: DesiredSpec, **changes: Any) -> Marker:
    return structs.replace(Marker(OURS, SANDBOX, desired.key, COMMIT, section_digests(desired)), **changes)


def shared_flow(*held: str, name: str = "RestStorageToAEP", flow_id: str = BATCH_FLOW, **body: Any) -> LiveSpec:
    """A flow spec that Adobe made and everybody uses."""
    document = {
        "name": name,
        "id": flow_id,
        "providerId": PROVIDER,
        "sourceConnectionSpecIds": list(held),
        "updatedAt": 1_700_000_000_000,
        **body,
    }
    return live_spec(Kind.FLOW_SPEC, encode(document))


@dataclass(frozen=True)
class KnownHistory:
    """History as a table: how commits stand to HEAD, and the files as they were."""

    known: Mapping[str, Relation] = field(default_factory=lambda: {COMMIT: Relation.ANCESTOR})
    bases: Mapping[str, DesiredSpec] = field(default_factory=dict)
    said: Mapping[str, DesiredSpec] = field(default_factory=dict)
    """The files as the branch had them when somebody else last wrote live."""
    dated: Mapping[str, tuple[Version, ...]] = field(default_factory=dict)
    """What each file said when, the newest first."""
    why_not: str | None = None
    is_shallow: bool = False

    def relations(self, commits: Iterable[str]) -> Mapping[str, Relation]:
        return {commit: self.known.get(commit, Relation.UNKNOWN) for commit in commits}

    def base(self, commit: str, kind: Kind, keys: tuple[str, ...], target: str) -> DesiredSpec | None:
        assert target == "stage"
        if commit == SAID:
            return next((self.said[key] for key in keys if key in self.said), None)
        found = (self.bases.get(key) for key in keys) if self.known.get(commit, Relation.UNKNOWN) is not Relation.UNKNOWN else ()
        return next((base for base in found if base and base.kind is kind), None)

    def commit_before(self, moment: int, since: str | None) -> str | None:
        return SAID if self.said and (moment, since) == (UPDATED_AT, COMMIT) else None

    def versions(self, kind: Kind, keys: tuple[str, ...], target: str) -> tuple[Version, ...]:
        assert target == "stage"
        found = (self.dated[key] for key in keys if key in self.dated)
        return tuple(version for version in next(found, ()) if version.spec.kind is kind)


def situation(desired: Iterable[DesiredSpec], live_specs: Iterable[LiveSpec], **rest: Any) -> Situation:
    options = Options(**{name: rest.pop(name) for name in Options.__slots__ if name in rest})
    problems: tuple[Problem, ...] = rest.pop("problems", ())
    settings: dict[str, Any] = {
        "complete": True,
        "target": PlanTarget("stage", "platform-stage.adobe.io", "1234567890@AdobeOrg", SANDBOX),
        "owner": Owner(OURS, SANDBOX, rest.pop("formerly", ())),
        "keeps_markers": True,
        "client_id": OUR_CLIENT,
        "history": KnownHistory(),
        "commit": "c" * 40,
        **rest,
    }
    return Situation(desired=DesiredSet(tuple(desired), problems), live=tuple(live_specs), options=options, **settings)


def plan(desired: Iterable[DesiredSpec], live_specs: Iterable[LiveSpec], **rest: Any) -> Plan:
    return make_plan(situation(desired, live_specs, **rest))


def codes(made: Plan) -> list[str]:
    """The codes of the plan's errors."""
    return [problem.code for problem in made.errors]


def only_action(made: Plan) -> Action:
    (action,) = made.actions
    return action


def state_of(made: Plan, key: str) -> SpecStatus:
    (status,) = (spec for spec in made.specs if spec.key == key)
    return status


def differences(action: Action) -> list[tuple[str, str, Any, Any]]:
    return [(change.op, change.path, change.old, change.new) for change in action.changes]
