"""siyu.spark against one machine's SQLite, value for value: see test/spark.sh.

    spark_check.py [-m MASTER] [-k WORD] [-n ORDERS] [-p PARTS,...] [-w figures | tables | parts] [-l ORDERS [-a]]
"""

import argparse
import csv
import gzip
import math
import os
import random
import sys
import time

os.environ["PYSPARK_PYTHON"] = sys.executable
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")

from pyspark.sql import SparkSession  # noqa: E402

import siyu  # noqa: E402
import siyu.spark  # noqa: E402
import spark_tasks  # noqa: E402

RETAIL = os.path.join(os.path.dirname(__file__), "..", "..", "shared", "data", "online_retail.csv.gz")
SCHEMA = "channel string, customer bigint, order_id string, time string, amount bigint"
passed = failed = 0


def same(a, b):
    """INTEGER to the last digit, REAL to 1e-12, in rows of rows."""
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(same(x, y) for x, y in zip(a, b))
    if isinstance(a, float) and isinstance(b, float):
        return a == b or math.isclose(a, b, rel_tol=1e-12, abs_tol=0)
    return type(a) is type(b) and a == b


def check(name, got, want):
    global passed, failed
    got, want = [[tuple(r) for r in rows] if isinstance(rows, list) else rows for rows in (got, want)]
    if same(got, want):
        passed += 1
        print("ok  ", name, flush=True)
    else:
        failed += 1
        print("FAIL", name, "\n  got ", str(got)[:600], "\n  want", str(want)[:600], flush=True)


def refused(name, words, call):
    try:
        answer = call()
        answer = answer.collect() if hasattr(answer, "collect") else answer
        check(name, str(answer), "an error with: " + words)
    except Exception as error:
        check(name, words if words in str(error) else str(error)[-600:], words)


