"""A pull request that changes the spec and proof.yaml gets no secret out: one test for each way that it might try."""

from __future__ import annotations

import base64

import pytest

from reconciler.errors import Refused
from reconciler.sources.messages import Answer, NoAnswer, Request
from tests.trying.internet import KEY, OTHER, PUBLIC, USER, Internet, answer, fetching

URL = "https://api.example.com/items"
BASIC = f"Basic {base64.b64encode(f'{USER}:{KEY}'.encode()).decode()}"
CREDENTIALS = (("Authorization", BASIC), ("X-Key", KEY), ("Accept", "application/json"))


def both() -> Internet:
    return Internet(names={"api.example.com": [[PUBLIC]], "evil.example": [[OTHER]], "cdn.api.example.com": [[OTHER]]})


def lost(outcome: Answer | NoAnswer) -> NoAnswer:
    assert isinstance(outcome, NoAnswer), outcome
    return outcome


def holds_secret(text: str) -> bool:
    return any(form in text for form in (KEY, USER, BASIC.removeprefix("Basic ")))


def test_another_host_in_the_spec_gets_nothing() -> None:
    internet = both()
    with pytest.raises(Refused, match=r"evil\.example is not in RECONCILER_PROOF_HOSTS") as refused:
        fetching(internet)(Request("GET", "https://evil.example/", CREDENTIALS))
    assert "RECONCILER_PROOF_KEY, RECONCILER_PROOF_USER" in refused.value.message
    assert internet.connected == []


def test_without_a_list_and_a_terminal_no_host_gets_anything() -> None:
    internet = both()
    with pytest.raises(Refused, match="RECONCILER_PROOF_HOSTS is not set") as refused:
        fetching(internet, hosts="")(Request("GET", URL, CREDENTIALS))
    assert 'export RECONCILER_PROOF_HOSTS="api.example.com"' in str(refused.value.hint)
    assert "env:" in str(refused.value.hint)
    assert internet.connected == []


def test_a_host_that_merely_ends_like_one_in_the_list_gets_nothing() -> None:
    for host in ("evilapi.example.com", "api.example.com.evil.example"):
        with pytest.raises(Refused):
            fetching(both())(Request("GET", f"https://{host}/", CREDENTIALS))


def test_another_port_of_the_host_gets_nothing() -> None:
    internet = both()
    with pytest.raises(Refused, match=r"api\.example\.com:8443 is not in"):
        fetching(internet)(Request("GET", "https://api.example.com:8443/", CREDENTIALS))
    assert internet.connected == []


def test_a_pointer_to_a_host_that_is_not_in_the_list_is_not_followed() -> None:
    internet = both()
    fetch = fetching(internet)
    fetch(Request("GET", URL, CREDENTIALS))
    outcome = lost(fetch(Request("GET", "https://evil.example/next", CREDENTIALS)))
    assert (outcome.code, internet.connected) == ("host-refused", [f"{PUBLIC}:443"])


def test_a_pointer_to_a_subdomain_gets_no_credentials() -> None:
    internet = both()
    fetch = fetching(internet, hosts="*.example.com")
    fetch(Request("GET", URL, CREDENTIALS))
    fetch(Request("GET", f"https://cdn.api.example.com/next?page=2&key={KEY}&user={USER}", CREDENTIALS))
    first, second = (received.decode() for received in internet.received)
    assert holds_secret(first)
    assert not holds_secret(second)
    assert "GET /next?page=2 HTTP/1.1" in second
    assert "authorization" not in second.lower()
    assert [finding.code for finding in fetch.findings] == ["other-host"]


def test_a_host_that_the_list_names_gets_what_the_service_would_send() -> None:
    internet = both()
    fetch = fetching(internet, hosts="api.example.com,cdn.api.example.com")
    fetch(Request("GET", URL, CREDENTIALS))
    fetch(Request("GET", "https://cdn.api.example.com/next", CREDENTIALS))
    assert holds_secret(internet.received[1].decode())
    assert fetch.findings == ()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_a_host_that_is_not_in_the_list_is_not_followed(status: int) -> None:
    internet = both()
    internet.answers = [answer(status, b"", Location=f"https://evil.example/?k={KEY}")]
    outcome = lost(fetching(internet)(Request("GET", URL, CREDENTIALS)))
    assert outcome.code == "host-refused"
    assert internet.connected == [f"{PUBLIC}:443"]


