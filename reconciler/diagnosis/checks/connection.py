"""The way to the service: proxy, TLS, connection, and whether base_url leads to Flow Service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from reconciler.diagnosis.gates import Gate, gate_of, is_of_flow_service
from reconciler.diagnosis.probing import Seen
from reconciler.diagnosis.report import Check
from reconciler.diagnosis.subject import Subject
from reconciler.documents.json_text import NotJson
from reconciler.errors import ServiceUnreachable, SettingsError
from reconciler.flowservice.answers import read_page
from reconciler.http.bodies import WrongShape
from reconciler.http.network.proxies import proxy_for

_CERTIFICATES: Final = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
_CHECK_NETWORK: Final = "check that this machine can reach the host, and that HTTPS_PROXY and NO_PROXY are right for it"
_BASE_URL: Final = (
    "check base_url of the target, and RECONCILER_<TARGET>_BASE_URL: Adobe's is"
    " https://platform.adobe.io/data/foundation/flowservice"
)


@dataclass(frozen=True, slots=True)
class _Host:
    """One host of the target, and why it could not be reached; `reason` is empty if it answered."""

    url: str
    reason: str
    hint: str | None
    withheld: bool = False

    @property
    def name(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def is_about_tls(self) -> bool:
        return "certificate" in self.reason or any(name in self.reason for name in _CERTIFICATES)

    @property
    def is_about_proxy(self) -> bool:
        return "proxy" in self.reason.casefold()


def check_connection(subject: Subject) -> Iterator[Check]:
    """Proxy, TLS and connection of both hosts, then base_url."""
    first = subject.probe.knock()
    hosts = _hosts(subject, first)
    asked = f"{first.asked}, and the token endpoint"
    if subject.is_emulated:
        yield Check("proxy", "ok", "not used: the target is the embedded emulator", asked="environment")
        yield Check("tls", "ok", "not used: the target is the embedded emulator", asked=asked)
    else:
        yield _proxy(hosts, subject.environ)
        yield _tls(hosts, subject.environ, asked)
    yield _reached(hosts, asked)
    yield _base_url(subject, first)


def _hosts(subject: Subject, first: Seen) -> tuple[_Host, ...]:
    service = _Host(subject.target.base_url, "" if first.answer else first.reason, first.hint, first.withheld)
    token = subject.probe.token()
    if isinstance(token, ServiceUnreachable):
        return _Host(subject.target.token_url, token.message, token.hint), service
    return (service,)


def _proxy(hosts: tuple[_Host, ...], environ: Mapping[str, str]) -> Check:
    try:
        ways = "; ".join(dict.fromkeys(f"{host.name} {_way(host.url, environ)}" for host in hosts))
    except SettingsError as error:
        return Check("proxy", "fail", error.message, error.hint, asked="environment")
    failed = next((host for host in hosts if host.is_about_proxy), None)
    if failed is not None:
        return Check("proxy", "fail", f"{failed.reason} ({ways})", failed.hint or _CHECK_NETWORK, asked="environment")
    return Check("proxy", "ok", ways, asked="environment")


def _way(url: str, environ: Mapping[str, str]) -> str:
    parts = urlsplit(url)
    proxy = proxy_for(parts.scheme, parts.hostname or "", parts.port, environ)
    return "directly" if proxy is None else f"through the proxy {proxy.host}:{proxy.port}"


def _tls(hosts: tuple[_Host, ...], environ: Mapping[str, str], asked: str) -> Check:
    named = [name for name in _CERTIFICATES if environ.get(name)]
    trusted = f"certificates from {', '.join(named)}" if named else "certificates of the system and of certifi"
    failed = next((host for host in hosts if host.is_about_tls), None)
    if failed is not None:
        return Check("tls", "fail", f"{failed.reason} ({trusted})", failed.hint, asked)
    service = hosts[-1]
    if service.url.startswith("http://"):
        return Check("tls", "ok", "not used: base_url is http, on this machine", asked=asked)
    if service.reason:
        return Check("tls", "unknown", "no connection was made, so no certificate was seen", asked=asked)
    return Check("tls", "ok", f"the certificate of {service.name} is trusted ({trusted})", asked=asked)


def _reached(hosts: tuple[_Host, ...], asked: str) -> Check:
    failed = next((host for host in hosts if host.reason), None)
    if failed is None:
        return Check("connection", "ok", f"{hosts[-1].name} answers", asked=asked)
    cause = "proxy" if failed.is_about_proxy else "tls" if failed.is_about_tls else None
    if cause is not None:
        return Check("connection", "unknown", f"{failed.name} was not reached: see {cause}", asked=asked)
    return Check(
        "connection",
        "fail",
        failed.reason if failed.name in failed.reason else f"{failed.name}: {failed.reason}",
        failed.hint or _CHECK_NETWORK,
        asked,
    )


def _base_url(subject: Subject, first: Seen) -> Check:
    """Whether the answer to the first question is one that Flow Service or the gateway before it gives."""
    where = subject.target.base_url
    answer = first.answer
    if answer is None:
        return Check("base-url", "unknown", f"{where} did not answer", asked=first.asked)
    if answer.is_redirect:
        return Check("base-url", "fail", first.error.message, _BASE_URL, first.asked)
    if answer.is_success:
        try:
            read_page(answer)
        except (NotJson, WrongShape):
            said = f"{where} answers {answer.status}, but not with a list: it is not Flow Service"
            return Check("base-url", "fail", said, _BASE_URL, first.asked)
        return Check("base-url", "ok", f"{where} is Flow Service", asked=first.asked)
    gate = gate_of(first)
    if answer.status == HTTPStatus.NOT_FOUND and gate is None and not is_of_flow_service(first):
        return Check("base-url", "fail", f"{where} is not Flow Service: {first.error.message}", _BASE_URL, first.asked)
    if is_of_flow_service(first) or first.complaint.code is not None or gate in (Gate.TOKEN, Gate.API_KEY):
        return Check("base-url", "ok", f"{where} answers as Adobe's gateway or Flow Service does", asked=first.asked)
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Check("base-url", "unknown", first.error.message, first.error.hint, first.asked)
    return Check("base-url", "fail", f"{first.error.message}: it is not Flow Service", _BASE_URL, first.asked)
