"""siyu report: one HTML file that opens anywhere.  Every number is made by SQL over the views; this
runs the texts of sql/report, puts their JSON into the page, and computes nothing itself.

Nothing is written to the brand's database: views and what is kept of them are TEMP."""

import json
import os
import re
import threading
from collections import deque

from . import __version__, beside, resources
from .database import Database, Failure, quoted
from .terminal import Progress

# Views that others read again and again: each is computed once and kept.  Indexes: by which columns.  Texts
# kept_*.sql of sql/report keep the same rows in another way.
KEPT = {"observed": None, "spans": "span", "customer_rows": "customer",
        "contact_pairs": "customer", "customer_reach": None, "customer_stage": None,
        "customer_role": None, "figures_orders": None, "figures_buyers": None, "figures_customers": None,
        "figures_contacts": None, "figures_costs": None, "figures_messages": None, "figures_service": None, "figures_events": None,
        "figures_coupons": None, "figures": None, "kpi_period": None, "referral_rows": "customer",
        "staff_heads": None, "kpi_bridge": None, "kpi_triangle": None, "campaign_people": "campaign, customer",
        "kpi_ladder": None}

# Who reads the same rows in a smaller place that kept_order_rows.sql makes.
IN_SPANS, NOBODYS, PACKED = "order_span_rows", "order_nobody", "temp.order_ledger"
PLACES = {"figures_orders": IN_SPANS, "connected_buyers": IN_SPANS, "kpi_bridge": IN_SPANS, "kpi_staff": IN_SPANS, "kpi_store": IN_SPANS,
          "kpi_channel": NOBODYS, "kpi_period": NOBODYS, "order_flow": PACKED, "order_periods": PACKED}

# What a second process makes while the first one reads the orders: few rows, which it sends, and what it needs itself.
AHEAD = ("figures_contacts", "figures_customers", "order_ids", "figures_events", "figures_service", "figures_messages",
         "figures_coupons", "figures_costs", "staff_heads")
AHEAD_KEPT = ("trial_counts", "contact_pairs", "referral_rows")

# Then both make charts, the first process from the left, the second one from the right.  Those that read the same stand
# side by side, those that need the orders on the left; what is not named is in the middle.
LEFT = ("channels", "left_out", "cohorts", "ltv", "flow", "moves", "path", "live", "campaigns", "touch", "stores", "months", "bridge")
RIGHT = ("pareto", "segments", "rfm", "stages", "ladder", "referral", "staff", "figures", "sides", "triangle", "three_value", "diagnosis", "reach", "people", "audiences")

# What takes long, in tenths of a second on ten million orders; everything else takes next to nothing.
EFFORT = {"order_rows": 156, "trial_counts": 144, "channels": 50, "customer_reach": 26, "order_ids": 23, "figures_contacts": 23, "left_out": 19, "figures": 16,
          "report_people": 15, "figures_customers": 14, "live": 14, "campaigns": 13, "referral": 13, "audience_trial.bought": 12, "addressee": 11,
          "figures_orders": 11, "campaign_people": 10, "figures_buyers": 9, "stores": 9, "report_first": 8, "report_steps": 8, "contact_pairs": 7,
          "customer_role": 7, "customer_stage": 7, "buyer": 6, "moves": 6, "touch": 6, "staff": 6, "figures_events": 5, "kpi_period": 5, "pareto": 5,
          "reach": 5, "audiences": 4, "customer_rows": 4, "figures_service": 4, "kpi_channel.back": 4, "kpi_ladder": 4, "figures_messages": 3,
          "referral_rows": 3, "flow": 2, "kpi_bridge": 2, "rfm": 2, "segments": 2}


class Chart:
    """One text of sql/report: its head says what it is."""

    def __init__(self, name, text):
        self.name = re.sub(r"^\d+_|\.sql$", "", name)
        self.head, self.columns = {}, []
        lines = text.splitlines()
        while lines and lines[0].startswith("--"):
            key, _, value = lines.pop(0)[2:].strip().partition(":")
            value = value.strip()
            if key.startswith("column "):
                zh, en, kind = [part.strip() for part in value.split("|")]
                self.columns.append({"name": key[7:].strip(), "zh": zh, "en": en, "kind": kind})
            else:
                self.head[key] = value
        self.sql = "\n".join(lines).strip()

    def both(self, key):
        zh, _, en = self.head.get(key, "").partition("|")
        return {"zh": zh.strip(), "en": en.strip()}

    def listed(self, key):
        return [part.strip() for part in self.head.get(key, "").split(",") if part.strip()]


