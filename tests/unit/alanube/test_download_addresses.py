"""A file's address comes from the PAC and counts as hostile: refused before anything is opened."""

import ipaddress

import pytest

from adapters.alanube.addresses import RefusedAddressError, check_resolved, check_url, is_public
from adapters.alanube.files import why_no_pdf, why_no_xml
from core.ports.pac_gateway import DownloadFailed
from tests.unit.alanube.download_samples import ALLOWED, PDF, XML, Answers, downloader


@pytest.mark.parametrize(
    "url",
    [
        "http://files.example.com/a.pdf",
        "file:///etc/passwd",
        "gopher://files.example.com/",
        "ftp://files.example.com/a.pdf",
        "data:application/pdf,%25PDF-",
        "//files.example.com/a.pdf",
        "files.example.com/a.pdf",
        "",
        "https://",
        "https:///a.pdf",
        "https://127.0.0.1/a.pdf",
        "https://0.0.0.0/a.pdf",
        "https://[::1]/a.pdf",
        "https://[::ffff:127.0.0.1]/a.pdf",
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/a.pdf",
        "https://0x7f000001/a.pdf",
        "https://0177.0.0.1/a.pdf",
        "https://127.1/a.pdf",
        "https://10.0.0.1/a.pdf",
        "https://localhost/a.pdf",
        "https://other.example.com/a.pdf",
        "https://files.example.com.evil.example/a.pdf",
        "https://evilfiles.example.com/a.pdf",
        "https://cdn.example.net/a.pdf",
        "https://evilcdn.example.net/a.pdf",
        "https://files.example.com@evil.example/a.pdf",
        "https://user:password@files.example.com/a.pdf",
        "https://@files.example.com/a.pdf",
        "https://files.example.com:22/a.pdf",
        "https://files.example.com:6379/a.pdf",
        "https://files.example.com:99999/a.pdf",
        "https://files.example.com:x/a.pdf",
        "https://files.example.com\\@evil.example/a.pdf",
        "https://files.example.com/a b.pdf",
        "https://files.example.com/\r\nHost: evil.example",
        "https://files.example.com/\x00",
        "https://fílés.example.com/a.pdf",
        "https://[files.example.com]/a.pdf",
        "https://files.example.com/" + "a" * 5000,
    ],
)
async def test_an_address_that_breaks_a_rule_is_refused_before_any_name_is_resolved(url: str) -> None:
    resolver = Answers()
    async with downloader(resolver) as files:
        answer = await files.pdf(url)
    assert isinstance(answer, DownloadFailed)
    assert answer.is_refused
    assert resolver.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "https://files.example.com/a.pdf?X-Signature=abc%2F1",
        "https://FILES.example.com:443/a.pdf",
        "https://files.example.com./a.pdf",
        "https://eu.cdn.example.net/a.pdf",
    ],
)
def test_an_allowed_address_passes(url: str) -> None:
    target = check_url(url, allowed_hosts=ALLOWED, plain_http_hosts=frozenset())
    assert (target.scheme, target.port, target.is_exempt) == ("https", 443, False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",  # noqa: S104 - to be refused
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:0:1::1",
        "fd00::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "not an address",
    ],
)
async def test_an_allowed_name_that_resolves_inside_is_refused(address: str) -> None:
    async with downloader(Answers((address,))) as files:
        answer = await files.pdf("https://files.example.com/a.pdf")
    assert isinstance(answer, DownloadFailed)
    assert answer.is_refused


async def test_one_private_address_among_public_ones_condemns_the_name() -> None:
    async with downloader(Answers(("93.184.216.34", "10.0.0.1"))) as files:
        answer = await files.pdf("https://files.example.com/a.pdf")
    assert answer == DownloadFailed(reason="the host resolves to an address that is not public", is_refused=True)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_are_public(address: str) -> None:
    target = check_url("https://files.example.com/", allowed_hosts=ALLOWED, plain_http_hosts=frozenset())
    assert check_resolved(target, (address,)) == (address,)


@pytest.mark.parametrize("address", ["169.254.169.254", "224.0.0.1", "fe80::1", "::"])
def test_even_a_host_that_the_operator_named_reaches_no_metadata_service(address: str) -> None:
    target = check_url("http://fake-pac/", allowed_hosts=frozenset(), plain_http_hosts=frozenset({"fake-pac"}))
    with pytest.raises(RefusedAddressError):
        check_resolved(target, (address,))


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (PDF, None),
        (PDF + b"\r\n", None),
        (b"", "the file is no PDF"),
        (b"%PDF-", "the PDF is cut off"),
        (PDF[: len(PDF) // 2], "the PDF is cut off"),
        (PDF + b"x" * 2000, "the PDF is cut off"),
        (b"<!doctype html>" + PDF, "the file is no PDF"),
        (b" " + PDF, "the file is no PDF"),
        (b"GIF89a" + PDF, "the file is no PDF"),
        (b"PK\x03\x04" + PDF, "the file is no PDF"),
    ],
)
def test_a_pdf_begins_and_ends_as_one(content: bytes, problem: str | None) -> None:
    assert why_no_pdf(content) == problem


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (XML, None),
        (b"\xef\xbb\xbf" + XML + b"\n", None),
        (b"<rFE/>", None),
        (b"", "the file is no XML"),
        (b"{}", "the file is no XML"),
        (PDF, "the file is no XML"),
        (XML.decode().encode("utf-16"), "the file is no XML"),
        (XML[:-3], "the XML is cut off"),
        (b'<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>', "the XML has a document type, entities or HTML"),
        (b"<?xml version='1.0'?><!doctype r><r/>", "the XML has a document type, entities or HTML"),
        (b"<html><body/></html>", "the XML has a document type, entities or HTML"),
    ],
)
def test_an_xml_begins_and_ends_as_one_and_declares_nothing(content: bytes, problem: str | None) -> None:
    assert why_no_xml(content) == problem


def test_notations_that_hide_an_address_are_seen_through() -> None:
    assert not is_public(ipaddress.ip_address("::ffff:192.168.0.1"))
    assert is_public(ipaddress.ip_address("::ffff:93.184.216.34"))
