"""What siyu.spark costs, beside the same figures in Spark SQL: one core, generated orders.

    PYTHONPATH=ext/package/python python test/bench/spark_cost.py [-m MASTER] [-r ROWS] [-o | -w] [ORDERS ...]

Needs pyspark and pyarrow.  Prints where one task's time goes, then a row for each number of orders and
call: processor seconds of Spark and its Python workers (Linux: of /proc), which another load does not
change much, of them the workers', seconds, rows per processor second, and the most memory that a Python
worker has had; beside it one process of SQLite alone.  Orders are made where they are read, in
tasks of ROWS (1,000,000): nothing is written.  -o leaves Spark SQL out, -w Spark itself: what its
tasks would do for cohorts, one after the other.
"""

import argparse
import os
import resource
import sys
import threading
import time

os.environ["PYSPARK_PYTHON"] = sys.executable
os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")

import pyarrow as pa  # noqa: E402
from pyspark.sql import SparkSession  # noqa: E402

import siyu.spark  # noqa: E402

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))
import spark_tasks  # noqa: E402

FIGURES = ["gmv(amount)", "arpu(customer, amount)", "repurchase_rate(customer) AS rate"]
SQL = """SELECT sum(amount), sum(amount) / count(*), avg(if(n > 1, 1.0, 0.0))
  FROM (SELECT customer, sum(amount) AS amount, count(*) AS n FROM orders WHERE customer IS NOT NULL GROUP BY customer)"""
COHORTS = """WITH o AS (SELECT customer, trunc(time, 'month') AS m, amount FROM orders),
  f AS (SELECT customer, min(m) AS cohort FROM o GROUP BY customer),
  s AS (SELECT cohort, count(*) AS size FROM f GROUP BY cohort)
SELECT cohort, int(months_between(m, cohort)) AS period, first(size), count(DISTINCT customer), sum(amount)
  FROM o JOIN f USING (customer) JOIN s USING (cohort) GROUP BY 1, 2"""


SPENT = {}                               # processor seconds of each process that was seen, also of those that ended: Spark's, Python's


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
        worker = "python" in found[pid][1]
        SPENT[worker, pid] = max(found[pid][2], SPENT.get((worker, pid), 0))
        peak = max(peak, found[pid][3] if worker else 0)
    return peak


def spent():
    return sum(SPENT.values()), sum(took for (worker, _), took in SPENT.items() if worker)