def texts():
    return [Chart(name, resources.text("report", name)) for name in resources.names("report", ".sql")]


def charts():
    """Those that are shown, and those that others read ("makes")."""
    return [chart for chart in texts() if "keeps" not in chart.head]


def in_turn():
    """Names of those that are shown, as LEFT and RIGHT have them."""
    names = [chart.name for chart in charts() if "makes" not in chart.head]
    place = {name: i - len(LEFT) for i, name in enumerate(LEFT)}
    place.update({name: i + 1 for i, name in enumerate(RIGHT)})
    return sorted(names, key=lambda name: place.get(name, 0))


def statements(script):
    """The statements of a text, one by one, and what stands behind them."""
    found, lines = [], []
    for line in script.splitlines():
        lines.append(line)
        if line.endswith(";"):
            found.append("\n".join(lines))
            lines = []
    return found, "\n".join(lines).strip("\n")


def columns_of(text):
    """Names of the columns of a CREATE TABLE of siyu_script: one a line."""
    body = text[text.index("(") + 1:]
    found = []
    for line in body.splitlines()[1:]:
        if not line.startswith("  "):
            break
        found.append(re.match(r"\s*(\w+)", line).group(1))
    return found


def after_as(text):
    """The SELECT of a CREATE VIEW, without its semicolon."""
    body = re.sub(r"^--.*\n", "", text, flags=re.M) if text.startswith("--") else text
    select = re.split(r"\bAS -- siyu[^\n]*\n|\bAS\b", body, maxsplit=1)[1]
    select = re.sub(r";[ \t]*(--[^\n]*)?\s*$", "", select)
    return select


