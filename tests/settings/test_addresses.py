"""Which URLs a file may name, and which only the environment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.settings.addresses import BASE_URL, TOKEN_URL, FileAddress, host_of, url_in_environment, url_in_file

BASE = "https://platform.adobe.io/data/foundation/flowservice"
TOKEN = "https://ims-na1.adobelogin.com/ims/token/v3"


@pytest.mark.parametrize(
    ("url", "one_form"),
    [
        (BASE, BASE),
        (f"{BASE}/", BASE),
        ("HTTPS://Platform.Adobe.IO:443/data/foundation/flowservice", BASE),
        *((f"https://{host}/data/foundation/flowservice",) * 2 for host in (
            "platform-stage.adobe.io", "platform-va7.adobe.io", "platform-nld2.adobe.io", "platform-aus5.adobe.io",
            "platform-can2.adobe.io", "platform-gbr9.adobe.io", "platform-ind2.adobe.io",
        )),
    ],
)  # fmt: skip
def test_a_file_may_name_flow_service_itself(url: str, one_form: str) -> None:
    assert url_in_file(BASE_URL, url) == one_form


@pytest.mark.parametrize(
    ("url", "one_form"),
    [
        (TOKEN, TOKEN),
        (f"{TOKEN}/", TOKEN),
        *((f"https://{host}/ims/token/v2",) * 2 for host in ("ims-na1-stg1.adobelogin.com", "ims-eu1.adobelogin.com")),
    ],
)
def test_a_file_may_name_adobes_token_endpoint_itself(url: str, one_form: str) -> None:
    assert url_in_file(TOKEN_URL, url) == one_form


@pytest.mark.parametrize(
    "url",
    [
        "https://runtime.adobe.io/api/v1/web/somebody/default/ims/token/v3",
        "https://runtime.adobe.io/ims/token/v3",
        "https://somebody.adobelogin.com/ims/token/v3",
        "https://adobelogin.com/ims/token/v3",
        "https://ims-na1.adobelogin.com.evil.com/ims/token/v3",
        "https://ims-na1.adobelogin.com./ims/token/v3",
        "https://x.ims-na1.adobelogin.com/ims/token/v3",
        "https://ims-na1-adobelogin.com/ims/token/v3",
        "https://ims-na1.adobelogin.com/ims/token/v3/../../../x",
        "https://ims-na1.adobelogin.com/redirect/ims/token/v3",
        "https://ims-na1.adobelogin.com/ims/token/v3//",
        "https://ims-na1.adobelogin.com/ims/token%2fv3",
        "https://ims-na1.adobelogin.com:8443/ims/token/v3",
        "https://ims-na1.adobelogin.com@evil.com/ims/token/v3",
        "https://evil.com@ims-na1.adobelogin.com/ims/token/v3",
        "https://ims-na1.adobelogin.com\\@evil.com/ims/token/v3",
        "http://ims-na1.adobelogin.com/ims/token/v3",
        BASE,
    ],
)
def test_a_file_may_name_no_other_place_that_gets_the_secret(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        url_in_file(TOKEN_URL, url)


@pytest.mark.parametrize("allowed", [BASE_URL, TOKEN_URL])
@pytest.mark.parametrize(
    "url",
    [
        "http://platform.adobe.io/data/foundation/flowservice",
        "https://adobe.io/data/foundation/flowservice",
        "https://evil.adobe.io/data/foundation/flowservice",
        "https://platform-evil.adobe.io/data/foundation/flowservice",
        "https://evil-platform.adobe.io/data/foundation/flowservice",
        "https://platform.adobe.io.evil.com/data/foundation/flowservice",
        "https://platform.adobe.io/x",
        "https://platform.adobe.io/data/foundation/flowservice/x",
        "https://platform.adobe.io/data/foundation/flowservice;x",
        "https://platform.adobe.io@evil.com/data/foundation/flowservice",
        "https://evil.com@platform.adobe.io/data/foundation/flowservice",
        "https://evil.com#.platform.adobe.io/data/foundation/flowservice",
        "https://evil.com?.platform.adobe.io/data/foundation/flowservice",
        "https://evil.com/.platform.adobe.io/data/foundation/flowservice",
        "https://evil.com\\.platform.adobe.io/data/foundation/flowservice",
        "https://evil.com\t.platform.adobe.io/data/foundation/flowservice",
        "https://platform.adobe.io./data/foundation/flowservice",
        "https://.platform.adobe.io/data/foundation/flowservice",
        "https://platform.adobe.io:8443/data/foundation/flowservice",
        "https://platform.adobe.io:0/data/foundation/flowservice",
        "https://platform.adobe.io:99999/data/foundation/flowservice",
        "https://platform.adobe.io/data/foundation/flowservice?a=b",
        "https://plätform.adobe.io/data/foundation/flowservice",
        "https://platform\uff0eadobe.io/data/foundation/flowservice",
        "https://xn--pltform-5wa.adobe.io/data/foundation/flowservice",
        "https://[platform.adobe.io]/data/foundation/flowservice",
        "https:///data/foundation/flowservice",
        "//platform.adobe.io/data/foundation/flowservice",
        "platform.adobe.io/data/foundation/flowservice",
        "ftp://platform.adobe.io/data/foundation/flowservice",
        "https://localhost/data/foundation/flowservice",
        "",
    ],
)
def test_a_file_may_name_nothing_else(url: str, allowed: FileAddress) -> None:
    with pytest.raises(ValueError, match=r"."):
        url_in_file(allowed, url)


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


@given(st.text() | st.text(alphabet="https://.:@[]-adobeioplatfrm1?#%\\").map(lambda text: "https://" + text))
def test_any_text_is_a_url_of_flow_service_or_refused(text: str) -> None:
    try:
        url = url_in_file(BASE_URL, text)
    except ValueError:
        return
    host, path = url.removeprefix("https://").split("/", 1)
    assert path == "data/foundation/flowservice"
    assert host.startswith("platform")
    assert host.endswith(".adobe.io")
