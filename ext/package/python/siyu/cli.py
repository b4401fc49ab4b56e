"""The command line: siyu import, kpi, report, demo, shell.  The figures are the extension's."""

import argparse
import os
import sys

from . import __version__
from .database import Database, Failure


def language(given):
    if given:
        return given
    return "zh" if (os.environ.get("SIYU_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG") or "").lower().startswith("zh") else "en"


def parser():
    top = argparse.ArgumentParser(prog="siyu", description="What your own customers are worth to you: figures, report, who to act on today. "
                                  "私域客户分析：导入订单，看指标，出报告。")
    top.add_argument("--version", action="version", version="siyu " + __version__)
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def command(name, help, **more):
        return commands.add_parser(name, help=help, description=help, **more)

    def with_settings(p):
        p.add_argument("--as-of", metavar="DAY", help="end of observation, 2025-03-31; without it the day of the last order")
        p.add_argument("--since", metavar="DAY", help="first day of the period; without it the month of the end")
        p.add_argument("--tz", metavar="ZONE", help="zone of days and months, +08:00")
        p.add_argument("--lang", choices=["en", "zh"], help="language; without it that of the machine")

    p = command("import", "orders, contacts, members, coupons, points, messages and costs from exports (CSV, XLSX) into a database · 导入订单、好友、会员等")
    p.add_argument("files", nargs="+", metavar="FILE", help="exports as they are: .csv, .txt, .xlsx")
    p.add_argument("-d", "--database", default="brand.db", metavar="DB", help="database, made where it is not there (brand.db)")
    p.add_argument("--map", action="append", metavar="ROLE=COLUMN", help="what is not recognised: --map customer=Email; again for more")
    p.add_argument("--encoding", help="of the file; without it seen from its bytes")
    p.add_argument("--separator", help="between the columns; without it seen from the lines")
    p.add_argument("--sheet", help="of a spreadsheet; without it the first one")
    p.add_argument("--skip", type=int, default=0, metavar="N", help="lines above the header")
    p.add_argument("--check", action="store_true", help="say what the columns are taken for, and import nothing")
    p.add_argument("-q", "--quiet", action="store_true", help="without the list of columns")
    p.add_argument("--lang", choices=["en", "zh"], help="language of what is said and asked; without it that of the machine")

    p = command("kpi", "the figures with their changes · 经营指标（环比、同比）")
    p.add_argument("-d", "--database", default="brand.db", metavar="DB", help="database that siyu import has made (brand.db)")
    with_settings(p)
    p.add_argument("--format", choices=["table", "json", "csv", "markdown"], default="table", help="how it is printed (table)")
    p.add_argument("--all", action="store_true", help="those without data, too")

    p = command("report", "one HTML file with the charts: opens anywhere, off line · 生成图文报告")
    p.add_argument("database", nargs="?", default="brand.db", metavar="DB", help="database that siyu import has made (brand.db)")
    p.add_argument("-o", "--output", default="report.html", metavar="FILE", help="page to write (report.html)")
    p.add_argument("--title", help="name of the brand; without it that of the database")
    p.add_argument("--progress", action="store_true", default=None, help="say on stderr how far it is, where that is no terminal too")
    p.add_argument("-q", "--quiet", dest="progress", action="store_false", help="do not say how far it is")
    with_settings(p)

    p = command("demo", "a brand that is invented, to look around in · 演示品牌")
    p.add_argument("-d", "--database", default="demo.db", metavar="DB", help="database to make (demo.db)")
    p.add_argument("--customers", type=int, default=120000, metavar="N", help="how many (120000)")
    p.add_argument("--lang", choices=["en", "zh"], help="language; without it that of the machine")

    p = command("shell", "SQL with siyu loaded, in readable modes · 命令行查询")
    p.add_argument("database", nargs="?", default=":memory:", metavar="DB", help="database to open; without it an empty one")
    p.add_argument("sql", nargs="*", metavar="SQL", help="statements to run instead of asking for them")
    return top


def fix_output():
    """Chinese on a terminal that says it is ASCII; a closed pipe is no accident."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and (stream.encoding or "").lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="replace") if os.name == "nt" else stream.reconfigure(encoding="utf-8", errors="replace")


def check_files(paths):
    """Before a database is made for them."""
    for path in paths:
        if not os.path.isfile(path):
            raise Failure("cannot read the file %s" % path)


def check_output(path):
    """Before a report is made that could not be written, or would take the place of a brand."""
    folder = os.path.dirname(path)
    if folder and not os.path.isdir(folder):
        raise Failure("cannot write %s: there is no folder %s" % (path, folder))
    if os.path.isdir(path):
        raise Failure("cannot write %s: it is a folder" % path)
    if os.path.exists(path):
        with open(path, "rb") as file:
            if file.read(15) == b"SQLite format 3":
                raise Failure("-o %s is a database, which the page would overwrite: name another file" % path)


def run(options):
    if options.command == "import":
        from . import importer

        options.lang = language(options.lang)
        check_files(options.files)
        fresh = not os.path.exists(options.database)
        database = Database(options.database)
        try:
            return importer.run(database, options)
        finally:
            database.close()
            if fresh and os.path.exists(options.database) and os.path.getsize(options.database) == 0:
                os.remove(options.database)     # nothing has come into it
    if options.command == "kpi":
        from . import figures

        options.lang = language(options.lang)
        return figures.show(Database(options.database, must_exist=True), options)
    if options.command == "report":
        from . import report

        options.lang = language(options.lang)
        check_output(options.output)
        return report.run(options)
    if options.command == "demo":
        from . import demo

        options.lang = language(options.lang)
        return demo.run(options)
    if options.command == "shell":
        from . import shell

        return shell.run(options.database, options.sql)
    parser().print_help()
    return 2


def with_zones(arguments):
    """--tz -05:00 as one argument: argparse takes what begins with a hyphen for an option."""
    joined = []
    for argument in arguments:
        if joined and joined[-1] == "--tz" and argument[:1] == "-" and argument[1:2].isdigit():
            joined[-1] = "--tz=" + argument
        else:
            joined.append(argument)
    return joined


def main(arguments=None):
    fix_output()
    options = parser().parse_args(with_zones(sys.argv[1:] if arguments is None else arguments))
    try:
        return run(options)
    except Failure as error:
        print("siyu: %s" % error, file=sys.stderr)
        return 1
    except BrokenPipeError:    # an OSError, too
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except OSError as error:
        print("siyu: %s%s" % (error.strerror or error, ": " + str(error.filename) if error.filename else ""), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(file=sys.stderr)
        return 130