class Brand:
    """The views over whatever tables are there, all of them TEMP."""

    def __init__(self, path, options):
        self.db = Database(path, must_exist=True)
        self.scripts = {row["name"]: row for row in self.db.records("SELECT name, kind, needs, title_zh, title_en, sql FROM siyu_script")}
        self.there = {row["name"].lower() for row in self.db.records("SELECT name FROM main.sqlite_master WHERE type IN ('table', 'view')")}
        self.kept = {text.head["keeps"]: text for text in texts() if "keeps" in text.head}
        self.pieces = {text.head["makes"]: text for text in charts() if "makes" in text.head}
        self.made = set()
        self.broken = {}
        self.schema = "temp"                            # where tables are that two processes read
        self.given = False                              # they are there
        self.beside = None
        self.db.run("PRAGMA analysis_limit = 1000")
        for schema, size in (("main", 65536), ("temp", 131072)):    # what is kept stays in memory up to here; what is sorted, up to main's
            self.db.run("PRAGMA %s.cache_size = -%d" % (schema, size))
        self.options = options
        self.lang = options.lang
        self.before = lambda name: None                 # called with the name of what is made next

    def make(self, name):
        """A text of siyu_script, or of sql/report under another name, after those that it needs."""
        script, text = self.scripts.get(name), self.kept.get(name) or self.pieces.get(name)
        if name in self.made or not (script or text):
            return
        self.made.add(name)
        for needs in (script["needs"] if script else None, text.head.get("needs") if text else None):
            for need in (needs or "").split(","):
                self.make(need.strip())
        if name in self.pieces:
            self.need(self.pieces[name].sql)
        self.before(name)
        try:
            rows = self.beside and self.beside.rows_of(name)
            if rows:
                self.take(name, *rows)
            elif script and script["kind"] == "table":
                self.table(name, script["sql"])
            elif script and script["kind"] in ("view", "audience"):
                self.view(name, script["sql"])
            elif text and not self.keep(name) and name in self.pieces:
                self.db.run("CREATE TEMP TABLE %s AS %s" % (name, self.pieces[name].sql))
        except Failure as error:
            if name == "observed":                      # as_of, since or tz: nothing can be said
                raise
            self.broken[name] = str(error)

    def need(self, sql):
        """Makes what a text names."""
        for name in re.findall(r"\w+", sql):
            self.make(name)

    def table(self, name, text):
        wanted = columns_of(text[text.index("CREATE TABLE"):])
        given = {}
        if name == "settings":
            given = {"as_of": self.options.as_of, "period_from": self.options.since, "tz": self.options.tz}
            given = {k: v for k, v in given.items() if v}
            if "period_from" in given:
                given["period_to"] = None
        if name.lower() not in self.there:
            there = []
        else:
            there = [row["name"].lower() for row in self.db.records("SELECT name FROM pragma_table_info(?)", (name,))]
        lacking = [c for c in wanted if c.lower() not in there]
        # kept_order_rows.sql and kpi_touch tell rows by their rowid: what has none is copied
        copied = bool(there) and name in ("orders", "messages") and not self.has_rowid(name)
        if not lacking and not given and not copied:
            return
        cells = ["o.rowid AS rowid"] if there and not copied and self.has_rowid(name) else []
        for column in wanted:
            old = "o." + quoted(column) if column.lower() in there else "NULL"
            if column in given:
                value = given[column]
                old = "NULL" if value is None else "'" + value.replace("'", "''") + "'"
            cells.append("%s AS %s" % (old, quoted(column)))
        if given:
            source = " FROM (SELECT %s FROM main.settings) AS o" % ", ".join("max(%s) AS %s" % (quoted(c), quoted(c)) for c in wanted if c.lower() in there) if there else ""
            self.db.run("CREATE TEMP TABLE settings AS SELECT %s%s" % (", ".join(cells), source))
        elif there:
            self.db.run("CREATE TEMP %s %s AS SELECT %s FROM main.%s AS o" % ("TABLE" if copied else "VIEW", quoted(name), ", ".join(cells), quoted(name)))
        else:
            self.db.script(re.sub(r"CREATE TABLE (IF NOT EXISTS )?", "CREATE TEMP TABLE ", text[text.index("CREATE TABLE"):], count=1))

    def take(self, name, columns, rows):
        """A table of rows that are there."""
        self.made.add(name)
        self.db.run("CREATE TEMP TABLE %s(%s)" % (name, ", ".join(quoted(column) for column in columns)))
        self.db.many("INSERT INTO temp.%s VALUES (%s)" % (name, ", ".join("?" * len(columns))), rows)
        self.db.run("ANALYZE temp." + name)

    def has_rowid(self, name):
        """Whether it is a table with rowids: not a view, not WITHOUT ROWID."""
        if not self.db.value("SELECT 1 FROM main.sqlite_master WHERE type = 'table' AND name = ? COLLATE NOCASE", (name,)):
            return False
        try:
            self.db.run("SELECT rowid FROM main.%s LIMIT 0" % quoted(name))
        except Failure:
            return False
        return True

    def keep(self, name):
        """What a text kept_*.sql makes; whether it made what is asked for."""
        if name in self.kept:
            text = self.kept[name]
            shared = text.listed("shared")
            for statement in statements(text.sql)[0]:
                if shared:
                    statement = statement.replace("temp.", self.schema + ".")
                if not (shared and self.given) or "CREATE TEMP VIEW" in statement:
                    self.db.run(statement)
            if self.schema != "temp":                   # no table of the brand's is taken for one of these
                for table in shared:
                    self.db.run("CREATE TEMP VIEW %s AS SELECT * FROM %s.%s" % (table, self.schema, table))
        return self.db.value("SELECT count(*) FROM temp.sqlite_master WHERE name = ?", (name,)) > 0

    def close(self):
        if self.beside:
            self.beside.stop()
        self.db.close()
        if self.beside:
            self.beside.forget()

    def packed(self):
        return PACKED.replace("temp", self.schema)

    def share(self, schema, broken=None):
        """Tables that two processes read are in a schema of their own; broken: they are there, but for these."""
        self.schema, self.given = schema, broken is not None
        self.broken.update(broken or {})
        self.made.update(broken or ())

    def view(self, name, text):
        if name in PLACES:
            text = re.sub(r"\border_rows\b", PLACES[name].replace("temp", self.schema), text)
        if name == "stage_moves":
            self.make("order_ids")
        if name == "stage_moves" and not self.db.value("SELECT repeated FROM order_ids"):
            # each order is one row: to tell orders by their ids changes nothing
            text = text.replace("source=order_rows", "source=" + self.packed()).replace(", order_col=order_id", "")
        virtual = re.search(r"CREATE VIRTUAL TABLE (IF NOT EXISTS )?\w+", text)
        if virtual:
            self.db.script(text.replace(virtual.group(0), "CREATE VIRTUAL TABLE temp." + name, 1))
            return
        if self.keep(name):
            return
        select = after_as(text)
        for part in self.kept:                          # "view.part": that part of the view's WITH clause
            if part.startswith(name + "."):
                self.make(part)
                body = statements(self.kept[part].sql)[1]
                select = re.sub(r"^  %s AS \(.*?\n(?=  \w+ AS \(|SELECT )" % part[len(name) + 1:], lambda found: body + "\n",
                                select, count=1, flags=re.M | re.S)
        if name == "kpi_period":                        # the page shows months, which days add up to
            for left_out in ("    ('week', '+7 days'),\n", "    ('quarter', '+3 months'),\n", ",\n    ('year', '+1 year')"):
                select = select.replace(left_out, "")
        if name.startswith("audience_"):                # who reads them orders them
            select = re.sub(r"\nORDER BY [^\n]*$", "", select)
        if name in KEPT:
            self.db.run("CREATE TEMP TABLE %s AS %s" % (name, select))
            if KEPT[name]:
                self.db.run("CREATE INDEX temp.kept_%s ON %s(%s)" % (name, name, KEPT[name]))
            # without it SQLite takes a table of 20 rows and one of a million for the same
            self.db.run("ANALYZE temp." + name)
        else:
            self.db.run("CREATE TEMP VIEW %s AS %s" % (name, select))

    def json_of(self, name, sql):
        """Names of the columns, and the rows as JSON text that SQLite makes.  The names are those of a view: to ask
        the statement itself for them, be it for no row, computes it."""
        self.db.run("CREATE TEMP VIEW %s AS %s" % (name, sql))
        names = [row["name"] for row in self.db.records("SELECT name FROM pragma_table_info(?)", (name,))]
        cells = ", ".join(quoted(column) for column in names)
        sql = sql.replace("'order_rows'", "'%s'" % self.packed())
        return names, self.db.value("SELECT json_group_array(json_array(%s)) FROM (%s)" % (cells, sql))

    def chart(self, chart):
        """Its rows as JSON text, and what is wrong with it."""
        for name in chart.listed("needs"):
            self.make(name)
        self.need(chart.sql)
        self.before(chart.name)
        try:
            given, rows = self.json_of("chart_" + chart.name, chart.sql)
            if given != [column["name"] for column in chart.columns]:
                raise Failure("columns are %s" % ", ".join(given))
            return {"rows": rows}
        except Failure as error:
            return {"error": str(error)}


