"""What siyu.spark costs, beside the same figures in Spark SQL: one core, generated orders.

    PYTHONPATH=ext/package/python python test/bench/spark_cost.py [ORDERS ...]

Needs pyspark and pyarrow.  Prints where one task's time goes, then a row for each number of orders and
call: processor seconds of Spark and its Python workers (Linux: of /proc), which another load does not
change much, seconds, rows per processor second, and the most memory that a Python worker has had.
Orders are made in the tasks: nothing is written.
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


SPENT = {}                               # processor seconds of each process that was seen, also of those that ended


def processes():
    """Looks at this process's descendants: the most memory in MB that one of Python has had."""
    found, tick, peak = {}, os.sysconf("SC_CLK_TCK"), 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % pid) as stat, open("/proc/%s/status" % pid) as status:
                name, rest = stat.read().split("(", 1)[1].rsplit(")", 1)
                high = [int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM")]
        except OSError:
            continue
        rest = rest.split()
        found[int(pid)] = (int(rest[1]), name, sum(map(int, rest[11:13])) / tick, (high or [0])[0])
    own = {os.getpid()}
    while True:
        more = {p for p, about in found.items() if about[0] in own} - own
        if not more:
            break
        own |= more
    for pid in own - {os.getpid()}:
        SPENT[pid] = max(found[pid][2], SPENT.get(pid, 0))
        peak = max(peak, found[pid][3] if "python" in found[pid][1] else 0)
    return peak


def cost(call):
    """Its result, processor seconds, seconds, and the peak of a worker so far."""
    processes()
    begin, spent = time.time(), sum(SPENT.values())
    result = call()
    took, peak = time.time() - begin, processes()
    return result, sum(SPENT.values()) - spent, took, peak


def seconds(call):
    begin = time.process_time()
    result = call()
    return time.process_time() - begin, result


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
    print("%11s %-24s %8s %8s %12s %10s" % ("orders", "", "cpu s", "s", "rows/cpu s", "worker MB"))
    for n in [1000] + ([int(a) for a in sys.argv[1:]] or [1000000]):
        orders = spark.range(0, n, 1, max(1, n // 125000)).selectExpr(
            "(id * 7919) % {0} AS customer".format(n // 10), "timestamp_seconds(1672531200 + (id * 48271) % 63072000) AS time",
            "id % 900 + 100 AS amount")
        orders.createOrReplaceTempView("orders")
        kinds, answers = {"gmv": "bigint", "arpu": "double", "rate": "double"}, []
        for name, call in (
            ("three figures: siyu", lambda: siyu.spark.aggregate(orders, FIGURES, returns=kinds).collect()),
            ("three figures: Spark SQL", lambda: spark.sql(SQL).collect()),
            ("cohorts: siyu", lambda: siyu.spark.table(orders, "cohort_window", customer="customer", time="time", amount="amount").collect()),
            ("cohorts: Spark SQL", lambda: spark.sql(COHORTS).collect()),
        ):
            answer, spent, took, peak = cost(call)
            answers.append(answer)
            if n > 1000:                 # the first ones start the workers
                print("%11d %-24s %8.1f %8.1f %12d %10d" % (n, name, spent, took, n / spent, peak), flush=True)
        ours, theirs = tuple(answers[0][0]), tuple(map(float, answers[1][0]))
        assert ours[0] == theirs[0] and abs(ours[1] / theirs[1] - 1) < 1e-12 and abs(ours[2] - theirs[2]) < 1e-12, (ours, theirs)
        ours = {(str(r["cohort"]), r["period"]): (r["customers"], r["revenue"]) for r in answers[2] if r["customers"]}
        theirs = {(str(r[0]), r[1]): (r[3], r[4]) for r in answers[3]}
        assert ours == theirs, (len(ours), len(theirs))
    spark.stop()


main()
