"""Which URLs a file may name, and which only the environment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.settings.addresses import host_of, url_in_environment, url_in_file


@pytest.mark.parametrize(
    ("url", "one_form"),
    [
        (
            "https://platform-stage.adobe.io/data/foundation/flowservice",
            "https://platform-stage.adobe.io/data/foundation/flowservice",
        ),
        ("https://ims-na1.adobelogin.com/ims/token/v3/", "https://ims-na1.adobelogin.com/ims/token/v3"),
        ("HTTPS://Platform.Adobe.IO:443/x", "https://platform.adobe.io/x"),
        ("https://adobe.io", "https://adobe.io"),
    ],
)
def test_a_file_may_name_adobe_over_https(url: str, one_form: str) -> None:
    assert url_in_file(url) == one_form


@pytest.mark.parametrize(
    "url",
    [
        "http://platform.adobe.io/x",
        "https://evil-adobe.io/x",
        "https://evil.adobe.io.example.com/x",
        "https://adobe.io.evil.com",
        "https://adobelogin.com.evil.com",
        "https://adobe.io@evil.com/x",
        "https://evil.com@adobe.io/x",
        "https://evil.com#.adobe.io",
        "https://evil.com?.adobe.io",
        "https://evil.com/.adobe.io",
        "https://evil.com\\.adobe.io",
        "https://evil.com\t.adobe.io",
        "https://adobe.io./x",
        "https://.adobe.io/x",
        "https://adobe.io:8443/x",
        "https://adobe.io:0/x",
        "https://adobe.io:99999/x",
        "https://adobe.io/x?a=b",
        "https://ädobe.io/x",
        "https://[adobe.io]/x",
        "https:///x",
        "//adobe.io/x",
        "adobe.io/x",
        "ftp://adobe.io/x",
        "https://localhost/x",
        "",
    ],
)
def test_a_file_may_name_nothing_else(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        url_in_file(url)


@pytest.mark.parametrize(
    ("url", "one_form"),
    [
        ("https://proxy.example.com:8443/aep", "https://proxy.example.com:8443/aep"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1:80/x", "http://127.0.0.1:80/x"),
        ("http://[::1]:8080/x/", "http://[::1]:8080/x"),
    ],
)
def test_the_environment_may_name_any_host_over_https_and_this_machine_over_http(url: str, one_form: str) -> None:
    assert url_in_environment(url) == one_form


@pytest.mark.parametrize(
    "url", ["http://example.com/x", "http://127.0.0.1.example.com", "http://10.0.0.1/x", "file:///etc/passwd", "localhost:80"]
)
def test_the_environment_may_not_name_another_machine_over_http(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        url_in_environment(url)


def test_the_host_keeps_its_port() -> None:
    assert host_of("http://127.0.0.1:8080/x") == "127.0.0.1:8080"


@given(st.text() | st.text(alphabet="https://.:@[]adobeio?#%\\").map(lambda text: "https://" + text))
def test_any_text_is_a_url_on_adobe_or_refused(text: str) -> None:
    try:
        url = url_in_file(text)
    except ValueError:
        return
    assert url.startswith("https://")
    assert host_of(url) in {"adobe.io", "adobelogin.com"} or host_of(url).endswith((".adobe.io", ".adobelogin.com"))