def test_a_redirect_to_another_host_in_the_list_gets_no_credentials() -> None:
    internet = both()
    internet.answers = [answer(302, b"", Location=f"//cdn.api.example.com/x?k={KEY}&page=2"), answer(200, b"[]")]
    fetch = fetching(internet, hosts="*.example.com")
    assert isinstance(fetch(Request("GET", URL, CREDENTIALS)), Answer)
    assert not holds_secret(internet.received[1].decode())
    assert [finding.code for finding in fetch.findings] == ["redirected", "other-host"]


def test_a_redirect_on_the_same_host_keeps_the_credentials_and_is_reported() -> None:
    internet = both()
    again = [answer(308, b"", Location="/x"), answer(200, b"[]")]
    internet.answers = [answer(301, b"", Location=f"/items/?key={KEY}"), answer(200, b"[]"), *again, answer()]
    fetch = fetching(internet)
    for _ in range(3):
        fetch(Request("GET", URL, CREDENTIALS))
    assert BASIC in internet.received[1].decode()
    assert [finding.code for finding in fetch.findings] == ["redirected"]
    assert not holds_secret(str(fetch.findings))


def test_a_redirect_from_https_to_http_is_not_followed() -> None:
    internet = both()
    internet.answers = [answer(302, b"", Location="http://api.example.com/items")]
    assert lost(fetching(internet)(Request("GET", URL, CREDENTIALS))).code == "host-refused"
    assert internet.connected == [f"{PUBLIC}:443"]


def test_redirects_in_a_circle_end() -> None:
    internet = both()
    internet.answers = [answer(302, b"", Location=URL)]
    assert "redirects more than 5 times" in lost(fetching(internet)(Request("GET", URL))).reason
    assert len(internet.received) == 6


def test_http_is_not_called() -> None:
    with pytest.raises(Refused, match="over http"):
        fetching(both())(Request("GET", "http://api.example.com/", CREDENTIALS))


def test_with_allow_local_a_public_host_is_still_not_called_over_http() -> None:
    internet = both()
    with pytest.raises(Refused, match="over http"):
        fetching(internet, allow_local=True, hosts="api.example.com")(Request("GET", "http://api.example.com/", CREDENTIALS))
    assert internet.connected == []


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:192.168.0.1", "64:ff9b::a00:1", "100.64.0.1"]
)
def test_a_name_of_a_private_address_is_not_called(address: str) -> None:
    internet = Internet(names={"api.example.com": [[address]]})
    with pytest.raises(Refused, match="address"):
        fetching(internet)(Request("GET", URL, CREDENTIALS))
    assert internet.connected == []


def test_a_private_address_behind_a_public_one_is_not_tried() -> None:
    internet = Internet(names={"api.example.com": [["10.0.0.1", PUBLIC]]})
    with pytest.raises(Refused):
        fetching(internet)(Request("GET", URL, CREDENTIALS))
    assert internet.connected == []


def test_a_name_whose_address_changes_is_checked_at_each_connection() -> None:
    internet = Internet(names={"api.example.com": [[PUBLIC], ["127.0.0.1"]]}, answers=[answer(Connection="close")])
    fetch = fetching(internet)
    fetch(Request("GET", URL, CREDENTIALS))
    outcome = lost(fetch(Request("GET", URL, CREDENTIALS)))
    assert (outcome.code, internet.connected) == ("host-refused", [f"{PUBLIC}:443"])


def test_the_address_that_was_checked_is_the_one_that_is_called() -> None:
    internet = Internet(names={"api.example.com": [[PUBLIC], ["127.0.0.1"]]})
    fetching(internet)(Request("GET", URL, CREDENTIALS))
    assert internet.connected == [f"{PUBLIC}:443"]


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com@evil.example/",
        "https://api.example.com:443@evil.example/",
        "https://evil.example\\@api.example.com/",
        "https://evil.example\\.api.example.com/",
        "https://evil.example#@api.example.com/",
        "https://evil.example?@api.example.com/",
        "https://api.example.com\t.evil.example/",
        "https://api.example.com\r\nX: y/",
        "https:evil.example/",
        "https:///evil.example/",
        "//evil.example/",
        "file:///etc/passwd",
        "https://xn--pi-6kc.example.com/",
        "https://\u0430pi.example.com/",
        "https://api\uff0eexample.com/",
        "https://api.example.com./",
        "https://[::ffff:7f00:1]/",
        "https://[fe80::1%25eth0]/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://0x7f000001/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://127.0.0.1/",
        "https://\u2460\u2461\u2466.0.0.1/",
        "https://0/",
        "https://api.example.com:0/",
        "https://api.example.com:99999/",
        "https://api.example.com:44_3/",
        "https://api.example.com%2eevil.example/",
        "https://",
        "https://-/",
        "https://api..example.com/",
    ],
)
def test_a_url_that_only_looks_like_the_host_is_not_called(url: str) -> None:
    internet = both()
    with pytest.raises(Refused):
        fetching(internet)(Request("GET", url, CREDENTIALS))
    assert internet.connected == []


