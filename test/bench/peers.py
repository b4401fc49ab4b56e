"""make bench-peers: the questions of a ledger, of DuckDB and of ClickHouse (chdb), side by side.

Each engine generates the same orders by the same arithmetic, answers the same questions, and must give
the same answers before anything is timed.  siyu runs on one thread, the others on two; "best" is a table
sorted by customer and time with the cleverest SQL that we know, "usual" the rows as they come with the SQL
that one writes first.  One interleaved run: round by round each asks each question once; the median counts.

    ROWS=10000000 ROUNDS=5 THREADS=2; one customer per ten orders
"""
import os, shutil, sqlite3, statistics, sys, time
import duckdb
from chdb import session

ROWS = int(os.environ.get("ROWS") or 10_000_000)
ROUNDS = int(os.environ.get("ROUNDS") or 5)
THREADS = int(os.environ.get("THREADS") or 2)
ONLY = os.environ.get("ONLY") or ""
CUSTOMERS = ROWS // 10
FOLDER = os.environ.get("PEERS") or "build/peers"
END = 1672531200 + 63072000            # all orders are before it: 2024-12-31

# ---- the rows: test/bench/generate.sql says the same ---------------------------------------------

CUSTOMER = "1 + CASE WHEN n % 2 = 1 THEN {half} * 7919 % {c} ELSE {least}(n * 48271 % 2147483647 % {c}, n * 69621 % 2147483647 % {c}) END"
TIME = "1672531200 + {scaled}"
AMOUNT = "CASE WHEN n % 50 = 7 THEN -1 ELSE 1 END * (100 + n * 40692 % 2147483399 % 49900)"


def columns(divide, least):
    return (CUSTOMER.format(half=divide("n", 2), c=CUSTOMERS, least=least),
            TIME.format(scaled=divide("n * 63072000", ROWS)), AMOUNT)


def make_siyu():
    path = f"{FOLDER}/orders-{ROWS}.db"
    fresh = not os.path.exists(path)
    db = sqlite3.connect(path + (".part" if fresh else ""), isolation_level=None)
    db.enable_load_extension(True)
    db.load_extension("./siyu")
    if fresh:
        db.execute("PRAGMA journal_mode=OFF")
        db.execute("PRAGMA synchronous=OFF")
        db.execute("CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INTEGER, time INTEGER, amount INTEGER)")
        customer, when, amount = columns(lambda a, b: f"{a} / {b}", "min")
        db.execute(f"""WITH RECURSIVE counter(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM counter WHERE n + 1 < {ROWS})
            INSERT INTO orders SELECT n + 1, {customer}, {when}, {amount} FROM counter""")
        os.rename(path + ".part", path)
        db.close()
        return make_siyu()
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'ledger'").fetchone():
        db.execute("CREATE VIRTUAL TABLE ledger USING siyu_ledger(source=orders, customer_col=customer, time_col=time, amount_col=amount)")
        floor, seconds = cpu(db, "SELECT sum(amount), max(customer), max(time) FROM orders"), cpu(db, "INSERT INTO ledger(ledger) VALUES('sync')")
        size = db.execute("SELECT sum(length(body)) FROM ledger_chunk").fetchone()[0]
        print(f"ledger packed: {seconds / floor:.1f} x the floor scan ({seconds:.2f} s, {floor:.2f} s), {size / ROWS:.2f} bytes an order", flush=True)
    return db


def cpu(db, sql):
    begin = time.process_time()
    db.execute(sql).fetchall()
    return time.process_time() - begin


