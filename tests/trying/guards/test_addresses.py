"""Who can be at an address, whatever way it is written."""

from __future__ import annotations

import pytest

from reconciler.trying.guards.addresses import Reach, reach_of

ADDRESSES = {
    Reach.PUBLIC: ["8.8.8.8", "172.32.0.1", "192.0.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::"],
    Reach.LOOPBACK: [
        "127.0.0.1", "127.255.255.254", "0.1.2.3", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:0.0.0.0",
        "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::",
    ],
    Reach.LINK_LOCAL: ["169.254.1.1", "fe80::1", "fe80::1%eth0", "::ffff:169.254.1.1"],
    Reach.PRIVATE: [
        "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "100.64.0.1", "100.127.255.255", "198.18.0.1", "192.0.2.1",
        "fd00::1", "fc00::1", "fec0::1", "2001:db8::1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8", "2002:a00:1::",
    ],
    Reach.METADATA: [
        "169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "fd00:ec2::254", "fd00:ec2::254%eth0",
        "::ffff:169.254.169.254", "64:ff9b::169.254.169.254", "2002:a9fe:a9fe::",
    ],
    Reach.OTHER: ["224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "ff02::1", "2001::1", "100::1", "x", "127.1", "0x7f.1"],
}  # fmt: skip


@pytest.mark.parametrize(("address", "reach"), [(text, reach) for reach, texts in ADDRESSES.items() for text in texts])
def test_an_address_is_judged_by_who_can_be_there(address: str, reach: Reach) -> None:
    assert reach_of(address) is reach


def test_only_this_machine_and_its_networks_are_local() -> None:
    assert {reach for reach in Reach if reach.is_local} == {Reach.LOOPBACK, Reach.LINK_LOCAL, Reach.PRIVATE}
