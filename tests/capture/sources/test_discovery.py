"""Scanners that say on the network that they are there."""

from __future__ import annotations

import socket

import pytest
from zeroconf import ServiceInfo, Zeroconf

from docclient.capture.sources.discovery import on_the_network


@pytest.fixture
def network():
    try:
        made = Zeroconf(interfaces=["127.0.0.1"])
    except OSError:
        pytest.skip("no multicast on this machine")
    yield made
    made.close()


def test_scanners_on_the_network_are_found_once_and_by_https_where_they_can(network: Zeroconf):
    for kind, port in (("_uscan._tcp.local.", 8_080), ("_uscans._tcp.local.", 8_443)):
        network.register_service(ServiceInfo(
            kind, f"Máy quét văn thư.{kind}", port=port, addresses=[socket.inet_aton("127.0.0.1")],
            server="may-quet.local.", properties={"ty": "Máy quét văn thư", "rs": "eSCL"}))
    found = on_the_network(2.0, interfaces=["127.0.0.1"])
    assert [(each.address, each.title) for each in found] == [("escls://may-quet.local:8443/eSCL", "Máy quét văn thư")]
