"""What siyu.spark costs, beside the same figures in Spark SQL: one core, generated orders.

    PYTHONPATH=ext/package/python python test/bench/spark_cost.py [ORDERS ...]

Needs pyspark and pyarrow; prints a row for each number of orders, and where one task's time goes.
"""

import os
import resource
import sys
import time

os.environ["PYSPARK_PYTHON"] = sys.executable
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")

import pyarrow as pa  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

import siyu.spark  # noqa: E402

FIGURES = ["gmv(amount)", "arpu(customer, amount)", "repurchase_rate(customer) AS rate"]
SQL = """SELECT sum(amount), sum(amount) / count(*), avg(if(n > 1, 1.0, 0.0))
  FROM (SELECT customer, sum(amount) AS amount, count(*) AS n FROM orders WHERE customer IS NOT NULL GROUP BY customer)"""
COHORTS = """WITH o AS (SELECT customer, trunc(time, 'month') AS m, amount FROM orders),
  f AS (SELECT customer, min(m) AS cohort FROM o GROUP BY customer),
  s AS (SELECT cohort, count(*) AS size FROM f GROUP BY cohort)
SELECT cohort, int(months_between(m, cohort)) AS period, first(size), count(DISTINCT customer), sum(amount)
  FROM o JOIN f USING (customer) JOIN s USING (cohort) GROUP BY 1, 2"""


def seconds(call):
    begin = time.time()
    result = call()
    return time.time() - begin, result


def phases(rows):
    """One task's work without Spark: Arrow to Python, into SQLite, states."""
    connection = siyu.spark._open_with(siyu.loadable_path())
    batch = pa.RecordBatch.from_arrays(
        [pa.array([i * 7919 % 100000 for i in range(rows)]), pa.array([1672531200 + i * 61 for i in range(rows)]), pa.array([i % 900 for i in range(rows)])],
        names=["customer", "time", "amount"],
    )
    siyu.spark._view(connection, "part", batch.schema.names)
    t = [seconds(lambda: [siyu.spark._insert(connection, "part", batch.slice(at, 10000), batch.schema.names) for at in range(0, rows, 10000)])[0]]
    for sql in ("SELECT gmv_state(amount), arpu_state(customer, amount), repurchase_rate_state(customer) FROM part",
                "SELECT cohort_window_state(customer, time, amount) FROM part"):
        took, row = seconds(lambda: connection.execute(sql).fetchone())
        t.append(took)
    connection.execute("CREATE TABLE state AS SELECT ? AS state", (row[0],))
    t.append(seconds(lambda: connection.execute("SELECT * FROM cohort_window_merge('state')").fetchall())[0])
    names = ("Arrow into SQLite", "states of three figures", "state of cohort_window", "its merging")
    for name, took in zip(names, t):
        print("%-26s %6.2f s  %10d rows/s" % (name, took, rows / took))
    print("state of cohort_window: %.1f bytes per row; this process at its peak %d MB" % (
        len(row[0]) / rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


def main():
    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "4").config("spark.sql.session.timeZone", "UTC").config("spark.driver.memory", "2g")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    phases(1000000)
    print("%10s %26s %26s %26s %26s" % ("orders", "three figures: siyu", "Spark SQL", "cohort_window: siyu", "Spark SQL"))
    for n in [int(a) for a in sys.argv[1:]] or [1000000]:
        orders = spark.range(0, n, 1, 8).selectExpr(
            "(id * 7919) % {0} AS customer".format(n // 10), "timestamp_seconds(1672531200 + (id * 48271) % 63072000) AS time",
            "id % 900 + 100 AS amount")
        orders.createOrReplaceTempView("orders")
        row = []
        kinds = {"gmv": "bigint", "arpu": "double", "rate": "double"}
        for call in (
            lambda: siyu.spark.aggregate(orders, FIGURES, returns=kinds).collect(),
            lambda: spark.sql(SQL).collect(),
            lambda: siyu.spark.table(orders, "cohort_window", customer="customer", time="time", amount="amount").collect(),
            lambda: spark.sql(COHORTS).collect(),
        ):
            took, rows = seconds(call)
            row += [took, n / took, rows]
        assert tuple(row[2][0])[0] == tuple(row[5][0])[0] and abs(row[2][0][1] / row[5][0][1] - 1) < 1e-12, (row[2], row[5])
        ours = {(str(r["cohort"]), r["period"]): (r["customers"], r["revenue"]) for r in row[8] if r["customers"]}
        theirs = {(str(r[0]), r[1]): (r[3], r[4]) for r in row[11]}
        assert ours == theirs, (len(ours), len(theirs))
        print("%10d" % n + "".join(" %8.1f s %9d rows/s" % (row[i], row[i + 1]) for i in (0, 3, 6, 9)), flush=True)
    spark.stop()


main()
