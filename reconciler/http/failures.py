"""Maps exceptions of the network and the HTTP library to failures with our own messages.

The message of a foreign exception is never used: it may contain a request header with the token, a proxy's response, or a proxy's
password. Only the exception's type, its error number and the reason for refusing a certificate are used.
"""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Final

import httpx

from reconciler.http.messages import Failure

_CERTIFICATES_HINT: Final = "set SSL_CERT_FILE to your organization's certificates"
_DATE_HINT: Final = "check the clock of this machine; if it is right, the server needs a new certificate"
_HOST_HINT: Final = "check the host name in the URL, and that no proxy answers in its place"
SETTINGS_HINT: Final = "check base_url, org_id and sandbox"
_PROXY_HINT: Final = "check the proxy's address, user and password in HTTPS_PROXY, or list the host in NO_PROXY"
_ERRORS: Final[Mapping[int, str]] = {
    errno.ECONNREFUSED: "connection refused",
    errno.ECONNRESET: "connection reset",
    errno.ECONNABORTED: "connection aborted",
    errno.EPIPE: "the server closed the connection",
    errno.EHOSTUNREACH: "no route to host",
    errno.ENETUNREACH: "network is unreachable",
    errno.ENETDOWN: "network is down",
    errno.ETIMEDOUT: "connection timed out",
    errno.EADDRNOTAVAIL: "cannot assign the requested address",
    errno.EACCES: "permission denied",
    errno.EPERM: "operation not permitted",
    errno.EMFILE: "too many open files",
    errno.ENFILE: "too many open files on this system",
}
_CERTIFICATES: Final[Mapping[int, str]] = {
    9: "certificate is not yet valid",
    10: "certificate has expired",
    18: "self-signed certificate",
    19: "self-signed certificate in the chain",
    20: "unable to get the local issuer certificate",
    21: "unable to verify the first certificate",
    23: "certificate revoked",
    62: "the certificate is for a different host",
    64: "the certificate is for a different address",
}
"""By OpenSSL error number (x509_vfy.h)."""
_CERTIFICATE_HINTS: Final[Mapping[int, str]] = {
    9: _DATE_HINT,
    10: _DATE_HINT,
    23: "the server needs a new certificate",
    62: _HOST_HINT,
    64: _HOST_HINT,
}
"""What to do where trusting more certificates does not help."""
_AFTER_SENDING: Final[Sequence[tuple[type[Exception], str]]] = (
    (httpx.TimeoutException, "timed out waiting for a response"),
    (httpx.DecodingError, "cannot decompress the response"),
    (httpx.RemoteProtocolError, "the connection was interrupted: the response is incomplete, or not HTTP"),
)
_STATUS: Final = re.compile(r"\s*([1-5]\d\d)(?!\d)")


def failure_of(error: Exception) -> Failure:
    """The failure that an exception of one try means. Its type decides whether the service may have received the request."""
    match error:
        case httpx.ProxyError():
            return _proxy_failure(error)
        case httpx.ConnectError() if (certificate := _refused_certificate(error)) is not None:
            return _untrusted(certificate)
        case httpx.ConnectError():
            return Failure(f"cannot connect: {_cause(error)}", sent=False)
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return Failure("timed out while connecting", sent=False)
        case httpx.UnsupportedProtocol() | httpx.InvalidURL() | UnicodeError():
            return Failure("cannot build the request", sent=False, lasting=True, hint=SETTINGS_HINT)
        case httpx.LocalProtocolError():
            return Failure("cannot send the request", sent=True, lasting=True, hint=SETTINGS_HINT)
        case _:
            reason = next((reason for kind, reason in _AFTER_SENDING if isinstance(error, kind)), None)
            return Failure(reason or f"the connection was interrupted: {_cause(error)}", sent=True)


def _untrusted(certificate: int) -> Failure:
    reason = _CERTIFICATES.get(certificate, f"error {certificate} of OpenSSL")
    hint = _CERTIFICATE_HINTS.get(certificate, _CERTIFICATES_HINT)
    return Failure(f"cannot connect: the certificate is not trusted: {reason}", sent=False, lasting=True, hint=hint)


def _proxy_failure(error: httpx.ProxyError) -> Failure:
    """The proxy could not be reached or refused the request. The text after its status is not used."""
    found = _STATUS.match(str(error))
    if found is None:
        return Failure(f"cannot connect through the proxy: {_cause(error)}", sent=False, hint=_PROXY_HINT)
    status = int(found[1])
    lasting = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.TOO_MANY_REQUESTS
    return Failure(f"cannot connect: the proxy returned {status}", sent=False, lasting=lasting, hint=_PROXY_HINT)


def is_about_tls(error: Exception) -> bool:
    """Whether a connection was made and TLS over it failed."""
    return any(isinstance(one, ssl.SSLError) for one in _chain(error))


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        yield current
        seen.add(id(current))
        current = current.__cause__ or current.__context__


def _refused_certificate(error: Exception) -> int | None:
    """OpenSSL's number for why the certificate was refused; None if it was not."""
    return next((int(one.verify_code) for one in _chain(error) if isinstance(one, ssl.SSLCertVerificationError)), None)


def _cause(error: Exception) -> str:
    """The root cause of an error, by type and number."""
    for one in _chain(error):
        if isinstance(one, socket.gaierror):
            return "cannot resolve the host name"
        if isinstance(one, ssl.SSLError):
            return "TLS handshake failed: the server does not use TLS, or shares no version or cipher"
        if isinstance(one, OSError) and one.errno is not None:
            return _ERRORS.get(one.errno) or errno.errorcode.get(one.errno, "unknown system error")
    return "unknown reason"