def cost(call):
    """Its result, processor seconds, those of workers, seconds, and the peak of a worker that lived."""
    peak, done = [processes()], threading.Event()
    begin, before = time.time(), spent()

    def watch():                         # workers that have nothing to do are ended
        while not done.wait(1):
            peak.append(processes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        result = call()
    finally:
        done.set()
        watcher.join()
    took = time.time() - begin
    peak.append(processes())
    return result, spent()[0] - before[0], spent()[1] - before[1], took, max(peak)


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

    def put(batches):
        for part in batches:
            siyu.spark._insert(connection, "part", part, batch.schema.names)

    batches = [batch.slice(at, 10000) for at in range(0, rows, 10000)]
    t = [seconds(lambda: put(batches))[0]]
    connection.execute("DELETE FROM packed_part")
    t.append(seconds(lambda: put(siyu.spark._in_runs(batches, ["customer"])))[0])
    for sql in ("SELECT gmv_state(amount), arpu_state(customer, amount), repurchase_rate_state(customer) FROM part",
                "SELECT cohort_window_state(customer, time, amount) FROM part"):
        took, row = seconds(lambda: connection.execute(sql).fetchone())
        t.append(took)
    connection.execute("CREATE TABLE state AS SELECT ? AS state", (row[0],))
    t.append(seconds(lambda: connection.execute("SELECT * FROM cohort_window_merge('state')").fetchall())[0])
    names = ("Arrow into SQLite", "the same in runs", "states of three figures", "state of cohort_window", "its merging")
    for name, took in zip(names, t):
        print("%-26s %6.2f s  %10d rows/s" % (name, took, rows / took))
    print("state of cohort_window: %.1f bytes per row; this process at its peak %d MB" % (
        len(row[0]) / rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))


ORDERS = "(id * 7919) %% %d AS customer, %s(1672531200 + (id * 48271) %% 63072000) AS time, id %% 900 + 100 AS amount"


def one_process(n):
    """The same of one process, with its processor seconds."""
    connection = siyu.connect("")
    connection.execute("CREATE TEMP VIEW orders AS WITH RECURSIVE i(id) AS (SELECT 0 UNION ALL SELECT id + 1 FROM i WHERE id < %d) SELECT %s FROM i"
                       % (n - 1, ORDERS % (n // 10, "")))
    return [seconds(lambda: connection.execute(sql).fetchall()) for sql in (
        "SELECT %s FROM orders" % ", ".join(FIGURES), "SELECT * FROM cohort_window('orders', 'customer', 'time', 'amount')")]


def without_spark(n, step):
    """Processor seconds of the states of all parts and of their merging, the answer compared with one process's."""
    import numpy
    import pyspark

    pyspark.TaskContext = spark_tasks.Task
    inputs = siyu.spark._Inputs(siyu.connect(), "cohort_window", dict(customer="customer", time="time", amount="amount"))
    kinds = ["string" if name in ("segment", "cohort") else "double" for name, _ in inputs.outputs]
    plan = siyu.spark._TablePlan(spark_tasks.library(), inputs, ["in customer", "in time", "in amount"], kinds)

    def orders(first):
        for at in range(first, min(first + step, n), 10000):
            i = numpy.arange(at, min(at + 10000, n), dtype=numpy.int64)
            yield pa.RecordBatch.from_arrays(list(map(pa.array, (i * 7919 % (n // 10), 1672531200 + i * 48271 % 63072000, i % 900 + 100))), names=plan.columns)

    made = []

    def states():
        for spark_tasks.Task.part, first in enumerate(range(0, n, step)):
            made.extend(plan.states(orders(first)))

    making, _ = seconds(lambda: [0 for first in range(0, n, step) for _ in orders(first)])
    spent, _ = seconds(states)
    merging, rows = seconds(lambda: [tuple(row.values()) for batch in plan.merged(iter(made)) for row in batch.to_pylist()])
    print("%d orders in parts of %d: states %.1f s, %.1f bytes per order; merging %.1f s" % (
        n, step, spent - making, sum(batch.nbytes for batch in made) / n, merging), flush=True)
    same(*[sorted(map(tuple, r), key=lambda row: (row[1], row[2])) for r in (rows, one_process(n)[1][1])])


def main():
    options = argparse.ArgumentParser()
    options.add_argument("-m", default="local[1]")
    options.add_argument("-o", action="store_true", help="without Spark SQL")
    options.add_argument("-w", action="store_true", help="without Spark: what tasks do")
    options.add_argument("-r", type=int, default=1000000, help="rows of a task")
    options.add_argument("orders", type=int, nargs="*", default=[1000000])
    o = options.parse_args()
    if o.w:
        for n in o.orders:
            without_spark(n, o.r)
        return
    spark = (
        SparkSession.builder.master(o.m)
        .config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
        .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "4").config("spark.sql.session.timeZone", "UTC").config("spark.driver.memory", "2g")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    phases(1000000)
    print("%11s %-26s %8s %8s %8s %12s %10s" % ("orders", "", "cpu s", "Python's", "s", "rows/cpu s", "worker MB"))
    for n in [1000] + o.orders:
        orders = spark.range(0, n, 1, max(1, n // o.r)).selectExpr(*(ORDERS % (n // 10, "timestamp_seconds")).split(", "))
        orders.createOrReplaceTempView("orders")
        kinds, answers = {"gmv": "bigint", "arpu": "double", "rate": "double"}, {}
        for name, call in (
            ("three figures: siyu", lambda: siyu.spark.aggregate(orders, FIGURES, returns=kinds).collect()),
            ("three figures: Spark SQL", lambda: spark.sql(SQL).collect()),
            ("cohorts: siyu", lambda: siyu.spark.table(orders, "cohort_window", customer="customer", time="time", amount="amount").collect()),
            ("cohorts: Spark SQL", lambda: spark.sql(COHORTS).collect()),
        ):
            if o.o and "SQL" in name:
                continue
            answers[name], total, workers, took, peak = cost(call)
            if n > 1000:                 # the first ones start the workers
                print("%11d %-26s %8.1f %8.1f %8.1f %12d %10d" % (n, name, total, workers, took, n / total, peak), flush=True)
        compare(n, answers)
    tasks = spark.range(0, 640, 1, 64).selectExpr("id AS customer", "id AS amount")
    for name, call in (("64 tasks of 10 rows", lambda: tasks.mapInArrow(_pass, "customer bigint, amount bigint").collect()),
                       ("the same, siyu", lambda: siyu.spark.aggregate(tasks, FIGURES[:2], returns={"gmv": "bigint", "arpu": "double"}).collect())):
        _, total, workers, took, _ = cost(call)
        print("%11s %-26s %8.1f %8.1f %8.1f" % ("", name, total, workers, took), flush=True)
    spark.stop()


def _pass(batches):
    yield from batches


def same(some, others):
    assert len(some) == len(others), (len(some), len(others))
    for a, b in zip(some, others):
        assert all(x == y or abs(x - y) <= 1e-12 * abs(y) for x, y in zip(a, b)), (a, b)


def compare(n, answers):
    alone = one_process(n)
    ours = [tuple(r) for r in answers["three figures: siyu"]]
    same(ours, alone[0][1])
    same(*[sorted(map(tuple, rows), key=lambda r: (r[1], r[2])) for rows in (answers["cohorts: siyu"], alone[1][1])])
    for name, (took, _) in zip(("three figures: one process", "cohorts: one process"), alone):
        if n > 1000:
            print("%11d %-26s %8.1f %8s %8s %12d" % (n, name, took, "", "", n / took), flush=True)
    if "cohorts: Spark SQL" not in answers:
        return
    same(ours, [tuple(map(float, answers["three figures: Spark SQL"][0]))])
    ours = {(str(r["cohort"]), r["period"]): (r["customers"], r["revenue"]) for r in answers["cohorts: siyu"] if r["customers"]}
    theirs = {(str(r[0]), r[1]): (r[3], r[4]) for r in answers["cohorts: Spark SQL"]}
    assert ours == theirs, (len(ours), len(theirs))


main()
