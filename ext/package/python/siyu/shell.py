"""siyu shell: the sqlite3 program with siyu loaded and sensible modes, else a small one in Python."""

import os
import shutil
import subprocess
import sys

from . import loadable_path, resources
from .database import Database, Failure
from .terminal import table


def settings(library):
    """The lines of siyurc, the library by its own path."""
    for line in resources.text("rc", "siyurc").splitlines():
        line = line.strip()
        if line and not line.startswith("--"):
            yield '.load "%s"' % library.replace("\\", "\\\\") if line.startswith(".load") else line


def can_load(program, library):
    try:
        said = subprocess.run([program, "-batch", ":memory:", '.load "%s"' % library.replace("\\", "\\\\"), "SELECT siyu_version()"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.returncode == 0 and said.stdout.strip() != b""


def run(path, statements=()):
    library = loadable_path()
    program = os.environ.get("SQLITE3") or shutil.which("sqlite3")
    if program and can_load(program, library):
        command = [program]
        for line in settings(library):
            command += ["-cmd", line]
        command.append(path)
        command += list(statements)
        return subprocess.call(command)
    return own(path, statements)


HELP = "SQL ends with ;   .tables   .schema NAME   .read FILE   .help   .quit   siyu_help('复购') explains a function"


def statements_of(text):
    """One by one, as sqlite3 takes them."""
    import sqlite3

    begun = at = 0
    while True:
        at = text.find(";", at) + 1
        if not at:
            break
        if sqlite3.complete_statement(text[begun:at]):
            yield text[begun:at]
            begun = at
    if text[begun:].strip():
        yield text[begun:]


def answer(database, text):
    for sql in statements_of(text):
        names, rows = database.query(sql)
        if names:
            print(table(names, [["NULL" if c is None else c for c in row] for row in rows]))


def own(path, statements=()):
    """Python's own: for machines without the sqlite3 program, or with one that loads nothing."""
    import sqlite3

    database = Database(path)
    if statements:
        for text in statements:
            answer(database, text)
        return 0
    if sys.stdin.isatty():
        try:
            import readline  # noqa: F401  (history and editing)
        except ImportError:
            pass
        print("siyu %s; %s" % (database.value("SELECT siyu_version()"), HELP))
    text = ""
    while True:
        try:
            line = input("" if not sys.stdin.isatty() else "  ...> " if text else "siyu> ")
        except EOFError:
            return 0
        except KeyboardInterrupt:
            text = ""
            print()
            continue
        if not text and line.strip().startswith("."):
            words = line.split(None, 1)
            try:
                if words[0] in (".quit", ".exit", ".q"):
                    return 0
                if words[0] == ".tables":
                    answer(database, "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite%' ORDER BY 1, 2")
                elif words[0] == ".schema" and len(words) > 1:
                    print(database.value("SELECT sql FROM sqlite_master WHERE name = ?", (words[1].strip(),)) or "there is none")
                elif words[0] == ".read" and len(words) > 1:
                    with open(words[1].strip(), encoding="utf-8") as file:
                        database.script(file.read())
                else:
                    print(HELP)
            except (Failure, OSError) as error:
                print("Error: %s" % error, file=sys.stderr)
            continue
        text += line + "\n"
        if text.strip() and sqlite3.complete_statement(text):
            try:
                answer(database, text)
            except Failure as error:
                print("Error: %s" % error, file=sys.stderr)
            text = ""
        elif not text.strip():
            text = ""