def test_a_host_in_capitals_is_the_same_host() -> None:
    internet = both()
    assert isinstance(fetching(internet, hosts="API.Example.com")(Request("GET", "HTTPS://Api.Example.COM/items")), Answer)


def test_a_look_alike_host_is_shown_as_it_is_looked_up() -> None:
    with pytest.raises(Refused, match=r"xn--pi-6kc\.example\.com"):
        fetching(both())(Request("GET", "https://\u0430pi.example.com/"))


def test_a_secret_in_the_name_of_the_host_is_not_looked_up() -> None:
    looked_up: list[str] = []
    internet = both()
    internet.resolve = lambda host, _port: looked_up.append(host) or [PUBLIC]  # type: ignore[method-assign,func-returns-value]
    with pytest.raises(Refused, match="the host contains the value of RECONCILER_PROOF_KEY"):
        fetching(internet, hosts="*.example.com")(Request("GET", f"https://{KEY}.example.com/", CREDENTIALS))
    assert looked_up == []


def test_a_short_secret_in_the_name_of_the_host_is_found_in_its_own_case() -> None:
    internet = both()
    with pytest.raises(Refused, match="the host contains the value of RECONCILER_PROOF_KEY") as refused:
        fetching(internet, hosts="*.example.com", secrets={"KEY": "AbC12x"})(Request("GET", "https://AbC12x.example.com/"))
    assert "abc12x" not in str(refused.value).lower()
    assert internet.connected == []


def test_a_secret_in_the_path_to_another_host_is_not_sent() -> None:
    internet = both()
    fetch = fetching(internet, hosts="*.example.com")
    fetch(Request("GET", URL, CREDENTIALS))
    outcome = lost(fetch(Request("GET", f"https://cdn.api.example.com/{KEY}/next", ())))
    assert outcome.code == "host-refused"
    assert KEY not in str(outcome)
    assert len(internet.received) == 1


def test_a_secret_in_the_body_to_another_host_is_not_sent() -> None:
    internet = both()
    fetch = fetching(internet, hosts="*.example.com")
    fetch(Request("POST", URL, CREDENTIALS, {"a": 1}))
    assert lost(fetch(Request("POST", "https://cdn.api.example.com/", (), {"k": [{"v": KEY}]}))).code == "host-refused"
    assert len(internet.received) == 1


def test_a_refusal_shows_no_secret() -> None:
    with pytest.raises(Refused) as refused:
        fetching(both(), hosts="*.example.com")(Request("GET", f"https://{KEY}@api.example.com/{USER}", CREDENTIALS))
    assert not holds_secret(f"{refused.value.message} {refused.value.hint}")


def test_behind_a_proxy_a_host_must_be_in_the_list_even_without_a_secret() -> None:
    internet = both()
    internet.names["proxy.example"] = [["10.0.0.9"]]
    proxy = {"HTTPS_PROXY": "http://proxy.example:3128"}
    with pytest.raises(Refused, match="behind a proxy"):
        fetching(internet, hosts="", secrets={}, environ=proxy)(Request("GET", URL))
    assert isinstance(fetching(internet, environ=proxy)(Request("GET", URL)), Answer)
    assert internet.connected == ["10.0.0.9:3128"]


def test_behind_a_proxy_a_name_of_a_private_address_is_not_called() -> None:
    internet = Internet(names={"api.example.com": [["169.254.169.254"]], "proxy.example": [["10.0.0.9"]]})
    with pytest.raises(Refused, match="gives out credentials"):
        fetching(internet, environ={"HTTPS_PROXY": "http://proxy.example:3128"})(Request("GET", URL))
    assert internet.connected == []


@pytest.mark.parametrize("allow_local", [False, True])
def test_behind_a_proxy_a_host_that_only_the_proxy_knows_is_not_called_over_http(allow_local: bool) -> None:
    internet = Internet(names={"proxy.example": [["10.0.0.9"]]})
    fetch = fetching(internet, environ={"HTTP_PROXY": "http://proxy.example:3128"}, allow_local=allow_local)
    with pytest.raises(Refused, match="over http"):
        fetch(Request("GET", "http://api.example.com/", CREDENTIALS))
    assert internet.connected == []


def test_behind_a_proxy_a_private_address_is_not_called() -> None:
    with pytest.raises(Refused, match="private"):
        fetching(both(), hosts="10.0.0.1", environ={"HTTPS_PROXY": "http://10.0.0.9:3128"})(Request("GET", "https://10.0.0.1/"))


