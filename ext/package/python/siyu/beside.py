"""A second process that makes a part of the report on a connection of its own.  A process, because SQLite's
threads wait for one another at every piece of memory that a function of theirs asks for.

Messages are lines of JSON.  What it fails to make, or all of it where it cannot be begun or ends on the way, is made
by the first process.  Tables that both read are in a database of their own, `shared`, which the first one writes before
the second one reads it; its file has no name from when both have it open."""

import argparse
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading

from .database import Failure

BEGIN, SHARED = 10, "shared"                            # seconds that it may take to begin


def attach(db, path):
    db.run("ATTACH ? AS " + SHARED, (path,))
    for setting in ("journal_mode = MEMORY", "synchronous = OFF", "cache_size = -65536"):
        db.run("PRAGMA %s.%s" % (SHARED, setting))


def scratch():
    """The folder where SQLite has its own files of the kind; None: where Python has them."""
    for folder in (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), "/var/tmp"):
        if folder and os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK):
            return folder
    return None


class Beside(threading.Thread):
    """The second process as the first one sees it; the thread reads what it says.

    tables: what it makes first, to be asked for by rows_of(); kept: what it makes then, for itself; left: names of charts, of
    which it takes the last again and again, while the first process takes the first; charts: those that it has made."""

    def __init__(self, brand, tables, kept, left):
        super().__init__(daemon=True)
        self.left, self.at = left, brand.before
        self.tables, self.charts, self.taken = {}, {}, None
        self.made = {name: threading.Event() for name in tables}
        self.here, self.ended, self.released = threading.Event(), threading.Event(), threading.Event()
        self.begun = False
        self.folder, self.process = None, None
        observed = brand.db.query("SELECT * FROM observed")
        try:
            self.folder = tempfile.mkdtemp(prefix="siyu-", dir=scratch())
            path = os.path.join(self.folder, "shared")
            code = "import sys; sys.path[:] = %r; from siyu import beside; beside.serve()" % (sys.path,)
            apart = {"start_new_session": True} if os.name == "posix" else {"creationflags": 0x00000200}   # Ctrl-C is for the first one
            self.process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                            stderr=subprocess.DEVNULL, **apart)
            self.start()
            options = {name: getattr(brand.options, name) for name in ("as_of", "since", "tz", "lang")}
            self.say({"database": os.path.abspath(brand.db.path), "options": options, "shared": path, "observed": observed,
                      "tables": list(tables), "kept": list(kept)})
            self.here.wait(BEGIN)
            if self.begun:
                attach(brand.db, path)
        except (OSError, Failure):
            self.begun = False
        except BaseException:                           # Ctrl-C
            self.stop()
            raise
        finally:
            self.forget()
        if not self.begun:
            self.stop()

    def forget(self):
        """The file, which both have open, has no name any more; on Windows it keeps it until they have closed it."""
        if self.folder:
            shutil.rmtree(self.folder, ignore_errors=True)

    def say(self, message):
        try:
            self.process.stdin.write((json.dumps(message) + "\n").encode("ascii"))
            self.process.stdin.flush()
        except (OSError, ValueError):                   # it has ended, which run() sees
            pass

    def run(self):
        for line in self.process.stdout:
            message = json.loads(line.decode("ascii"))
            what, name = message.pop("said"), message.get("name")
            if what == "here":
                self.begun = True
                self.here.set()
            elif what == "at":
                self.at(name)
            elif what == "table":
                if "rows" in message:
                    self.tables[name] = message["columns"], message["rows"]
                self.made[name].set()
            elif what == "chart":
                self.charts[name] = message
                self.taken = None
            if what == "chart" or what == "ready":
                self.give()
        if self.taken:                                  # it ended before it was done
            self.left.append(self.taken)
        self.here.set()
        self.ended.set()
        self.released.set()
        for made in self.made.values():
            made.set()

    def give(self):
        """The next chart, when the tables for it are there."""
        self.released.wait()
        try:
            self.taken = self.left.pop()
        except IndexError:
            self.say({"end": True})
            return
        self.say({"chart": self.taken})

    def release(self, broken):
        """Tables of `shared` may be read, but for those of texts that are broken."""
        self.say({"broken": broken})
        self.released.set()

    def at_work(self):
        """Waits for it; whether there may be more to do."""
        more = not self.ended.is_set()
        self.ended.wait()
        return more

    def rows_of(self, name):
        """Columns and rows of one of its tables; None: to be made here."""
        if name in self.made:
            self.made[name].wait()
        return self.tables.get(name)

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.released.set()


def possible(db):
    """Whether a second process may be of use."""
    return db.path != ":memory:" and bool(sys.executable) and (os.cpu_count() or 1) > 1


def serve():
    """The second process: from standard input to standard output, until the first one ends."""
    said = queue.Queue()

    def listen():
        for line in sys.stdin.buffer:
            said.put(json.loads(line.decode("ascii")))
        os._exit(1)

    def say(what, **more):
        sys.stdout.buffer.write((json.dumps(dict(more, said=what)) + "\n").encode("ascii"))
        sys.stdout.buffer.flush()

    threading.Thread(target=listen, daemon=True).start()
    from .report import Brand, charts

    begin = said.get()
    brand = Brand(begin["database"], argparse.Namespace(**begin["options"]))
    attach(brand.db, begin["shared"])
    brand.db.run("PRAGMA busy_timeout = 60000")         # the first one may be writing when the schema is read
    say("here")
    columns, rows = begin["observed"]
    brand.take("observed", columns, rows)
    brand.before = lambda name: say("at", name=name)
    for name in begin["tables"]:
        brand.make(name)
        if name in brand.broken:
            say("table", name=name)
        else:
            columns, rows = brand.db.query("SELECT * FROM " + name)
            say("table", name=name, columns=columns, rows=rows)
    for name in begin["kept"]:
        brand.make(name)
    say("ready")
    by_name = {chart.name: chart for chart in charts()}
    while True:
        message = said.get()
        if "broken" in message:
            brand.share(SHARED, message["broken"])
            for name in ("order_rows", "buyer"):
                brand.make(name)
        elif "chart" in message:
            say("chart", **dict(brand.chart(by_name[message["chart"]]), name=message["chart"]))
        else:
            break


__all__ = ["Beside", "attach", "possible", "serve", "SHARED"]
