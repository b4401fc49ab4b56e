"""siyu.spark against one machine's SQLite, value for value: see test/spark.sh.

    spark_check.py [-m MASTER] [-k WORD] [-n ORDERS]
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

PARTS = (1, 2, 7, 64)
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


def check_aggregates(spark, name, rows, connection):
    df = spark.createDataFrame(rows, SCHEMA)
    for parts in PARTS:
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


def check_edges(spark):
    df = spark.createDataFrame(list(made_up(300, 20)), SCHEMA)
    one = one_machine(list(made_up(300, 20)))
    none = one.execute("SELECT gmv(amount), arpu(customer, amount) FROM orders WHERE 0").fetchall()
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


KINDS = {"gmv": "bigint", "gross": "bigint", "arpu": "double", "arppu": "double", "aov": "double",
         "effective_customers": "bigint", "rate": "double", "cycle": "double", "top": "double", "gini": "double"}


def siyu_version():
    return siyu.connect().execute("SELECT siyu_version()").fetchone()[0]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("-m", default="local-cluster[2,1,1024]")
    options.add_argument("-k", default="")
    options.add_argument("-n", type=int, default=20000)
    o = options.parse_args()
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
    sets = {"orders": lambda: list(made_up(o.n, o.n // 15))}
    if os.path.exists(RETAIL):
        sets["online retail"] = lambda: list(retail())
    for name, make in sets.items():
        if o.k in name:
            rows = make()
            check_aggregates(spark, name, rows, one_machine(rows))
    if o.k in "edges":
        check_edges(spark)
    if o.k in "killed" and not o.m.startswith("local["):
        check_killed(spark)
    spark.stop()
    print("%d passed, %d failed, %d skipped" % (passed, failed, "online retail" not in sets))
    sys.exit(failed > 0)


main()