def test_a_person_is_asked_once_with_the_host_and_the_names() -> None:
    internet, asked = both(), []

    def yes(question: object) -> bool:
        asked.append(question)
        return True

    fetch = fetching(internet, hosts="", ask=yes)
    fetch(Request("GET", URL, CREDENTIALS))
    fetch(Request("GET", URL, CREDENTIALS))
    assert lost(fetch(Request("GET", "https://evil.example/", CREDENTIALS))).code == "host-refused"
    assert [str(question) for question in asked] == [
        "Question(host='api.example.com', variables=('RECONCILER_PROOF_KEY', 'RECONCILER_PROOF_USER'))"
    ]


def test_a_person_who_says_no_is_obeyed() -> None:
    internet = both()
    with pytest.raises(Refused):
        fetching(internet, hosts="", ask=lambda _: False)(Request("GET", URL, CREDENTIALS))
    assert internet.connected == []


def test_with_a_list_nobody_is_asked() -> None:
    with pytest.raises(Refused):
        fetching(both(), ask=lambda _: True)(Request("GET", "https://evil.example/", CREDENTIALS))


def test_without_secrets_a_public_host_needs_no_list() -> None:
    assert isinstance(fetching(both(), hosts="", secrets={})(Request("GET", URL)), Answer)
    with pytest.raises(Refused):
        fetching(Internet(names={"api.example.com": [["10.1.1.1"]]}), hosts="", secrets={})(Request("GET", URL))


def test_allow_local_reaches_this_machine_over_http() -> None:
    internet = Internet(names={"localhost": [["::1"]]})
    for url in ("http://127.0.0.1:8080/", "http://localhost:9000/", "https://10.0.0.1/", "http://[::1]:8080/"):
        fetch = fetching(internet, allow_local=True, hosts="127.0.0.1,localhost,10.0.0.1,[::1]:8080")
        assert isinstance(fetch(Request("GET", url, CREDENTIALS)), Answer)


def test_allow_local_does_not_reach_the_credentials_of_a_cloud() -> None:
    for address in ("169.254.169.254", "[fd00:ec2::254]", "[::ffff:169.254.169.254]", "168.63.129.16"):
        with pytest.raises(Refused):
            fetching(Internet(), allow_local=True, hosts=address)(Request("GET", f"http://{address}/latest/meta-data"))


def test_the_log_of_requests_shows_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="reconciler.http")
    fetching(both())(Request("GET", f"{URL}/{KEY}/x?key={KEY}", CREDENTIALS))
    assert "GET https://api.example.com/items/${KEY}/x 200" in caplog.text
    assert not holds_secret(caplog.text)


def test_a_redirect_to_an_unclear_address_is_not_followed() -> None:
    for location in (
        "https://api.example.com@evil.example/",
        "https://evil.example\\@api.example.com/",
        "http://[::1",
        "javascript:1",
    ):
        internet = both()
        internet.answers = [answer(302, b"", Location=location)]
        outcome = lost(fetching(internet)(Request("GET", URL, CREDENTIALS)))
        assert (outcome.code, internet.connected) == ("host-refused", [f"{PUBLIC}:443"])


def test_a_post_that_is_redirected_with_303_is_a_get_without_its_body() -> None:
    internet = both()
    internet.answers = [answer(303, b"", Location="/done"), answer()]
    fetching(internet)(Request("POST", URL, CREDENTIALS, {"k": KEY}))
    assert internet.received[1].startswith(b"GET /done HTTP/1.1")
    assert internet.received[1].endswith(b"\r\n\r\n")


def test_a_post_that_is_redirected_with_307_keeps_its_body_on_the_same_host() -> None:
    internet = both()
    internet.answers = [answer(307, b"", Location="/done"), answer()]
    fetching(internet)(Request("POST", URL, CREDENTIALS, {"k": 1}))
    assert internet.received[1].startswith(b"POST /done HTTP/1.1")
    assert internet.received[1].endswith(b'{"k":1}')


def test_another_host_gets_no_header_but_harmless_ones() -> None:
    internet = both()
    fetch = fetching(internet, hosts="*.example.com")
    fetch(Request("GET", URL))
    fetch(
        Request("GET", "https://cdn.api.example.com/", (("X-Signature", "computed"), ("Cookie", "s=1"), ("Accept", "text/json")))
    )
    second = internet.received[1].decode().lower()
    assert "x-signature" not in second
    assert "cookie" not in second
    assert "accept: text/json" in second
