"""Refused tokens by address: who keeps guessing has to wait, whatever he brings next."""

from __future__ import annotations

import hashlib
import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from data.signing_in import LOCK

# Different tokens, not attempts: a script left with an expired token must not shut out the
# colleagues behind the same address, and only somebody who guesses has many.
GUESSES_BEFORE_LOCK = 20
MOST_ADDRESSES = 10_000  # remembered at a time; the oldest are forgotten first


@dataclass(slots=True)
class _Guesses:
    until: datetime
    seen: set[bytes] = field(default_factory=set)


class Failures:
    """What was refused from which address in the last quarter of an hour."""

    def __init__(self, most: int = GUESSES_BEFORE_LOCK, window: timedelta = LOCK) -> None:
        self._most, self._window = most, window
        self._by_address: OrderedDict[str, _Guesses] = OrderedDict()

    def wait(self, address: str, now: datetime) -> timedelta | None:
        """How long nothing from this address is looked at; None when it is."""
        guesses = self._by_address.get(_network(address))
        if guesses is None or now >= guesses.until or len(guesses.seen) < self._most:
            return None
        return guesses.until - now

    def add(self, address: str, key: str, now: datetime) -> bool:
        """Count a refused token; whether it is one not seen from there before."""
        guesses = self._guesses(_network(address), now)
        seen = hashlib.sha256(key.encode()).digest()
        is_new = seen not in guesses.seen
        guesses.seen.add(seen)
        return is_new

    def _guesses(self, network: str, now: datetime) -> _Guesses:
        guesses = self._by_address.get(network)
        if guesses is None or now >= guesses.until:
            guesses = self._by_address[network] = _Guesses(now + self._window)
            self._by_address.move_to_end(network)
        if len(self._by_address) > MOST_ADDRESSES:
            self._by_address.popitem(last=False)
        return guesses


def _network(address: str) -> str:
    """The address; of IPv6 its /64, which one subscriber has to himself."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((known, 64), strict=False)) if known.version == 6 else address
