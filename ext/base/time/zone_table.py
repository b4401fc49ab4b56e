#!/usr/bin/env python3
"""Writes ext/base/time/zone_table.h from a compiled tz database.

    python3 ext/base/time/zone_table.py /usr/share/zoneinfo > ext/base/time/zone_table.h

Reads the TZif files (RFC 9636) below the folder given, and the version from tzdata.zi there.
Kept per zone: its offset at the beginning of 1970, the changes since then, and the rule for
the years after the last of them.  Zones that are alike since 1970 share one entry.
"""
import os
import re
import struct
import sys

LAST_YEAR = 2099          # a rule must give what the files say up to here
HORIZON = 4102444800      # 2100-01-01


def read_tzif(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] != b"TZif" or data[4:5] < b"2":
        return None
    def counts(at):
        return struct.unpack(">6l", data[at + 20:at + 44])
    isut, isstd, leaps, times, types, chars = counts(0)
    at = 44 + times * 5 + types * 6 + chars + leaps * 8 + isstd + isut
    isut, isstd, leaps, times, types, chars = counts(at)
    at += 44
    when = struct.unpack(">%dq" % times, data[at:at + 8 * times])
    at += 8 * times
    kind = data[at:at + times]
    at += times
    offsets = [struct.unpack(">lBB", data[at + 6 * i:at + 6 * i + 6])[0] for i in range(types)]
    at += types * 6 + chars + leaps * 12 + isstd + isut
    footer = data[at:].strip(b"\n").decode()
    return list(zip(when, [offsets[k] for k in kind])), offsets[0], footer


NAME = r"(?:<[^>]+>|[A-Za-z]+)"
CLOCK = r"[-+]?\d+(?::\d+){0,2}"


def seconds(text):
    sign = -1 if text.startswith("-") else 1
    parts = [int(p) for p in text.lstrip("+-").split(":")] + [0, 0]
    return sign * (parts[0] * 3600 + parts[1] * 60 + parts[2])


def read_rule(footer):
    """(standard, summer, (month, week, day, second), (month, week, day, second)), POSIX order."""
    m = re.fullmatch("%s(%s)(?:%s(%s)?(?:,(.+),(.+))?)?" % (NAME, CLOCK, NAME, CLOCK), footer)
    standard = -seconds(m.group(1))
    if m.group(3) is None:
        return standard, standard, (0, 0, 0, 0), (0, 0, 0, 0)
    summer = -seconds(m.group(2)) if m.group(2) else standard + 3600
    ends = []
    for text in m.group(3), m.group(4):
        date, _, clock = text.partition("/")
        month, week, day = (int(v) for v in re.fullmatch(r"M(\d+)\.(\d)\.(\d)", date).groups())
        ends.append((month, week, day, seconds(clock) if clock else 7200))
    return standard, summer, ends[0], ends[1]


def days(year, month, day):
    y = year - (month <= 2)
    era = y // 400
    of_era = y - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def rule_day(year, end):
    month, week, day, _ = end
    first = days(year, month, 1)
    at = first + (day - (first + 4) % 7) % 7 + 7 * (week - 1)
    after = days(year + month // 12, month % 12 + 1, 1)
    return at - 7 if at >= after else at


def rule_changes(rule, first_year, last_year):
    standard, summer, start, end = rule
    if standard == summer:
        return []
    changes = []
    for year in range(first_year, last_year + 1):
        changes.append((rule_day(year, start) * 86400 + start[3] - standard, summer))
        changes.append((rule_day(year, end) * 86400 + end[3] - summer, standard))
    return sorted(changes)


def reduced(changes, first, rule):
    """The changes since 1970 that the rule does not give, and the offset before them."""
    start, kept = first, []
    for when, offset in changes:
        if when <= 0:
            start = offset
        elif when < HORIZON:
            kept.append((when, offset))
    plain, before = [], start
    for when, offset in kept:
        if offset != before:
            plain.append((when, offset))
            before = offset
    last = plain[-1][0] if plain else 0
    whole = plain + [c for c in rule_changes(rule, 1971, LAST_YEAR) if c[0] > last]
    for n in range(len(plain) + 1):
        since = plain[n - 1][0] if n else None
        by_rule = [c for c in rule_changes(rule, 1969, LAST_YEAR)]
        tail = [c for c in by_rule if (c[0] > since if n else c[0] > 0)]
        now = plain[n - 1][1] if n else start
        ruled = [c for c in by_rule if c[0] <= (since if n else 0)]
        if (ruled[-1][1] if ruled else rule[0]) == now and tail == whole[n:]:
            return start, plain[:n], rule
    raise SystemExit("no rule fits")


def zones(root):
    found = {}
    for folder, _, files in os.walk(root):
        for file in files:
            path = os.path.join(folder, file)
            name = os.path.relpath(path, root)
            if name.split("/")[0] in ("posix", "right") or name in ("localtime", "posixrules", "Factory"):
                continue
            read = read_tzif(path)
            if read:
                changes, first, footer = read
                found[name] = reduced(changes, first, read_rule(footer))
    return found


def main(root):
    with open(os.path.join(root, "tzdata.zi")) as file:
        version = file.readline().split()[-1]
    found = zones(root)
    entries, number, when, offset = [], {}, [], []
    for name in sorted(found, key=str.lower):
        start, changes, rule = found[name]
        key = (start, tuple(changes), rule)
        if key not in number:
            number[key] = len(entries)
            entries.append((start, len(when), len(changes), rule))
            when += [c[0] for c in changes]
            offset += [c[1] for c in changes]
    out = ["/* Made by zone_table.py from the tz database (public domain): do not edit. */",
           '#define ZONE_TABLE_VERSION "%s"' % version, "",
           "/* Seconds since 1970 of each change, and the seconds east of UTC from then on. */",
           "static const uint32_t ZONE_WHEN[%d] = {" % len(when)]
    out += rows(["%d" % v for v in when])
    kinds = sorted(set(offset))
    out += ["};", "static const int32_t ZONE_OFFSETS[%d] = {" % len(kinds)]
    out += rows(["%d" % v for v in kinds])
    out += ["};", "/* Places in ZONE_OFFSETS. */", "static const uint8_t ZONE_KIND[%d] = {" % len(offset)]
    out += rows(["%d" % kinds.index(v) for v in offset])
    out += ["};", "/* Offset in 1970; first change and their number; the rule after the last. */",
            "static const ZoneEntry ZONE_ENTRY[%d] = {" % len(entries)]
    for start, first, n, (standard, summer, a, b) in entries:
        out.append("  {%d, %d, %d, %d, %d, {%d, %d, %d, %d}, {%d, %d, %d, %d}}," % ((start, first, n, standard, summer) + a + b))
    out += ["};", "/* In order of the names in lower case. */", "static const ZoneName ZONE_NAME[%d] = {" % len(found)]
    for name in sorted(found, key=str.lower):
        start, changes, rule = found[name]
        out.append('  {"%s", %d},' % (name, number[(start, tuple(changes), rule)]))
    out += ["};"]
    print("\n".join(out))


def rows(values, width=100):
    lines, line = [], " "
    for v in values:
        if len(line) + len(v) + 2 > width:
            lines.append(line)
            line = " "
        line += " " + v + ","
    return lines + [line]


main(sys.argv[1])
