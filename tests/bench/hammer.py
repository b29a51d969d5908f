"""Asks a server for the same addresses over keep-alive connections and prints how many it answered a second."""

import asyncio
import sys
import time
from urllib.parse import urlsplit


async def ask(host: str, port: int, requests: list[bytes], until: float) -> int:
    """Ask one after the other over one connection until a time; return how many were answered."""
    reader, writer = await asyncio.open_connection(host, port)
    answered = 0
    while time.monotonic() < until:
        writer.write(requests[answered % len(requests)])
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(head.decode())
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        await reader.readexactly(length)
        answered += 1
    writer.close()
    return answered


async def main(address: str, connections: int, seconds: float, cookie: str, paths: list[str]) -> float:
    """Ask over several connections at once, after one quiet round, as who has the cookie; return answers a second."""
    where = urlsplit(address)
    host, port = where.hostname or "", where.port or 80
    head = f"HTTP/1.1\r\nHost: {host}:{port}\r\nAccept-Encoding: gzip\r\nCookie: {cookie}\r\n\r\n"
    requests = [f"GET {path} {head}".encode() for path in paths]
    await ask(host, port, requests, time.monotonic() + 1)
    began = time.monotonic()
    counts = await asyncio.gather(*(ask(host, port, requests, began + seconds) for _ in range(connections)))
    return sum(counts) / (time.monotonic() - began)


if __name__ == "__main__":
    print(asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4], sys.argv[5:])))
