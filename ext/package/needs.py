#!/usr/bin/env python3
"""What a library asks of the system that loads it: glibc, musl, macOS, or Windows' libraries.

    python3 ext/package/needs.py LIBRARY [TARGET]

With TARGET, as zig writes it (x86_64-linux-gnu.2.17, aarch64-macos.11.0), the exit status is 1
where the library asks for more than that.
"""

import re
import struct
import sys


def glibc(data):
    """The newest GLIBC_x.y among the names of versions; a library for musl has none."""
    return max((tuple(map(int, v.split(b"."))) for v in re.findall(rb"\0GLIBC_(\d+\.\d+)", data)), default=None)


def macos(data):
    """Of LC_BUILD_VERSION or LC_VERSION_MIN_MACOSX."""
    count, at = struct.unpack_from("<I", data, 16)[0], 32
    for _ in range(count):
        command, size = struct.unpack_from("<II", data, at)
        if command in (0x32, 0x24):
            version = struct.unpack_from("<I", data, at + (12 if command == 0x32 else 8))[0]
            return version >> 16, version >> 8 & 255
        at += size
    return None


def windows(data):
    """Names of the libraries in the import table."""
    return sorted({n.decode().upper()[:-4] for n in re.findall(rb"\0([A-Za-z0-9_.-]+\.dll)\0", data, re.I)} - {"SIYU"})


def asked(data, target):
    """What it asks for in words, and whether TARGET, if given, has that."""
    limit = re.search(r"\.(\d+)\.(\d+)$", target or "")
    limit = tuple(map(int, limit.groups())) if limit else None
    if data[:4] == b"\x7fELF":
        found = glibc(data)
        if found is None:
            return "no glibc", target is None or "musl" in target
        return "glibc %d.%d" % found, target is None or (limit is not None and found <= limit)
    if data[:4] == b"\xcf\xfa\xed\xfe":
        found = macos(data)
        return "macOS %d.%d" % found, target is None or found == limit
    found = windows(data)
    return " ".join(found), bool(found) and set(found) <= {"KERNEL32", "MSVCRT"}


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with open(sys.argv[1], "rb") as file:
        words, enough = asked(file.read(), sys.argv[2] if len(sys.argv) > 2 else None)
    print(words)
    sys.exit(0 if enough else 1)
