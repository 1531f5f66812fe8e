"""Sends calls as a program would: `send.py calls|many URL KEY [gzip]`."""

import sys
from datetime import datetime, timedelta, timezone

from segment.analytics.client import Client


def calls(client):
    """One of each, the second an hour old."""
    ago = datetime.now(timezone.utc) - timedelta(hours=1)
    client.identify("ada", {"plan": "pro", "name": "Ada"})
    client.track("ada", "Demo Requested", {"seats": 5}, timestamp=ago)
    client.page("ada", name="Pricing", properties={"path": "/pricing"})
    client.screen("ada", name="Home")
    client.group("ada", "acme", {"employees": 50})
    client.alias("anonymous", "ada")


def many(client):
    """Ten that go in one request."""
    for _ in range(10):
        client.track("ada", "Demo Requested")


def main(what, url, key, *flags):
    failed = []
    client = Client(key, host=url, gzip="gzip" in flags, on_error=lambda error, _: failed.append(error))
    {"calls": calls, "many": many}[what](client)
    client.shutdown()
    sys.exit(f"could not be sent: {failed}" if failed else 0)


main(*sys.argv[1:])
