"""siyu import: files into the tables of a brand, by siyu_import(); this reads files and asks back."""

import json
import os
import re
import sys

from .database import Failure, quoted
from .tablefile import open_table
from .terminal import Progress, table

BLOCK = 2000
WORDS = {
    "en": {"columns": ["column", "taken for", "filled", "blank", "rejected", "example", "remark"], "short": "{:,} lines are shorter than the header",
           "joined": "{:,} lines had amounts with commas and no quotes", "long": "{:,} lines are longer than the header: what stands beyond it is not read", "skipped": "{} line{} above the header left out", "empty": "there is nothing below the header", "cut": "the file is cut: its last line has {} of {} cells and is left out; take the export again",
           "lines": "{}: {:,} lines", "and": "; ", "not": "Not imported: ", "rejected": ["rejected in", "value", "cells", "first line", "because"], "next": "Next:",
           "zone": "The times carry the zone {0}: with --tz {0} days and months begin there, without it in UTC."},
    "zh": {"columns": ["列名", "识别为", "有值", "空白", "拒收", "示例", "说明"], "short": "{:,} 行比表头短",
           "joined": "{:,} 行的金额带逗号而没有引号，已合上", "long": "{:,} 行比表头长，多出的没有读", "skipped": "表头上方略去 {0} 行", "empty": "表头下面没有数据", "cut": "文件不完整：最后一行只有 {} 列（共 {} 列），没有读；请重新导出",
           "lines": "{}：{:,} 行", "and": "；", "not": "没有导入：", "rejected": ["拒收于", "值", "单元格数", "首行", "原因"], "next": "接下来：",
           "zone": "时间带有时区 {0}：加 --tz {0} 则按当地零点分日、分月，不加按 UTC。"},
}


def mapping_of(pairs):
    """['customer=Email', 'status_is_order=paid,sent'] as siyu_import() takes it."""
    mapping = {}
    for pair in pairs or ():
        if pair.lstrip().startswith("{"):
            try:
                mapping.update(json.loads(pair))
            except ValueError as error:
                raise Failure("--map %s is no JSON: %s" % (pair, error))
            continue
        key, found, value = pair.partition("=")
        if not found or not key.strip() or not value.strip():
            raise Failure("--map %s: write --map customer=Email" % pair)
        key, value = key.strip(), value.strip()
        if key.startswith(("status_is_", "kind_is_")) or key == "guest":
            value = [part.strip() for part in value.split(",")]
        elif key == "decimals" and value.isdigit():
            value = int(value)
        elif value == "null":
            value = None
        mapping[key] = value
    return mapping


def as_options(said):
    """A sentence of siyu_import() that asks for a mapping, with the option to type instead."""
    def option(found):
        try:
            pairs = json.loads(found.group(0))
        except ValueError:
            return found.group(0)
        said_so = []
        for key, value in pairs.items():
            value = ",".join(value) if isinstance(value, list) else "null" if value is None else str(value)
            text = "%s=%s" % (key, value)
            said_so.append("--map %s" % (text if re.match(r"^[\w=.,/+-]+$", text) else "'%s'" % text))
        return " ".join(said_so)

    return re.sub(r"\{\"[^{}]*\}", option, said).replace(" to the mapping", "").replace("在 mapping 里加 ", "加 ").replace("在 mapping 里写明，", "用 ")


def fill(database, name, source):
    """The rows of a file as a TEMP table of texts."""
    database.run("DROP TABLE IF EXISTS temp." + quoted(name))
    columns = ", ".join(quoted(h) + " TEXT" for h in source.header)
    database.run("CREATE TEMP TABLE %s(%s)" % (quoted(name), columns))
    insert = "INSERT INTO temp.%s VALUES (%s)" % (quoted(name), ", ".join("?" * len(source.header)))
    progress = Progress(source.name, source.total)
    block, count = [], 0
    database.run("BEGIN")
    try:
        for row in source:
            block.append(row)
            if len(block) == BLOCK:
                database.many(insert, block)
                count += len(block)
                block = []
                progress.at(source.done, "{:,} lines".format(count))
        if block:
            database.many(insert, block)
            count += len(block)
        database.run("COMMIT")
    except BaseException:
        database.run("ROLLBACK")
        raise
    finally:
        progress.end()
    return count


def roles_of(database, mapping):
    """What the columns of a table are, by its header and a few rows: {header: role}."""
    def roles(header, rows):
        name, found = "siyu import looks", []
        database.run("DROP TABLE IF EXISTS temp.%s" % quoted(name))
        database.run("CREATE TEMP TABLE %s(%s)" % (quoted(name), ", ".join(quoted(h) + " TEXT" for h in header)))
        try:
            wide = [(list(row) + [""] * len(header))[:len(header)] for row in rows]
            database.many("INSERT INTO temp.%s VALUES (%s)" % (quoted(name), ", ".join("?" * len(header))), wide)
            for given in (mapping, None):
                try:
                    found = database.query("SELECT header, role FROM import_report(?, ?) WHERE role IS NOT NULL AND header <> '(file)'", (name, given))[1]
                    break
                except Failure:           # a mapping of columns that this sheet has not
                    continue
        finally:
            database.run("DROP TABLE IF EXISTS temp.%s" % quoted(name))
        return dict(found)

    return roles