def make_duck():
    path = f"{FOLDER}/orders-{ROWS}.duckdb"
    fresh = not os.path.exists(path)
    if fresh and os.path.exists(path + ".part"):
        os.remove(path + ".part")
    db = duckdb.connect(path + (".part" if fresh else ""))
    db.execute(f"SET threads = {THREADS}")
    db.execute("SET TimeZone = 'UTC'")
    if fresh:
        customer, when, amount = columns(lambda a, b: f"({a}) // {b}", "least")
        db.execute(f"""CREATE TABLE usual AS SELECT CAST({customer} AS INTEGER) AS customer, CAST({when} AS BIGINT) AS time,
            CAST({amount} AS BIGINT) AS amount, make_timestamp((CAST({when} AS BIGINT)) * 1000000) AS stamp FROM range({ROWS}) AS r(n)""")
        db.execute("CREATE TABLE best AS SELECT * FROM usual ORDER BY customer, time")
        db.execute("CHECKPOINT")
        db.close()
        os.rename(path + ".part", path)
        return make_duck()
    return db


def make_house():
    path = f"{FOLDER}/orders-{ROWS}.chdb"
    fresh = not os.path.exists(path + "/whole")
    if fresh:
        shutil.rmtree(path, ignore_errors=True)
    db = session.Session(path)
    db.query("CREATE DATABASE IF NOT EXISTS d ENGINE = Atomic")
    db.query("USE d")
    if fresh:
        customer, when, amount = columns(lambda a, b: f"intDiv({a}, {b})", "least")
        select = f"""SELECT toInt32({customer}) AS customer, toInt64({when}) AS time, toInt64({amount}) AS amount,
            toDateTime({when}, 'UTC') AS stamp FROM (SELECT toInt64(number) AS n FROM numbers({ROWS}))"""
        for name, order in (("usual", "tuple()"), ("best", "(customer, time)")):
            db.query(f"CREATE TABLE {name} ENGINE = MergeTree ORDER BY {order} AS {select}")
            db.query(f"OPTIMIZE TABLE {name} FINAL")
        open(path + "/whole", "w").close()
    return db


# ---- the questions: {siyu, duck best, duck usual, house best, house usual} ----------------------

DUCK_MONTH = "((year(stamp) - 2023) * 12 + month(stamp) - 1)"
HOUSE_MONTH = "(toUInt8((toYear(stamp) - 2023) * 12 + toMonth(stamp) - 1))"


def usual_cohorts(month, table, figure, final):
    return f"""WITH f AS (SELECT customer, min({month}) AS c FROM {table} WHERE amount >= 0 GROUP BY customer)
        SELECT c, m - c AS k, {figure} FROM (SELECT customer, {month} AS m, amount FROM {table}) AS o JOIN f USING (customer)
        WHERE m >= c {final} GROUP BY c, k"""


def bits(source, low, shifts):
    """A bit for each month, a column for each: the cleverest retention."""
    sums = ", ".join(f"sum({shifts.format(k=k)})" for k in range(24))
    return f"SELECT c, {sums} FROM (SELECT bits, {low} AS c FROM ({source})) AS b GROUP BY c"


def unbits(rows):
    return [(r[0], k - r[0], r[1 + k]) for r in rows for k in range(24) if r[1 + k]]


def by_month(month, table):
    return f"""SELECT customer, {month} AS m, sum(amount) AS money, sum(CASE WHEN amount >= 0 THEN 1 ELSE 0 END) AS orders FROM {table} GROUP BY customer, m"""


QUESTIONS = {}


def question(name, target, siyu, duck, duck_usual, house, house_usual):
    if ONLY in name:
        QUESTIONS[name] = (target, siyu, duck, duck_usual, house, house_usual)


question("retention, month by month", 3,
    "SELECT CAST(substr(cohort, 1, 4) AS INTEGER) * 12 + substr(cohort, 6, 2) - 24277, period, customers FROM cohort_window('ledger') WHERE customers",
    (bits(f"SELECT bit_or(1 << {DUCK_MONTH}) AS bits FROM best WHERE amount >= 0 GROUP BY customer",
          "CAST(log2(bits & -bits) AS INTEGER)", "(bits >> {k}) & 1"), unbits),
    usual_cohorts(DUCK_MONTH, "usual", "count(DISTINCT customer)", "AND amount >= 0"),
    (bits(f"SELECT groupBitOr(bitShiftLeft(toUInt32(1), {HOUSE_MONTH})) AS bits FROM best WHERE amount >= 0 GROUP BY customer",
          "toInt64(log2(bitAnd(bits, bitNot(bits) + 1)))", "bitTest(bits, {k})"), unbits),
    usual_cohorts(HOUSE_MONTH, "usual", "uniqExact(customer)", "AND amount >= 0"))