def formula_of(script):
    found = re.search(r"^-- formula: (.*)$", script["sql"], flags=re.M)
    return found.group(1) if found else ""


def tables_of(brand, name, seen=None):
    """Tables that a view is made from, through other views."""
    seen = seen if seen is not None else set()
    script = brand.scripts.get(name)
    if script is None or name in seen:
        return ""
    seen.add(name)
    if script["kind"] == "table":
        return name
    found = [tables_of(brand, need.strip(), seen) for need in (script["needs"] or "").split(",")]
    return ", ".join(x for x in found if x)


def make_charts(brand):
    """What charts() shows, by name: made by two processes where that can be."""
    left, found, by_name = deque(in_turn()), {}, {chart.name: chart for chart in charts()}
    brand.make("observed")
    if beside.possible(brand.db):
        brand.beside = beside.Beside(brand, AHEAD, AHEAD_KEPT, left)
        if brand.beside.begun:
            brand.share(beside.SHARED)
        else:
            brand.beside = None
    brand.make("order_rows")
    if "order_rows" in brand.broken:
        raise Failure("%s has no orders that can be read: %s" % (brand.db.path, brand.broken["order_rows"]))
    brand.make("buyer")
    if brand.beside:
        brand.beside.release({name: brand.broken[name] for name in ("order_rows", "buyer") if name in brand.broken})
    while left or brand.beside and brand.beside.at_work():
        try:
            name = left.popleft()
        except IndexError:                              # the other one was quicker
            continue
        found[name] = brand.chart(by_name[name])
    if brand.beside:
        found.update(brand.beside.charts)
    brand.make("customer_rows")                         # how many there are
    return found


