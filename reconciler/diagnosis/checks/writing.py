"""Whether this credential may write specs, as far as it can be known without a write.

Adobe refuses with 1426 only in answer to a write, and even an invalid body is one: if the check of the body is not what it seems, a spec is
created that cannot be deleted. So this looks for evidence: specs that this credential wrote, and its permissions.
"""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.diagnosis.checks.permissions import permission_hint, policies_of
from reconciler.diagnosis.claims import claims_of
from reconciler.diagnosis.live import live_specs
from reconciler.diagnosis.probing import Seen
from reconciler.diagnosis.report import Check
from reconciler.diagnosis.subject import Subject
from reconciler.errors import count
from reconciler.secret import Secret

_ASKED = "live specs, permissions; no write"
_SERVICE = "use the service credential (OAuth server-to-server) that Adobe enabled for self-serve sources, not a user's token"
_NOT_SEEN = (
    "apply one spec to a test sandbox: a refusal changes nothing and has code 1426; then ask Adobe to enable this credential"
    " for self-serve sources"
)


def check_writing(subject: Subject) -> Iterator[Check]:
    """Evidence for and against the permission to write specs."""
    policies = policies_of(subject)
    if not isinstance(policies, Seen) and "manage-sources" not in policies:
        said = "access control does not list Manage Sources, so writes of specs are refused"
        yield Check("write-specs", "fail", said, permission_hint(subject, "Manage Sources"), _ASKED)
        return
    live = live_specs(subject)
    mine = [spec for spec in live.specs if subject.reader.client_id in (spec.created_client, spec.updated_client)]
    if mine and not subject.is_emulated:
        yield Check("write-specs", "ok", f"this credential wrote {count(len(mine), 'live spec')}", asked=_ASKED)
        return
    if subject.is_emulated:
        yield Check("write-specs", "ok", "the embedded emulator refuses nobody", asked=_ASKED)
        return
    token = subject.probe.token()
    claims = claims_of(token.reveal()) if isinstance(token, Secret) else None
    if claims is not None and claims.is_service is False:
        said = "the token seems to be a user's; Adobe refuses these with 1426. Only a write shows it"
        yield Check("write-specs", "warn", said, _SERVICE, _ASKED)
        return
    evidence = "no live spec was written by this credential" if live.are_known else "the live specs could not be read"
    said = f"only a write shows it (a refusal has code 1426), and none was sent; missing evidence: {evidence}"
    yield Check("write-specs", "unknown", said, _NOT_SEEN if live.are_known else None, _ASKED, due=False)