LTV = """SELECT c, m - c AS k, sum(money), sum(orders) FROM (SELECT customer, m, money, orders, min(CASE WHEN orders > 0 THEN m END) OVER (PARTITION BY customer) AS c
    FROM ({cells}) AS x) AS y WHERE m >= c GROUP BY c, k"""
question("LTV, cohort by month", 3,
    "SELECT CAST(substr(cohort, 1, 4) AS INTEGER) * 12 + substr(cohort, 6, 2) - 24277, period, revenue, orders FROM cohort_window('ledger') WHERE orders OR revenue",
    [LTV.format(cells=by_month(DUCK_MONTH, "best")), usual_cohorts(DUCK_MONTH, "best", "sum(amount), sum(CASE WHEN amount >= 0 THEN 1 ELSE 0 END)", "")],
    usual_cohorts(DUCK_MONTH, "usual", "sum(amount), sum(CASE WHEN amount >= 0 THEN 1 ELSE 0 END)", ""),
    [usual_cohorts(HOUSE_MONTH, "best", "sum(amount), countIf(amount >= 0)", ""), LTV.format(cells=by_month(HOUSE_MONTH, "best"))],
    usual_cohorts(HOUSE_MONTH, "usual", "sum(amount), countIf(amount >= 0)", ""))

BTYD = """SELECT count(*), sum(f), sum(recency), sum(age), round(sum(CASE WHEN f > 0 THEN repeat / f ELSE 0 END), 2) FROM (
    SELECT customer, sum(is_day) - 1 AS f, max(CASE WHEN is_day = 1 THEN d END) - min(CASE WHEN is_day = 1 THEN d END) AS recency, {end} - min(CASE WHEN is_day = 1 THEN d END) AS age,
      1.0 * (sum(CASE WHEN is_day = 1 THEN money ELSE 0 END) - {first}(CASE WHEN is_day = 1 THEN money END, CASE WHEN is_day = 1 THEN d END)) AS repeat
    FROM (SELECT customer, {div} AS d, sum(amount) AS money, max(CASE WHEN amount >= 0 THEN 1 ELSE 0 END) AS is_day FROM {table} GROUP BY customer, d) AS x
    GROUP BY customer HAVING sum(is_day) > 0) AS y"""
LAST_DAY = (END - 1) // 86400
question("BTYD summary", 3,
    "SELECT count(*), sum(frequency), sum(recency), sum(age), round(sum(monetary), 2) FROM customer_summary('ledger') WHERE frequency >= 0",
    BTYD.format(end=LAST_DAY, first="arg_min", div="time // 86400", table="best"),
    BTYD.format(end=LAST_DAY, first="arg_min", div="time // 86400", table="usual"),
    BTYD.format(end=LAST_DAY, first="argMin", div="intDiv(time, 86400)", table="best"),
    BTYD.format(end=LAST_DAY, first="argMin", div="intDiv(time, 86400)", table="usual"))

