"""The steps `connection`, `auth` and `source`: credentials, their test, and the source parameters."""

from __future__ import annotations

from reconciler.proving.making import bodies
from reconciler.proving.steps.work import PROVED, Result, Work


def make_connection(work: Work) -> Result:
    """The base connection. With an authorizationTestUrl the service tries the credentials now; without one, this proves nothing of them."""
    subject, mark = work.subject, work.mark("connection")
    body = bodies.connection(mark, subject.spec.id, subject.auth_name, subject.values.auth)
    work.create("connection", "connection", mark, body)
    return PROVED


def check_auth(work: Work) -> Result:
    """The service's own test of the credentials."""
    tested = work.patiently(lambda: work.writer.test(work.made["connection"].id))
    if tested.passed:
        return PROVED
    return Result("failed", f"the credentials failed the test{': ' + tested.said if tested.said else ''}")


def make_source(work: Work) -> Result:
    """The source connection."""
    subject, mark = work.subject, work.mark("source")
    base = None if subject.streams else work.made["connection"].id
    body = bodies.source_connection(mark, subject.spec.id, base, subject.values.source)
    work.create("source", "sourceConnection", mark, body)
    return PROVED
