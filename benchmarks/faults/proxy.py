"""A network that nobody would want: loses requests, loses replies, delays, doubles, reorders, and answers by itself.

It stands between browsers and the site. Each request meets a fate drawn from one seed.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from faults.site import ADDRESS

SLIPS_FATES = {
    "passes": 40,
    "request lost": 12,
    "reply lost": 12,
    "delayed": 10,
    "delivered twice": 8,
    "delivered late": 8,
    "hangs, delivered late": 1,
    "captive portal": 5,
    "sent to a captive portal": 4,
}
OTHER_FATES = {"passes": 86, "request lost": 6, "delayed": 4, "captive portal": 2, "sent to a captive portal": 2}
_PORTAL = b"<!doctype html><title>Free Wi-Fi</title><h1>Welcome. Thank you. Sent you a code? Sign in</h1>"


@dataclass
class Request:
    head: bytes
    body: bytes

    @property
    def method(self) -> str:
        return self.head.split(b" ", 1)[0].decode()

    @property
    def path(self) -> str:
        return self.head.split(b" ", 2)[1].decode()

    @property
    def is_slip(self) -> bool:
        return self.method == "POST" and self.path.startswith("/m/")


@dataclass
class BadNetwork:
    """`async with BadNetwork(port of the site)`: its own `port` is what browsers are told."""

    to: int
    seed: int = 7
    port: int = 0
    met: Counter[str] = field(default_factory=Counter)

    async def __aenter__(self) -> BadNetwork:
        self.chance = random.Random(self.seed)
        self.under_way: set[asyncio.Task] = set()
        self.server = await asyncio.start_server(self._meet, ADDRESS, 0)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exception: object) -> None:
        self.server.close()
        await asyncio.wait(self.under_way or [asyncio.create_task(asyncio.sleep(0))], timeout=10)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self.under_way.add(task)  # asyncio itself forgets tasks whose client has gone
        task.add_done_callback(self.under_way.discard)
        try:
            request = await _read(reader)
            fates = SLIPS_FATES if request.is_slip else OTHER_FATES
            fate = self.chance.choices([*fates], [*fates.values()])[0]
            if request.is_slip:
                self.met[fate] += 1
            reply = await self._suffer(fate, request, reader)
            if reply:
                writer.write(reply)
                await writer.drain()
                writer.close()
            else:
                writer.transport.abort()
        except (OSError, asyncio.IncompleteReadError):
            writer.transport.abort()

    async def _suffer(self, fate: str, request: Request, reader: asyncio.StreamReader) -> bytes:
        """What the browser gets; nothing: its connection breaks."""
        if fate == "request lost":
            return b""
        if fate == "reply lost":
            await self._forward(request)
            return b""
        if fate == "delivered late":
            self._later(request, self.chance.uniform(1, 6))
            return b""
        if fate == "hangs, delivered late":
            await reader.read()  # until the phone gives up
            self._later(request, self.chance.uniform(0, 3))
            return b""
        if "portal" in fate:
            return self._portal(moved=fate.startswith("sent"))
        if fate == "delayed":
            await asyncio.sleep(self.chance.uniform(0.1, 2))
        if fate == "delivered twice":
            self._later(request, self.chance.uniform(0, 0.5))
        return await self._forward(request)

    def _later(self, request: Request, seconds: float) -> None:
        async def deliver() -> None:
            await asyncio.sleep(seconds)
            await self._forward(request)

        task = asyncio.create_task(deliver())
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    async def _forward(self, request: Request) -> bytes:
        reader, writer = await asyncio.open_connection(ADDRESS, self.to)
        try:
            writer.write(request.head + request.body)
            return await reader.read()
        finally:
            writer.close()

    def _portal(self, *, moved: bool) -> bytes:
        start = f"302 Found\r\nLocation: http://localhost:{self.port}/portal/" if moved else "200 OK"
        head = f"HTTP/1.1 {start}\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: {len(_PORTAL)}"
        return f"{head}\r\n\r\n".encode() + _PORTAL


async def _read(reader: asyncio.StreamReader) -> Request:
    """One request, made to be the last of its connection."""
    lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
    length = sum(int(line[15:]) for line in lines if line.lower().startswith(b"content-length:"))
    kept = [line for line in lines[:-2] if not line.lower().startswith(b"connection:")]
    return Request(b"\r\n".join([*kept, b"Connection: close", b"", b""]), await reader.readexactly(length))