WINDOW = 90 * 86400
TWO = """SELECT sum(CASE WHEN second - first <= {w} THEN 1 ELSE 0 END), count(*) FROM ({pairs}) AS p WHERE first + {w} <= {end}"""
question("90-day repurchase", 3,
    f"SELECT window_customers, mature_customers FROM value_summary('ledger') WHERE window = 90 AND as_of = {END - 1}",
    TWO.format(w=WINDOW, end=END - 1, pairs="SELECT t[1] AS first, t[2] AS second FROM (SELECT min(time, 2) AS t FROM best WHERE amount >= 0 GROUP BY customer)"),
    TWO.format(w=WINDOW, end=END - 1, pairs="""SELECT min(time) AS first, min(CASE WHEN i = 2 THEN time END) AS second FROM (SELECT customer, time,
        row_number() OVER (PARTITION BY customer ORDER BY time) AS i FROM usual WHERE amount >= 0) AS n WHERE i <= 2 GROUP BY customer"""),
    TWO.format(w=WINDOW, end=END - 1, pairs="SELECT t[1] AS first, if(length(t) > 1, t[2], 4000000000) AS second FROM (SELECT arraySort(groupArray(2)(time)) AS t FROM best WHERE amount >= 0 GROUP BY customer)"),
    TWO.format(w=WINDOW, end=END - 1, pairs="SELECT t[1] AS first, if(length(t) > 1, t[2], 4000000000) AS second FROM (SELECT arrayPartialSort(2, groupArray(time)) AS t FROM usual WHERE amount >= 0 GROUP BY customer)"))

RFM = """SELECT sum(customer * (100 * (1 + {div5}) + 10 * (1 + {div5f}) + 1 + {div5m})) FROM (
      SELECT customer, n, rank() OVER (ORDER BY last) - 1 AS r, rank() OVER (ORDER BY o) - 1 AS f, rank() OVER (ORDER BY money) - 1 AS m FROM (
        SELECT customer, count(*) OVER () AS n, coalesce(last, -1) AS last, o, money FROM (
          SELECT customer, max(CASE WHEN amount >= 0 THEN {day} END) AS last, sum(CASE WHEN amount >= 0 THEN 1 ELSE 0 END) AS o, sum(amount) AS money
          FROM {table} GROUP BY customer) AS x) AS y) AS z"""


def rfm(duck, table):
    divide = (lambda a, b: f"({a}) // {b}") if duck else (lambda a, b: f"intDiv({a}, {b})")
    return RFM.format(div5=divide("5 * r", "n"), div5f=divide("5 * f", "n"), div5m=divide("5 * m", "n"), day=divide("time", 86400), table=table)


question("RFM scores", 3,
    "SELECT sum(customer * (100 * r + 10 * f + m)) FROM customer_summary('ledger')",
    rfm(True, "best"), rfm(True, "usual"), rfm(False, "best"), rfm(False, "usual"))

question("period_summary by month", 3,
    "SELECT CAST(substr(period, 1, 4) AS INTEGER) * 12 + substr(period, 6, 2) - 24277, customers, orders, gmv FROM period_summary('ledger')",
    [f"SELECT m, sum(CASE WHEN orders > 0 THEN 1 ELSE 0 END), sum(orders), sum(money) FROM ({by_month(DUCK_MONTH, 'best')}) AS x GROUP BY m",
     f"SELECT {DUCK_MONTH} AS m, count(DISTINCT CASE WHEN amount >= 0 THEN customer END), sum(CASE WHEN amount >= 0 THEN 1 ELSE 0 END), sum(amount) FROM best GROUP BY m"],
    f"SELECT {DUCK_MONTH} AS m, count(DISTINCT CASE WHEN amount >= 0 THEN customer END), sum(CASE WHEN amount >= 0 THEN 1 ELSE 0 END), sum(amount) FROM usual GROUP BY m",
    f"SELECT {HOUSE_MONTH} AS m, uniqExactIf(customer, amount >= 0), countIf(amount >= 0), sum(amount) FROM best GROUP BY m",
    f"SELECT {HOUSE_MONTH} AS m, uniqExactIf(customer, amount >= 0), countIf(amount >= 0), sum(amount) FROM usual GROUP BY m")

TOTALS = "SELECT sum(amount), {distinct}, sum(CASE WHEN amount >= 0 THEN 1 ELSE 0 END) FROM {table}"
question("ARPU and totals", None,
    "SELECT gmv, customers, orders FROM value_summary('ledger')",
    TOTALS.format(distinct="count(DISTINCT customer)", table="best"), TOTALS.format(distinct="count(DISTINCT customer)", table="usual"),
    TOTALS.format(distinct="uniqExact(customer)", table="best"), TOTALS.format(distinct="uniqExact(customer)", table="usual"))