def made_up(n, customers, seed=7):
    """Orders with refunds, NULL keys, ties, and one customer who buys a tenth of everything."""
    r = random.Random(seed)
    for i in range(n):
        who = None if i % 31 == 0 else 1 if i % 10 == 0 else r.randrange(1, customers)
        day = r.randrange(0, 700)
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1672531200 + day * 86400 + r.randrange(24) * 3600))
        money = None if i % 37 == 0 else -r.randrange(1, 3000) if i % 23 == 0 else r.randrange(1, 90000)
        yield (r.choice(["app", "shop", "live", None]), who, "o%d" % (i // 2), stamp, money)


def retail():
    """Lines of the shop's orders: cancelled ones (C...) are refunds, a quarter has no customer."""
    with gzip.open(RETAIL, "rt", encoding="utf-8", errors="replace") as file:
        for line in csv.DictReader(file):
            low = {k.strip().lower().replace(" ", ""): v for k, v in line.items()}
            price = low.get("price") or low.get("unitprice")
            customer = low.get("customerid") or None
            date = low["invoicedate"]
            cents = round(float(price) * 100) * int(float(low["quantity"]))
            yield (
                low["country"], int(float(customer)) if customer else None, low["invoice"] if "invoice" in low else low["invoiceno"], date, cents,
            )


def one_machine(rows):
    connection = siyu.connect(":memory:")
    connection.execute("CREATE TABLE orders(%s)" % ", ".join(c.split()[0] for c in SCHEMA.split(", ")))
    connection.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", rows)
    return connection


FIGURES = [
    "gmv(amount)",
    "gmv(amount) FILTER (WHERE amount > 0) AS gross",
    "arpu(customer, amount)",
    "arppu(customer, amount)",
    "aov(order_id, amount)",
    "effective_customers(customer, amount)",
    "repurchase_rate(customer, time, '30 days', '2024-12-31') AS rate",
    "purchase_cycle_mean(customer, time, 0) AS cycle",
    "top_share(customer, amount, 0.2) AS top",
    "gini(customer, amount)",
]


def check_aggregates(spark, name, rows, connection, all_parts):
    df = spark.createDataFrame(rows, SCHEMA)
    for parts in all_parts:
        split = df.repartition(parts)
        check(
            "%s: figures in %d parts" % (name, parts),
            siyu.spark.aggregate(split, FIGURES).collect(),
            connection.execute("SELECT %s FROM orders" % ", ".join(FIGURES)).fetchall(),
        )
    check(
        name + ": by channel",
        sorted(siyu.spark.aggregate(df.repartition(7), FIGURES, by=["channel"]).collect(), key=lambda r: str(r[0])),
        sorted(
            connection.execute("SELECT channel, %s FROM orders GROUP BY 1" % ", ".join(FIGURES)).fetchall(),
            key=lambda r: str(r[0]),
        ),
    )


# name, inputs, the same for SQLite, as the same order of rows
TABLES = [
    ("cohort_window", dict(customer="customer", time="time", amount="amount"), "'customer', 'time', 'amount'"),
    (
        "cohort_window",
        dict(customer="customer", time="time", amount="amount", order="order_id", segment="channel", mode="rolling", grain="30 days"),
        "'customer', 'time', 'amount', '30 days', 'order_id', NULL, 'channel', NULL, NULL, NULL, 'rolling'",
    ),
    ("period_summary", dict(customer="customer", time="time", amount="amount", grain="quarter", segment="channel"),
     "'customer', 'time', 'amount', 'quarter', NULL, 'channel'"),
    ("lifecycle_flow", dict(customer="customer", time="time", amount="amount", tz="+08:00"), "'customer', 'time', 'amount', NULL, NULL, '+08:00'"),
    ("stage_transition", dict(customer="customer", time="time", from_as_of="2023-06-30", to_as_of="2024-06-30"),
     "'customer', 'time', '2023-06-30', '2024-06-30'"),
    ("customer_summary", dict(customer="customer", time="time", amount="amount"), "'customer', 'time', 'amount'"),
    ("customer_summary", dict(customer="customer", time="time", order="order_id", bins=10, as_of="2023-09-30"),
     "'customer', 'time', NULL, 'order_id', '2023-09-30', NULL, 10"),
    ("customer_summary", dict(customer="customer", time="time", amount="amount", r_limits="30,90", f_limits="2,5", m_limits="100,9000"),
     "'customer', 'time', 'amount', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '30,90', '2,5', '100,9000'"),
    ("customer_summary", dict(customer="customer", time="time", amount="amount", ties="ntile", bins=4, tz="+08:00"),
     "'customer', 'time', 'amount', NULL, NULL, '+08:00', 4, 'ntile'"),
    ("customer_summary", dict(customer="customer", time="time", amount="amount", score_by="mean"),
     "'customer', 'time', 'amount', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'mean'"),
    ("customer_summary", dict(customer="customer", time="time", amount="amount", unit="hour", as_of="2024-12-01 10:00", r_limits="100.5,400"),
     "'customer', 'time', 'amount', NULL, '2024-12-01 10:00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, '100.5,400', NULL, NULL, 'hour'"),
    ("customer_summary", dict(customer="customer", time="time", amount="amount", unit="hour", score_by="mean", m_limits="100,5000,90000"),
     "'customer', 'time', 'amount', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'mean', NULL, NULL, '100,5000,90000', 'hour'"),
]


def by_text(rows):
    return sorted(map(tuple, rows), key=lambda r: tuple((v is None, str(v)) for v in r[:3]))


def check_tables(spark, name, rows, connection, all_parts):
    df = spark.createDataFrame(rows, SCHEMA)
    for table, inputs, sql in TABLES:
        want = by_text(connection.execute("SELECT * FROM %s('orders', %s)" % (table, sql)).fetchall())
        for parts in all_parts:
            got = siyu.spark.table(df.repartition(parts), table, **inputs).collect()
            check("%s: %s(%s) in %d parts" % (name, table, ", ".join(sorted(inputs)), parts), by_text(got), want)
    steps = "SELECT *, amount > 0 AS bought, amount > 40000 AS much, amount < 0 AS back FROM orders"
    connection.execute("CREATE TEMP VIEW steps AS " + steps)
    df.createOrReplaceTempView("orders")
    flagged = spark.sql(steps)
    check(
        name + ": funnel",
        siyu.spark.table(flagged.repartition(7), "funnel", customer="customer", time="time", window="60 days", steps="bought, !back, much", segment="channel").collect(),
        connection.execute("SELECT * FROM funnel('steps', 'customer', 'time', '60 days', 'bought, !back, much', NULL, 'channel')").fetchall(),
    )
    connection.execute("CREATE TEMP VIEW touch AS SELECT customer, time, channel FROM orders WHERE amount < 30000")
    connection.execute("CREATE TEMP VIEW paid AS SELECT customer, time, amount FROM orders WHERE amount >= 30000")
    touch, paid = df.where("amount < 30000"), df.where("amount >= 30000").select("customer", "time", "amount")
    for model in ("linear", "markov"):
        check(
            "%s: attribution, %s" % (name, model),
            siyu.spark.table(touch.repartition(7), "attribution", conversions=paid.repartition(3), model=model, window="90 days").collect(),
            connection.execute("SELECT * FROM attribution('touch', 'paid', ?, '90 days')", (model,)).fetchall(),
        )
    check(
        name + ": btyd_fit of customer_summary",
        siyu.spark.aggregate(siyu.spark.table(df.repartition(7), "customer_summary", customer="customer", time="time").where("frequency IS NOT NULL"),
                             "btyd_fit('bgnbd', frequency, recency, age) AS fit", returns={"fit": "string"}).selectExpr("get_json_object(fit, '$.customers')").collect(),
        connection.execute("SELECT json_extract(btyd_fit('bgnbd', frequency, recency, age), '$.customers') || '' FROM customer_summary('orders', 'customer', 'time') WHERE frequency IS NOT NULL").fetchall(),
    )


def check_edges(spark):
    df = spark.createDataFrame(list(made_up(300, 20)), SCHEMA)
    one = one_machine(list(made_up(300, 20)))
    none = one.execute("SELECT gmv(amount), arpu(customer, amount) FROM orders WHERE 0").fetchall()
    was, siyu.spark.STATE, siyu.spark.RUN = (siyu.spark.STATE, siyu.spark.RUN), 40, 30
    for name in ("cohort_window", "period_summary", "lifecycle_flow"):
        check(name + ": some states in each part", by_text(siyu.spark.table(df.repartition(2), name, customer="customer", time="time", amount="amount").collect()),
              by_text(one.execute("SELECT * FROM %s('orders', 'customer', 'time', 'amount')" % name).fetchall()))
    siyu.spark.STATE, siyu.spark.RUN = was
    check("no rows", siyu.spark.aggregate(df.where("amount > 1e9"), ["gmv(amount)", "arpu(customer, amount)"]).collect(), none)
    check("no rows by channel", siyu.spark.aggregate(df.where("amount > 1e9"), "gmv(amount)", by="channel").collect(), [])
    check(
        "a column of times",
        siyu.spark.aggregate(
            df.selectExpr("customer", "to_timestamp(time) AS time"),
            "repurchase_rate(customer, time, '30 days', '2024-12-31')",
        ).collect(),
        one.execute("SELECT repurchase_rate(customer, time, '30 days', '2024-12-31') FROM orders").fetchall(),
    )
    check(
        "by a date",
        sorted(map(tuple, siyu.spark.aggregate(df.selectExpr("to_date(time) AS d", "amount"), "gmv(amount)", by="d").selectExpr("cast(d AS string)", "gmv").collect())),
        sorted(one.execute("SELECT date(time), gmv(amount) FROM orders GROUP BY 1").fetchall()),
    )
    refused("not a call", "is no call of an aggregate", lambda: siyu.spark.aggregate(df, "arpu"))
    refused("wrong arguments", "write arpu(customer, amount)", lambda: siyu.spark.aggregate(df, "arpu(customer)"))
    table = siyu.spark.table
    check("a table of no rows", table(df.where("amount > 1e9"), "cohort_window", customer="customer", time="time").collect(), [])
    check("customers of no rows", table(df.where("amount > 1e9"), "customer_summary", customer="customer", time="time").collect(), [])
    refused("no such table", "siyu has no table cohorts; its tables are", lambda: table(df, "cohorts"))
    refused("no such input", "cohort_window has no input buyer; it has customer, time", lambda: table(df, "cohort_window", buyer="x"))
    refused("no such column", "there is no column buyer", lambda: table(df, "cohort_window", customer="buyer", time="time"))
    refused("one machine", "identity_cluster runs on one machine: anybody may be linked", lambda: table(df, "identity_cluster"))
    refused("a missing input", "wrong number of arguments; write cohort_window_state(customer, time", lambda: table(df, "cohort_window", customer="customer"))
    refused("a zone with summer time", "ranks by the last time, which a zone with summer time", lambda: table(df, "customer_summary", customer="customer", time="time", ties="ntile", tz="Europe/Paris"))
    check_scores(spark)
    check_few_rows(spark)
    refused("no such group", "by names shop", lambda: siyu.spark.aggregate(df, "gmv(amount)", by="shop"))

    def other_version():
        own = siyu.spark._Library.__init__

        def pretend(self, *arguments):
            own(self, *arguments)
            self.version = "9.9.9"

        siyu.spark._Library.__init__ = pretend
        try:
            return siyu.spark.aggregate(df, "gmv(amount)").collect()
        finally:
            siyu.spark._Library.__init__ = own

    refused("another version", "the driver has siyu 9.9.9, a worker has " + siyu_version(), other_version)


def check_packing():
    """Every kind of column, cut anywhere, as SQLite sees it."""
    import datetime
    import decimal

    import pyarrow as pa

    day, instant = datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 23, 59, 59)
    some = [
        (pa.array([1, None, -3, 2**63 - 1, -(2**63)] * 5), None),
        (pa.array([1, None, 3, 4, 5] * 5, pa.int8()), None),
        (pa.array([1.5, None, -0.0, 1e300, 2.0] * 5), None),
        (pa.array([1.5, None, 0.25, 3.0, 2.0] * 5, pa.float32()), None),
        (pa.array(["ann", None, "", "王五", "x" * 300] * 5), None),
        (pa.array(["ann", None, "", "王五", "x" * 300] * 5, pa.large_string()), None),
        (pa.array([b"a", None, b"", b"\x00\xff", b"z"] * 5), None),
        (pa.array(["a", None, "b", "a", "c"] * 5).dictionary_encode(), None),
        (pa.array([True, None, False, True, False] * 5), lambda v: int(v)),
        (pa.array([decimal.Decimal(7), None, decimal.Decimal(-9), decimal.Decimal(10**15), decimal.Decimal(0)] * 5, pa.decimal128(38, 0)), lambda v: int(v)),
        (pa.array([decimal.Decimal("7.25"), None, decimal.Decimal("-9.5"), decimal.Decimal(0), decimal.Decimal(1)] * 5, pa.decimal128(10, 2)), lambda v: float(v)),
        (pa.array([day, None, day, day, day] * 5), lambda v: "2024-02-29"),
        (pa.array([instant, None, instant, instant, instant] * 5, pa.timestamp("us")), lambda v: "2024-02-29 23:59:59.000000"),
        (pa.array([instant, None, instant, instant, instant] * 5, pa.timestamp("us", "UTC")), lambda v: 1709251199),
        (pa.array([instant.replace(microsecond=500000), None, *[instant.replace(microsecond=7)] * 3] * 5, pa.timestamp("us", "UTC")),
         lambda v: v.strftime("%Y-%m-%d %H:%M:%S.%fZ")),
        (pa.array([1.5, float("nan"), None, float("nan"), 2.0] * 5), lambda v: None if v != v else v),
        (pa.array([None] * 25, pa.string()), None),
        (pa.nulls(25), None),
    ]
    names = ["c%d" % i for i in range(len(some))]
    whole = pa.RecordBatch.from_arrays([a for a, _ in some], names=names)
    for first, rows in ((0, 25), (0, 1), (1, 24), (7, 9), (8, 17), (13, 5), (24, 1), (3, 0)):
        connection = siyu.spark._open_with(siyu.loadable_path())
        siyu.spark._view(connection, "part", names)
        size, siyu.spark.BATCH = siyu.spark.BATCH, 1500 if rows > 20 else siyu.spark.BATCH
        siyu.spark._insert(connection, "part", whole.slice(first, rows), names)
        siyu.spark.BATCH = size
        want = zip(*[[v if v is None or f is None else f(v) for v in a.slice(first, rows).to_pylist()] for a, f in some])
        check("rows %d to %d of every kind" % (first, first + rows), connection.execute("SELECT * FROM part").fetchall(), list(want))
    connection = siyu.spark._open_with(siyu.loadable_path())
    siyu.spark._view(connection, "wide", ["x%d" % i for i in range(64)])
    wide = pa.RecordBatch.from_arrays([pa.array([i, None]) for i in range(64)], names=["x%d" % i for i in range(64)])
    siyu.spark._insert(connection, "wide", wide, wide.schema.names)
    check("64 columns", connection.execute("SELECT * FROM wide").fetchall(), [tuple(range(64)), (None,) * 64])
    refused("too many columns", "65 columns at once; siyu.spark brings 64", lambda: siyu.spark._view(connection, "part", ["x%d" % i for i in range(65)]))


def check_scores(spark):
    """Scores of few customers: ties, TEXT keys, more bins than customers, a customer with refunds alone, REAL money, a value that is the mean."""
    rows = [(None, "k%02d" % (i * 7 % 23), "o", "2024-%02d-%02d 1%d:00" % (i % 3 + 1, i % 5 + 1, i % 4), float(m))
            for i, m in enumerate([5, 5, 5, 5, 20, 20, 7.5, 0.1, 0.1, -3, 5, 12.25] * 3)] + [(None, "refund", "o", "2024-01-01", -4.0)]
    schema = SCHEMA.replace("customer bigint", "customer string").replace("amount bigint", "amount double")
    one, df = one_machine(rows), spark.createDataFrame(rows, schema).repartition(3)
    for extra, n in (("", len(rows)), (" of 3 rows", 3)):
        one.execute("CREATE TEMP VIEW few%d AS SELECT * FROM orders LIMIT %d" % (n, n))
        part = df if not extra else spark.createDataFrame(rows[:n], schema)
        for inputs in (dict(ties="ntile", bins=40), dict(ties="ntile"), dict(score_by="mean"), dict(score_by="mean", unit="hour"), dict(bins=3, f_limits="2"), dict(unit="hour")):
            want = one.execute("SELECT * FROM customer_summary WHERE source = 'few%d' AND customer_col = 'customer' AND time_col = 'time' AND amount_col = 'amount' AND %s" % (
                n, " AND ".join("%s = %r" % w for w in inputs.items())))
            got = siyu.spark.table(part, "customer_summary", customer="customer", time="time", amount="amount", **inputs)
            check("scores by %s%s" % (inputs, extra), by_text(got.collect()), by_text(want.fetchall()))


def check_few_rows(spark):
    """More parts than rows."""
    rows = list(made_up(20, 6))
    one, df = one_machine(rows), spark.createDataFrame(rows, SCHEMA).repartition(64)
    check("20 rows in 64 parts: figures", siyu.spark.aggregate(df, FIGURES, returns=dict(KINDS)).collect(), one.execute("SELECT %s FROM orders" % ", ".join(FIGURES)).fetchall())
    for name in ("cohort_window", "customer_summary"):
        check("20 rows in 64 parts: " + name, by_text(siyu.spark.table(df, name, customer="customer", time="time", amount="amount").collect()),
              by_text(one.execute("SELECT * FROM %s('orders', 'customer', 'time', 'amount')" % name).fetchall()))


def check_runs():
    """Batches put in the order of customers, some at once: the same rows, those of one customer as they stood."""
    import pyarrow as pa

    r = random.Random(11)
    kinds = {"whole": (pa.int64(), lambda: r.randrange(-40, 40)), "text": (pa.string(), lambda: "c%d" % r.randrange(40)),
             "broken": (pa.float64(), lambda: r.randrange(40) / 8), "bytes": (pa.binary(), lambda: b"%d" % r.randrange(40))}
    for kind, (arrow, value) in kinds.items():
        for size, limit in ((0, 100), (1, 100), (700, 1 << 20), (700, 100)):
            rows = [(None if i % 9 == 0 or kind == "text" and i % 5 == 0 else value(), value() if i % 5 == 0 else None, i) for i in range(size)]
            schema = pa.schema([("in customer", arrow), ("in conversion_customer", arrow), ("n", pa.int64())])
            batches = [pa.RecordBatch.from_arrays([pa.array(c, t) for c, t in zip(zip(*rows[at : at + 30]), schema.types)], schema=schema) for at in range(0, size, 30)]
            was, siyu.spark.RUN = siyu.spark.RUN, limit
            got = [[tuple(row.values()) for row in b.to_pylist()] for b in siyu.spark._in_runs(iter(batches), schema.names[:2])]
            siyu.spark.RUN = was

            def key(row):
                who = row[1] if row[0] is None else row[0]
                return who is None, who if who is not None else 0

            step = 120 if limit == 100 else 720          # the first multiple of a batch's 30 rows
            check("%d rows of %s customers in runs of %d" % (size, kind, limit), got, [sorted(rows[at : at + step], key=key) for at in range(0, size, step)])


def check_page():
    """Every line of Python on docs/scale-out.md runs."""
    import contextlib
    import io
    import re

    with open(os.path.join(os.path.dirname(__file__), "..", "docs", "scale-out.md"), encoding="utf-8") as file:
        blocks = re.findall(r"```python\n(.*?)```", file.read(), re.DOTALL)
    check("blocks of the page", len(blocks), 3)
    names, shown = {}, io.StringIO()
    with contextlib.redirect_stdout(shown):
        for block in blocks:
            exec(compile(block, "scale-out.md", "exec"), names)
    check("tables that it shows", shown.getvalue().count("only showing top 20 rows"), 2)
    whole = siyu.spark.table(names["orders"], "cohort_window", as_of="2024-12-31", customer="buyer", time="paid_at", amount="cents")
    sums = ["cohort", "period", *names["sums"]]
    check("four parts without a common customer", sorted(map(tuple, names["together"].select(*sums).collect())), sorted(map(tuple, whole.select(*sums).collect())))
    depth = [0]
    for member in range(1, 1000):
        depth.append(depth[member // 3] + 1)
    check("the tree that it prints", re.search(r"\[\(\d+, \d+\)\]", shown.getvalue()).group(), "[(%d, 999)]" % max(depth))


def check_killed(spark):
    """A worker that dies in the middle of its first try: the task is run again."""
    from pyspark import TaskContext

    folder = os.environ.get("TMPDIR", "/tmp")
    mark = os.path.join(folder, "killed-%d" % os.getpid())
    rows = list(made_up(4000, 300))
    one = one_machine(rows)

    def dies_once(batches):
        for batch in batches:
            yield batch
            if TaskContext.get().partitionId() == 1 and not os.path.exists(mark):
                open(mark, "w").close()
                os.kill(os.getpid(), 9)

    df = spark.createDataFrame(rows, SCHEMA).repartition(4)
    df = df.mapInArrow(dies_once, df.schema)
    check(
        "a worker killed in the middle",
        siyu.spark.aggregate(df, FIGURES, returns=dict(KINDS)).collect(),
        one.execute("SELECT %s FROM orders" % ", ".join(FIGURES)).fetchall(),
    )
    check("it was killed", os.path.exists(mark), True)


def check_lost_executor(spark):
    """An executor that dies with all its tasks and the states it holds: they are made again elsewhere."""
    from pyspark import TaskContext

    mark = os.path.join(os.environ.get("TMPDIR", "/tmp"), "lost-%d" % os.getpid())
    rows = list(made_up(4000, 300))
    one = one_machine(rows)

    def parent(pid):
        with open("/proc/%d/stat" % pid) as file:
            return int(file.read().rsplit(")", 1)[1].split()[1])

    def takes_all_down(batches):
        for batch in batches:
            yield batch
            if TaskContext.get().partitionId() == 2 and not os.path.exists(mark):
                open(mark, "w").close()
                os.kill(parent(os.getppid()), 9)          # of the daemon of workers: the executor

    df = spark.createDataFrame(rows, SCHEMA).repartition(6)
    df = df.mapInArrow(takes_all_down, df.schema)
    check(
        "an executor lost in the middle",
        siyu.spark.aggregate(df, FIGURES, returns=dict(KINDS)).collect(),
        one.execute("SELECT %s FROM orders" % ", ".join(FIGURES)).fetchall(),
    )
    check("it was lost", os.path.exists(mark), True)


# Orders by formula, so that Spark and SQLite make the same ones: every fifth is of one customer, refunds
# and orders without a customer among them.
LARGE = """SELECT {customer} AS customer, 1672531200 + (id * 48271) % 63072000 AS time,
  CASE WHEN id % 29 = 0 THEN -(id % 700) ELSE id % 900 + 100 END AS amount, id % 3 AS channel FROM """
LARGE_CUSTOMER = "CASE WHEN id % 31 = 0 THEN NULL WHEN id % 5 = 0 THEN 1 ELSE (id * 7919) % {0} END"


def processor_seconds():
    """Of this process's descendants that live, and of those of theirs that have ended."""
    found, own = {}, {os.getpid()}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % pid) as stat:
                rest = stat.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        found[int(pid)] = int(rest[1]), sum(map(int, rest[11:15])) / os.sysconf("SC_CLK_TCK")
    while True:
        more = {p for p, about in found.items() if about[0] in own} - own
        if not more:
            return sum(found[p][1] for p in own - {os.getpid()})
        own |= more


def check_large(spark, n, all_parts, every):
    formula = LARGE.format(customer=LARGE_CUSTOMER.format(n // 10))
    connection = siyu.connect("")
    connection.execute(
        "CREATE TABLE orders AS WITH RECURSIVE i(id) AS (SELECT 0 UNION ALL SELECT id + 1 FROM i WHERE id < %d) %s i" % (n - 1, formula))
    figures = ["gmv(amount)", "arpu(customer, amount)", "repurchase_rate(customer, time, '30 days', '2024-12-31') AS rate", "gini(customer, amount)"]
    kinds = {"gmv": "bigint", "arpu": "double", "rate": "double", "gini": "double"}
    whole = connection.execute("SELECT %s FROM orders" % ", ".join(figures)).fetchall()
    tables = {name: by_text(connection.execute("SELECT * FROM %s('orders', 'customer', 'time', 'amount')" % name).fetchall())
              for name in ("cohort_window", "period_summary", "lifecycle_flow")}
    sums = ["count(*)"] + ["sum(%s%s)" % (weight, figure) for weight in ("", "customer % 997 * ") for figure in ("orders", "revenue", "r", "f", "m", "recency", "age")]
    customers = connection.execute("SELECT %s FROM customer_summary('orders', 'customer', 'time', 'amount')" % ", ".join(sums)).fetchall()
    steps = "SELECT *, channel = 0 AS seen, amount > 0 AS bought, amount > 800 AS much FROM "
    if every:
        connection.execute("CREATE TEMP VIEW steps AS " + steps + "orders")
        funnel = connection.execute("SELECT * FROM funnel('steps', 'customer', 'time', '60 days', 'seen, bought, much')").fetchall()
        moves = connection.execute("SELECT * FROM stage_transition('orders', 'customer', 'time', '2023-09-30', '2024-06-30')").fetchall()
        connection.execute("CREATE TEMP VIEW touch AS SELECT customer, time, channel FROM orders WHERE amount < 700")
        connection.execute("CREATE TEMP VIEW paid AS SELECT customer, time, amount FROM orders WHERE amount >= 700")
        shares = connection.execute("SELECT * FROM attribution('touch', 'paid', 'linear', '30 days')").fetchall()
    for parts in all_parts:
        began, spent = time.time(), processor_seconds()
        spark.range(0, n, 1, parts).createOrReplaceTempView("ids")
        df = spark.sql(formula + "ids")
        check("%d orders: figures in %d parts" % (n, parts), siyu.spark.aggregate(df, figures, returns=kinds).collect(), whole)
        for name, want in tables.items():
            check("%d orders: %s in %d parts" % (n, name, parts), by_text(siyu.spark.table(df, name, customer="customer", time="time", amount="amount").collect()), want)
        got = siyu.spark.table(df, "customer_summary", customer="customer", time="time", amount="amount")
        check("%d orders: customer_summary in %d parts" % (n, parts), got.selectExpr(*sums).collect(), customers)
        if every:
            flagged = df.selectExpr("*", "channel = 0 AS seen", "amount > 0 AS bought", "amount > 800 AS much")
            check("%d orders: funnel in %d parts" % (n, parts),
                  siyu.spark.table(flagged, "funnel", customer="customer", time="time", window="60 days", steps="seen, bought, much").collect(), funnel)
            check("%d orders: stage_transition in %d parts" % (n, parts),
                  siyu.spark.table(df, "stage_transition", customer="customer", time="time", from_as_of="2023-09-30", to_as_of="2024-06-30").collect(), moves)
            touch, paid = df.where("amount < 700").select("customer", "time", "channel"), df.where("amount >= 700").select("customer", "time", "amount")
            check("%d orders: attribution in %d parts" % (n, parts),
                  siyu.spark.table(touch, "attribution", conversions=paid, model="linear", window="30 days").collect(), [(str(c), *r) for c, *r in shares])
        print("    %d parts: %.0f s, %.0f processor seconds" % (parts, time.time() - began, processor_seconds() - spent), flush=True)


def check_parts(name, rows, connection, all_parts):
    """What tasks do, called one after the other: no Spark."""
    import pyarrow as pa
    import pyspark

    class Columns:
        dtypes = [("in " + n, k) for n, k in (c.split() for c in SCHEMA.split(", "))]

    own, pyspark.TaskContext = pyspark.TaskContext, spark_tasks.Task
    place = spark_tasks.library()
    at = {c.split()[0]: (i, pa.int64() if c.endswith("bigint") else pa.string()) for i, c in enumerate(SCHEMA.split(", "))}

    def answer(plan, columns, parts):
        states = []
        for spark_tasks.Task.part in range(parts):
            mine = rows[spark_tasks.Task.part :: parts]
            states += plan.states(
                pa.RecordBatch.from_arrays([pa.array([r[at[c][0]] for r in mine[a : a + 10000]], at[c][1]) for c in columns], names=plan.columns)
                for a in range(0, len(mine), 10000))
        return [tuple(r.values()) for batch in plan.merged(iter(states)) for r in batch.to_pylist()]

    calls = [siyu.spark._Call(f) for f in FIGURES]
    columns = ["customer", "order_id", "time", "amount"]
    whole = connection.execute("SELECT %s FROM orders" % ", ".join(FIGURES)).fetchall()
    for parts in all_parts:
        plan = siyu.spark._Plan(place, calls, [], columns, [KINDS[c.alias] for c in calls])
        check("%s: figures of %d parts without Spark" % (name, parts), answer(plan, columns, parts), whole)
    for table, given, sql in TABLES:
        inputs = siyu.spark._Inputs(connection, table, given)
        if inputs.state is None:
            continue
        want = by_text(connection.execute("SELECT * FROM %s('orders', %s)" % (table, sql)).fetchall())
        for parts in all_parts:
            plan = siyu.spark._TablePlan(place, inputs, ["in " + k for k in inputs.columns], inputs.kinds(Columns, {}))
            got = answer(plan, list(inputs.columns.values()), parts)
            check("%s: %s(%s) of %d parts without Spark" % (name, table, ", ".join(sorted(given)), parts), by_text(got), want)
    pyspark.TaskContext = own


KINDS = {"gmv": "bigint", "gross": "bigint", "arpu": "double", "arppu": "double", "aov": "double",
         "effective_customers": "bigint", "rate": "double", "cycle": "double", "top": "double", "gini": "double"}


def siyu_version():
    return siyu.connect().execute("SELECT siyu_version()").fetchone()[0]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("-m", default="local-cluster[2,1,1024]")
    options.add_argument("-k", default="")
    options.add_argument("-n", type=int, default=20000)
    options.add_argument("-p", default="1,2,7,64")
    options.add_argument("-l", dest="large", type=int, default=0, help="orders by formula, one customer with a fifth of them")
    options.add_argument("-a", dest="every", action="store_true", help="with -l: every table that has states")
    options.add_argument("-w", dest="what", default="", choices=["", "figures", "tables", "parts"], help="parts: what tasks do, without Spark")
    o = options.parse_args()
    parts = [int(p) for p in o.p.split(",")]
    sets = {"orders": lambda: list(made_up(o.n, o.n // 15))}
    if os.path.exists(RETAIL):
        sets["online retail"] = lambda: list(retail())
    if o.what == "parts":
        for name, make in sets.items():
            if o.k in name:
                rows = make()
                check_parts(name, rows, one_machine(rows), parts)
        return said(sets)
    import pyspark

    os.environ.setdefault("SPARK_HOME", os.path.dirname(pyspark.__file__))
    spark = (
        SparkSession.builder.master(o.m)
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    for name, make in sets.items():
        if o.k in name:
            rows = make()
            one = one_machine(rows)
            if o.what in ("", "figures"):
                check_aggregates(spark, name, rows, one, parts)
            if o.what in ("", "tables"):
                check_tables(spark, name, rows, one, parts if o.what else parts[1:3] or parts)
    if o.k in "packing":
        check_packing()
        check_runs()
    if o.k in "page":
        check_page()
    if o.k in "edges":
        check_edges(spark)
    if o.k in "killed" and not o.m.startswith("local["):
        check_killed(spark)
    if o.k in "lost" and not o.m.startswith("local["):
        check_lost_executor(spark)
    if o.large:
        check_large(spark, o.large, parts, o.every)
    spark.stop()
    said(sets)


def said(sets):
    print("%d passed, %d failed, %d skipped" % (passed, failed, "online retail" not in sets))
    sys.exit(failed > 0)


main()
