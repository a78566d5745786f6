"""Certificates as the environment names them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import certifi
import pytest

from reconciler.errors import SettingsError
from reconciler.http.network.certificates import tls_context

NAMES = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """One certificate."""
    first = Path(certifi.where()).read_text().partition("-----BEGIN")[2].partition("-----END CERTIFICATE-----\n")
    file = tmp_path / "bundle.pem"
    file.write_text(f"-----BEGIN{first[0]}{first[1]}")
    return file


def refusal(**environ: str) -> str:
    with pytest.raises(SettingsError) as caught:
        tls_context(environ)
    (name,) = environ
    assert caught.value.message.startswith(f"{name}: ")
    assert name in str(caught.value.hint)
    return caught.value.message


@pytest.mark.parametrize("name", NAMES)
def test_what_is_named_is_trusted_and_nothing_else(name: str, bundle: Path) -> None:
    assert tls_context({name: str(bundle)}).cert_store_stats()["x509_ca"] == 1


def test_without_a_name_the_systems_store_and_mozillas_list_are_trusted() -> None:
    assert tls_context({}).cert_store_stats()["x509_ca"] > 50
    assert tls_context({"SSL_CERT_FILE": "", "SSL_CERT_DIR": "", "SSLKEYLOGFILE": ""}).cert_store_stats()["x509_ca"] > 50


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_holds_no_certificates_is_named_with_its_variable(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "garbage").write_text("certainly not a certificate")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").touch()
    os.truncate(tmp_path / "large", 2**31)
    assert "contains no PEM certificate" in refusal(**{name: str(tmp_path / "empty")})
    assert "contains no PEM certificate" in refusal(**{name: str(tmp_path / "garbage")})
    assert "does not exist" in refusal(**{name: str(tmp_path / "gone")})
    assert "is not a certificate file" in refusal(**{name: str(tmp_path / "pipe")})
    assert "is not a certificate file" in refusal(**{name: "/dev/zero"})
    assert "is not a certificate file" in refusal(**{name: str(tmp_path / "large")})


def test_a_folder_in_the_place_of_a_file_is_named_with_its_variable(tmp_path: Path) -> None:
    assert "is a folder" in refusal(SSL_CERT_FILE=str(tmp_path))


@pytest.mark.parametrize("name", ["SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"])
def test_a_folder_of_certificates_is_trusted_and_one_without_any_is_named(name: str, bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    assert "contains no certificate named by its hash" in refusal(**{name: str(folder)})
    shutil.copy(bundle, folder / "5ad8a5d6.0")
    tls_context({name: str(folder)})


def test_a_folder_that_is_none_is_named_with_its_variable(bundle: Path, tmp_path: Path) -> None:
    assert "does not exist" in refusal(SSL_CERT_DIR=str(tmp_path / "gone"))
    assert "is a file" in refusal(SSL_CERT_DIR=str(bundle))


def test_a_key_log_that_cannot_be_written_is_named_with_its_variable(tmp_path: Path) -> None:
    assert "cannot write" in refusal(SSLKEYLOGFILE=str(tmp_path / "gone" / "keys"))
    assert "is not a file" in refusal(SSLKEYLOGFILE=str(tmp_path))
    tls_context({"SSLKEYLOGFILE": str(tmp_path / "keys")})
