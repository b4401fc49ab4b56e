"""What a terminal shows: tables with wide letters, numbers for people, a line of progress."""

import shutil
import sys
import threading
import time
import unicodedata


def width(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def cut(text, room):
    if width(text) <= room:
        return text
    kept, used = "", 0
    for c in text:
        used += width(c)
        if used > room - 1:
            break
        kept += c
    return kept + "…"


def _one_line(cell):
    text = "%.15g" % cell if isinstance(cell, float) else str(cell)
    return text[: len(text) - len(text.lstrip(" "))] + " ".join(text.split())


def table(headers, rows, right=(), room=None):
    """Lines of a table; `right`: the columns that are numbers."""
    room = room or max(shutil.get_terminal_size((110, 25)).columns, 60)
    cells = [["" if cell is None else _one_line(cell) for cell in row] for row in rows]
    wide = [max([width(str(h))] + [width(row[i]) for row in cells]) for i, h in enumerate(headers)]
    wide = [min(w, 40) for w in wide[:-1]] + wide[-1:]
    # the last column gives way
    others = sum(wide[:-1]) + 2 * (len(wide) - 1)
    if wide and others + wide[-1] > room:
        wide[-1] = max(room - others, 12)
    lines = []
    for row in [[str(h) for h in headers], ["─" * w for w in wide]] + cells:
        line = []
        for i, cell in enumerate(row):
            cell = cut(cell, wide[i])
            pad = " " * (wide[i] - width(cell))
            line.append(pad + cell if i in right else cell + pad)
        lines.append("  ".join(line).rstrip())
    return "\n".join(lines)


CURRENCIES = {"CNY": "¥", "RMB": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "HKD": "HK$", "TWD": "NT$"}


def figure(value, unit, currency=None, lang="en"):
    """A value of siyu_kpi for people."""
    if value is None:
        return "–"
    if not isinstance(value, (int, float)):
        return str(value)
    if unit == "share":
        return "%.1f %%" % (100 * value)
    if unit == "money":
        sign = "-" if value < 0 else ""
        return sign + CURRENCIES.get((currency or "").upper(), "") + "{:,.2f}".format(abs(value))
    if unit == "count":
        return "{:,.0f}".format(value)
    if unit == "seconds":
        minute, hour = ("分", "小时") if lang == "zh" else (" min", " h")
        return "%.0f s" % value if value < 120 else "%.1f%s" % (value / 60, minute) if value < 7200 else "%.1f%s" % (value / 3600, hour)
    return "{:,.2f}".format(value)


def change(row, ratio, then):
    """A share changes by points: 2.9 % to 4.4 % is 1.5 pt, and not half as much again."""
    points = row["unit"] == "share"
    value = row[ratio]
    if points:
        value = None if row["value"] is None or row[then] is None else row["value"] - row[then]
    if value is None:
        return "–"
    return "%s %.1f %s" % ("▲" if value > 0 else "▼" if value < 0 else "=", abs(100 * value), "pt" if points else "%")


class Progress:
    """What is being done, how far it is, and for how long: on stderr, never where a pipe or a file reads.

    On a terminal one line that is written over, each half second with the time that has passed, so that a
    long step is seen to be at work.  `asked`: lines of their own wherever stderr goes, at most one in
    `PAUSE` seconds; None: on a terminal alone; False: nothing."""

    TICK, PAUSE = 0.5, 5.0

    def __init__(self, title, total=None, stream=None, asked=None):
        self.title, self.total = title, total
        self.stream = stream or sys.stderr
        self.over = self.stream.isatty()                # written over
        self.shown = self.over if asked is None else asked
        self.begun = time.monotonic()
        self.last = None
        self.done, self.say = 0, ""
        self.lock = threading.Lock()
        self.ended = threading.Event()
        if self.shown and self.over:
            threading.Thread(target=self._tick, daemon=True).start()

    def _tick(self):
        while not self.ended.wait(self.TICK):
            self._show()

    def line(self, bar=True):
        passed = time.monotonic() - self.begun
        since = "%d s" % passed if passed < 120 else "%d:%02d" % divmod(int(passed), 60)
        if not self.total:
            return "%s %s, %s" % (self.title, self.say, since)
        share = min(1.0, 1.0 * self.done / self.total)
        drawn = "█" * int(24 * share) + "░" * (24 - int(24 * share)) + " " if bar else ""
        return "%s %s%3.0f %% %s %s" % (self.title, drawn, 100 * share, since.rjust(4), self.say)

    def _show(self):
        with self.lock:
            if self.ended.is_set():
                return
            self.last = time.monotonic()
            if self.over:
                self.stream.write("\r\x1b[K" + cut(self.line(), max(shutil.get_terminal_size((80, 25)).columns, 20) - 1))
            else:
                self.stream.write(self.line(bar=False) + "\n")
            self.stream.flush()

    def at(self, done, say=""):
        """Before a step."""
        self.done, self.say = done, say
        if self.shown and (self.last is None or time.monotonic() - self.last >= (0.1 if self.over else self.PAUSE)):
            self._show()

    def end(self):
        with self.lock:
            if self.shown and self.over and not self.ended.is_set():
                self.stream.write("\r\x1b[K")
                self.stream.flush()
            self.ended.set()