def show_report(database, name, mapping, lang):
    rows = database.query(
        "SELECT header, role, filled, blank, rejected, example, remark FROM import_report(?, ?) WHERE header <> '(file)'",
        (name, mapping))[1]
    print(table(WORDS[lang]["columns"], rows, right={2, 3, 4}))


def names_of(paths):
    """A name for each file; those that are called alike, in folders of their own, with their folders."""
    bases = [os.path.splitext(os.path.basename(path))[0] for path in paths]
    found = []
    for path, base in zip(paths, bases):
        if bases.count(base) > 1:
            base = os.path.splitext(os.path.normpath(path))[0]
        found.append(re.sub(r"[^\w-]+", "_", base).strip("_") or "file")
    return found


def import_file(database, path, name, options, mapping):
    """One file; returns whether it became orders or contacts."""
    words = WORDS[options.lang]
    skip = options.skip
    for attempt in (1, 2):
        with open_table(path, options.encoding, options.separator, skip, options.sheet, roles_of(database, mapping)) as source:
            count = fill(database, name, source)
            remarks = list(source.remarks)
            above = source.above
            if not count:
                remarks.append(words["empty"])
            if source.cut:
                remarks.append(words["cut"].format(source.cut, len(source.header)))
            if source.short:
                remarks.append(words["short"].format(source.short))
            if source.joined:
                remarks.append(words["joined"].format(source.joined))
            if source.long:
                remarks.append(words["long"].format(source.long))
        try:
            database.query("SELECT count(*) FROM import_report(?, ?)", (name, mapping))
        except Failure as error:
            # a mapping names columns that a title line above them hides
            title_lines = mapping and re.search(r"--skip (\d+)", database.value(
                "SELECT remark FROM import_report(?) WHERE header = '(file)'", (name,)) or "")
            if title_lines and attempt == 1 and not options.skip:
                skip = int(title_lines.group(1))
                continue
            raise Failure(str(error))
        asked = database.value("SELECT remark FROM import_report(?, ?) WHERE header = '(file)'", (name, mapping)) or ""
        title_lines = re.search(r"--skip (\d+)", asked)
        if title_lines and attempt == 1 and not options.skip:
            skip = int(title_lines.group(1))
            continue
        break
    skip += above
    if skip:
        remarks.append(words["skipped"].format(skip, "" if skip == 1 else "s"))
    print(words["lines"].format(os.path.basename(path), count) + "".join(words["and"] + r for r in remarks))
    if not options.quiet:
        show_report(database, name, mapping, options.lang)
        print()
    if options.check:
        print(as_options(asked) if asked else "")
        return True
    try:
        said = database.value("SELECT siyu_import(?, ?)", (name, mapping))
    except Failure as error:
        said = as_options(re.sub(r"^.*?siyu_import(\(\))?: ", "", str(error)))
        print(words["not"] + said, file=sys.stderr)
        return False
    finally:
        database.run("DROP TABLE IF EXISTS temp." + quoted(name))
    print(said)
    rejected = database.query(
        "SELECT header, value, reason, count(*), min(line) FROM import_reject WHERE source = ? GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 5",
        (name,))[1]
    if rejected:
        print()
        print(table(words["rejected"], [(h, v, n, line, why) for h, v, why, n, line in rejected], right={2, 3}))
    return True


def zone_of(database):
    """The zone that most times carry, where it is not UTC and the settings name none; or None."""
    if database.value("SELECT count(*) FROM main.sqlite_master WHERE name IN ('orders', 'settings')") < 2:
        return None
    if database.value("SELECT count(*) FROM settings WHERE trim(tz) <> ''"):
        return None
    zone = database.value("SELECT substr(time, -6) FROM (SELECT time FROM orders WHERE time GLOB '*[-+][0-9][0-9]:[0-9][0-9]' ORDER BY rowid DESC LIMIT 10000)"
                          " GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
    return None if zone in ("+00:00", "-00:00") else zone


def run(database, options):
    mapping = mapping_of(options.map)
    if options.lang == "zh":
        mapping.setdefault("lang", "zh")
    text = json.dumps(mapping, ensure_ascii=False) if mapping else None
    good = True
    for i, (path, name) in enumerate(zip(options.files, names_of(options.files))):
        if i:
            print()
        good = import_file(database, path, name, options, text) and good
    if good and not options.check:
        zone = zone_of(database)
        more = (" --tz %s" % zone if zone else "") + (" --lang zh" if options.lang == "zh" else "")
        print()
        if zone:
            print(WORDS[options.lang]["zone"].format(zone))
        print("%s  siyu kpi -d %s%s      siyu report %s -o report.html%s" % (WORDS[options.lang]["next"], options.database, more, options.database, more))
    return 0 if good else 1