# ---- asking -----------------------------------------------------------------------------------------


def number(x):
    return 0.0 if x is None or x == "\\N" else float(x)


def rows_of(rows, after):
    rows = [tuple(number(x) for x in r) for r in rows]
    return sorted(after(rows) if after else rows)


class Way:
    """One engine's way to one question: a text, or (text, what makes rows of its answer), or several of these."""

    def __init__(self, run, plan):
        self.run = run
        plans = plan if isinstance(plan, list) else [plan]
        self.plans = [p if isinstance(p, tuple) else (p, None) for p in plans]
        self.times = []                # on the clock
        self.processor = []            # of all threads: what counts where other work shares the cores

    def answers(self):
        """Of all plans; the fastest is the one that is measured."""
        timed = []
        for sql, after in self.plans:
            begin = time.perf_counter()
            answer = self.run(sql)
            timed.append((time.perf_counter() - begin, sql, rows_of(answer, after)))
        self.sql = min(timed)[1]
        return [t[2] for t in timed]

    def measure(self):
        begin, used = time.perf_counter(), time.process_time()
        self.run(self.sql)
        self.times.append(time.perf_counter() - begin)
        self.processor.append(time.process_time() - used)


def same(a, b):
    return len(a) == len(b) and all(len(x) == len(y) and all(abs(p - q) <= 1e-9 * max(abs(p), abs(q), 1) for p, q in zip(x, y)) for x, y in zip(a, b))


def main():
    os.makedirs(FOLDER, exist_ok=True)
    siyu, duck, house = make_siyu(), make_duck(), make_house()
    ask = [lambda sql: siyu.execute(sql).fetchall(), lambda sql: duck.execute(sql).fetchall(),
           lambda sql: [line.split("\t") for line in str(house.query(f"{sql} SETTINGS max_threads = {THREADS}, optimize_aggregation_in_order = {int('best' in sql)}", "TabSeparated")).splitlines()]]
    ways = {}
    for name, (target, ours, *theirs) in QUESTIONS.items():
        ways[name] = [Way(ask[0], ours)] + [Way(ask[1 + i // 2], plan) for i, plan in enumerate(theirs)]
        expected = ways[name][0].answers()[0]
        for engine, way in zip(ENGINES[1:], ways[name][1:]):
            for answer in way.answers():
                if not same(expected, answer):
                    sys.exit(f"{name}: siyu says {expected[:3]} ({len(expected)} rows), {engine} {answer[:3]} ({len(answer)} rows)")
    print(f"{ROWS} orders, {CUSTOMERS} customers; {len(ways)} answers are those of DuckDB {duckdb.__version__} and ClickHouse (chdb); SQLite {sqlite3.sqlite_version}")
    for _ in range(ROUNDS):
        for row in ways.values():
            for way in row:
                way.measure()
    show(f"seconds on the clock, median of {ROUNDS} interleaved rounds; siyu: 1 thread, the others: {THREADS}", ways, lambda w: w.times)
    show("seconds of processor, all threads", ways, lambda w: w.processor)


def show(title, ways, times):
    print(f"\n{title}\n\n{'question':26}" + "".join(f"{e:>15}" for e in ENGINES) + "  best rival /  usual /")
    for name, row in ways.items():
        s, db, du, hb, hu = (statistics.median(times(w)) for w in row)
        print(f"{name:26}" + "".join(f"{x:15.4f}" for x in (s, db, du, hb, hu)) + f"{min(db, hb, du, hu) / s:12.1f} x{min(du, hu) / s:8.1f} x", flush=True)


ENGINES = ("siyu", "DuckDB best", "DuckDB usual", "ClickH. best", "ClickH. usual")
if __name__ == "__main__":
    main()