def gather(brand, progress):
    """All that the page shows, as one JSON text."""
    parts, sources, functions, counted = [], {}, {}, {}

    def step(name):
        """Progress by what a step costs, not by how many there are; it may be made twice."""
        text = by_name.get(name) or brand.pieces.get(name)
        script = brand.scripts.get(name.split(".")[0]) or brand.scripts["orders"]
        title = text and (text.both("title")[brand.lang] or text.both("says")[brand.lang]) or script["title_" + brand.lang]
        with turn:
            progress.at(sum(counted.values()), title)
            counted[name] = EFFORT.get(name, 0)

    turn = threading.Lock()                             # both processes tell
    by_name = {chart.name: chart for chart in charts()}
    brand.before = step
    made = make_charts(brand)
    for chart in charts():
        if "makes" in chart.head:
            zh_en = chart.both("says")
            sources[chart.head["makes"]] = {"zh": zh_en["zh"], "en": zh_en["en"], "formula": "", "sql": chart.sql}
            continue
        said = {"name": chart.name, "title": chart.both("title"), "says": chart.both("says"), "section": chart.head["section"],
                "chart": chart.head.get("chart", "table"), "columns": chart.columns, "sql": chart.sql,
                "reads": chart.listed("reads"), "functions": chart.listed("functions")}
        if "error" in made[chart.name]:
            said["error"] = made[chart.name]["error"]
        parts.append('%s, "rows": %s}' % (json.dumps(said, ensure_ascii=False)[:-1], made[chart.name].get("rows", "[]")))
        for name in chart.listed("reads"):
            if name in brand.scripts:
                script = brand.scripts[name]
                sources[name] = {"zh": script["title_zh"], "en": script["title_en"], "formula": formula_of(script), "needs": tables_of(brand, name),
                                 "sql": script["sql"]}
            for kept in brand.kept.values():
                if name in kept.listed("makes"):
                    said_by = kept.both("says")
                    sources[name] = {"zh": said_by["zh"], "en": said_by["en"], "formula": "", "sql": kept.sql}
        for name in chart.listed("functions"):
            found = brand.db.records("SELECT title_zh, title_en, formula, nulls, refunds FROM siyu_catalogue WHERE name = ?", (name,))
            if found:
                functions[name] = found[0]
    meta = brand.db.value(
        "SELECT json_object('as_of', as_of, 'from', period_from, 'to', period_to, 'until', substr(period_until, 1, 10), 'complete', complete, "
        "'previous_from', previous_from, 'previous_to', substr(previous_until, 1, 10), 'tz', tz, 'currency', currency, 'decimals', decimals, "
        "'customers', (SELECT count(*) FROM customer_rows), 'orders', (SELECT orders FROM order_counts)) FROM observed") or "{}"
    return '{"meta": %s, "version": %s, "charts": [%s], "sources": %s, "functions": %s}' % (
        meta, json.dumps(brand.db.value("SELECT siyu_version()")), ",\n".join(parts),
        json.dumps(sources, ensure_ascii=False), json.dumps(functions, ensure_ascii=False))


def echarts():
    found = resources.path("echarts", "echarts.min.js")
    if found is None:
        raise Failure("the charts are drawn by Apache ECharts, which is not here: in siyu's sources make echarts fetches it; "
                      "pip's siyu carries it")
    return resources.text("echarts", "echarts.min.js"), resources.text("echarts", "LICENSE"), resources.text("echarts", "NOTICE")


def page(data, title, lang):
    """The page with everything in it.  </ would end a script, <!-- would begin a comment of the page."""
    safe = data.replace("</", "<\\/").replace("<!--", "<\\u0021--").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    script, licence, notice = echarts()
    parts = {"LANG": "zh-CN" if lang == "zh" else "en", "TITLE": title.replace("&", "&amp;").replace("<", "&lt;"),
             "CSS": resources.text("web", "report.css"), "DATA": safe, "WORDS": resources.text("web", "words.js"),
             "JS": resources.text("web", "report.js"),
             "ECHARTS": script.replace("</script", "<\\/script"),
             "LICENCE": (licence.split("APPENDIX")[0] + "\n" + notice).replace("&", "&amp;").replace("<", "&lt;")}
    return re.sub(r"@@([A-Z]+)@@", lambda found: parts[found.group(1)], resources.text("web", "report.html"))


def run(options):
    out = options.output
    echarts()
    brand = Brand(options.database, options)
    progress = Progress(os.path.basename(options.database), sum(EFFORT.values()), asked=options.progress)
    try:
        data = gather(brand, progress)
    finally:
        progress.end()
        brand.close()
    name = options.title or os.path.splitext(os.path.basename(options.database))[0]
    text = page(data, name, options.lang)
    with open(out, "w", encoding="utf-8") as file:
        file.write(text)
    says = "%s：%.1f MB，任何浏览器都能打开，不需联网" if options.lang == "zh" else "%s: %.1f MB, opens in any browser, off line"
    print(says % (out, len(text.encode("utf-8")) / 1e6))
    return 0


__all__ = ["Brand", "charts", "gather", "page", "run", "__version__"]
