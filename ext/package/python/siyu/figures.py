"""siyu kpi: the figures of siyu_kpi for a terminal, or as JSON, CSV, Markdown."""

import csv
import json
import sys

from .database import Failure, quoted
from .terminal import change, figure, table

WORDS = {
    "en": {"figure": "figure", "value": "value", "of": "of", "change": "vs before", "year": "vs year ago", "partial": "* the period is not over",
           "nobody": "{:,} orders have no customer: money counts them, figures of customers do not",
           "none": "{} figures have no data yet", "need": "; they need: {}"},
    "zh": {"figure": "指标", "value": "数值", "of": "分子 / 分母", "change": "环比", "year": "同比", "partial": "* 本期未结束",
           "nobody": "{:,} 笔订单没有客户：金额计入，客户类指标不计入",
           "none": "{} 项指标缺数据", "need": "，需要：{}"},
}
COLUMNS = ("practice", "section", "figure", "title_zh", "title_en", "unit", "value", "numerator", "denominator", "previous",
           "change", "year_ago", "change_year", "complete", "formula", "needs", "status")


def rows_of(database, options):
    """The rows of siyu_kpi with what was asked for."""
    where, values = [], []
    for name in ("as_of", "since", "tz", "lang"):
        given = getattr(options, name, None)
        if given:
            where.append(name + " = ?")
            values.append(given)
    sql = "SELECT %s FROM siyu_kpi%s" % (", ".join(COLUMNS), " WHERE " + " AND ".join(where) if where else "")
    return database.records(sql, values)


def currency_of(database):
    if not database.value("SELECT count(*) FROM pragma_table_info('settings') WHERE name = 'currency'"):
        return None
    return database.value("SELECT max(currency) FROM settings")


def is_empty(database, name):
    """A table that has rows is not what lacks."""
    try:
        return not database.value("SELECT EXISTS (SELECT 1 FROM %s)" % quoted(name))
    except Failure:
        return True


def without_customer(database):
    """Orders of nobody: money counts them, figures of customers cannot."""
    if not database.value("SELECT count(*) FROM pragma_table_info('orders') WHERE name IN ('customer', 'amount')"):
        return 0
    return database.value("SELECT count(*) FROM orders WHERE coalesce(trim(customer), '') = '' AND coalesce(amount + 0, 0) >= 0")


def show(database, options, out=None):
    out = out or sys.stdout
    rows = rows_of(database, options)
    if options.format == "json":
        json.dump(rows, out, ensure_ascii=False, indent=1)
        out.write("\n")
        return 0
    if options.format == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([[row[c] for c in COLUMNS] for row in rows])
        return 0
    lang = "zh" if (options.lang or "").lower().startswith("zh") else "en"
    words, currency = WORDS[lang], currency_of(database)
    known = rows if options.all else [row for row in rows if row["status"] != "no_data"]
    head = [words["figure"], words["value"], words["change"], words["year"], words["of"]]
    cells, practice = [], None
    for row in known:
        if row["practice"] != practice:
            practice = row["practice"]
            cells.append(["■ " + practice, "", "", "", ""])
        unit = row["unit"]
        parts = ""
        if row["denominator"] is not None:
            parts = "{:,.10g} / {:,.10g}".format(row["numerator"], row["denominator"]) if row["numerator"] is not None else ""
        mark = " *" if row["status"] == "partial" else ""
        cells.append(["  " + row["title_" + lang] + mark, figure(row["value"], unit, currency, lang), change(row, "change", "previous"),
                      change(row, "change_year", "year_ago"), parts])
    if options.format == "markdown":
        out.write("| %s |\n|---|---:|---:|---:|---:|\n" % " | ".join(head))
        for row in cells:
            out.write("| %s |\n" % " | ".join(("**%s**" % c[2:] if c.startswith("■ ") else c.strip().replace("|", "\\|")) for c in row))
    else:
        out.write(table(head, cells, right={1, 2, 3, 4}) + "\n")
    if any(row["status"] == "partial" for row in known):
        out.write(words["partial"] + "\n")
    nobody = without_customer(database)
    if nobody:
        out.write(words["nobody"].format(nobody) + "\n")
    lacking = [row for row in rows if row["status"] == "no_data"]
    if lacking and not options.all:
        needs = [need for need in sorted({need.strip() for row in lacking for need in (row["needs"] or "").split(",") if need.strip()}) if is_empty(database, need)]
        out.write("\n" + words["none"].format(len(lacking)) + (words["need"].format(", ".join(needs)) if needs else "") + "\n")
    return 0
