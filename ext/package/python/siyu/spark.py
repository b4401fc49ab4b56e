"""siyu on Apache Spark: SQLite and siyu inside each task, the same figures to the digit.

    import siyu.spark
    siyu.spark.aggregate(orders, "arpu(customer, amount)", by=["channel"]).show()
    siyu.spark.table(orders, "cohort_window", customer="customer", time="time", amount="amount").show()

Each partition goes through NAME_state(), what the states of a group say together through
NAME_merge(): a figure of all rows, whatever the partitions.  A worker needs Python's sqlite3 and
pyarrow, not this package: its code and its library travel with the job.
"""

import os
import re
import struct
import sys

from siyu import _ADVICE, loadable_path, modules_that_can_load

try:
    from pyspark import cloudpickle
except ImportError as error:
    raise ImportError("siyu.spark needs pyspark and pyarrow: python -m pip install 'siyu[spark]'") from error

__all__ = ["aggregate", "table"]

# Functions of this package travel as they are, so that driver and workers run the same ones.
cloudpickle.register_pickle_by_value(sys.modules["siyu"])

COLUMNS = 64                     # that packed_rows() has
BATCH = 1 << 24                  # bytes of rows that go into SQLite at once
RUN = 1 << 17                    # rows that are put in the order of their customers at once
STATE = 1 << 20                  # rows of a table's state at most: some 250 MB in a worker
PIECE = 1 << 16                  # bytes of a state in one row: a batch of Arrow holds less than 2 GB
PART, WHICH, AT, BYTES = "siyu_part", "siyu_which", "siyu_at", "siyu_bytes"


# ---- what is asked for ----


class _Call:
    """NAME(arguments) [FILTER (...)] [AS alias], an aggregate of siyu."""

    def __init__(self, text):
        match = re.match(r"\s*([A-Za-z_]\w*)\s*\(", text)
        end = _closing(text, match.end() - 1) if match else -1
        if end < 0:
            raise ValueError("%r is no call of an aggregate; write for example 'arpu(customer, amount)'" % text)
        self.name = match.group(1)
        self.arguments = text[match.end() : end]
        rest = text[end + 1 :]
        alias = re.search(r"\bAS\s+(\"[^\"]+\"|\w+)\s*$", rest, re.IGNORECASE)
        self.alias = alias.group(1).strip('"') if alias else self.name
        self.filter = rest[: alias.start()] if alias else rest

    def sql(self, suffix=""):
        return "%s%s(%s)%s" % (self.name, suffix, self.arguments, self.filter)


def _closing(text, at):
    """Where the bracket at `at` is closed; -1: nowhere."""
    depth, quote = 0, None
    for i in range(at, len(text)):
        c = text[i]
        if quote:
            quote = None if c == quote else quote
        elif c in "'\"":
            quote = c
        elif c in "()":
            depth += 1 if c == "(" else -1
            if depth == 0:
                return i
    return -1


def _mentioned(text, columns):
    """Those of the columns that the SQL text may speak of."""
    words = set(re.findall(r"\"([^\"]+)\"", text))
    words.update(re.findall(r"[^\W\d]\w*", re.sub(r"'[^']*'", " ", text)))
    lower = {w.lower() for w in words}
    return [c for c in columns if c.lower() in lower]


def _quoted(name):
    return '"%s"' % name.replace('"', '""')


# ---- SQLite in a task ----


class _Library:
    """Where a task finds siyu, and what the driver's says of itself."""

    def __init__(self, spark, library):
        path = loadable_path()
        suffix = {"win32": ".dll", "cygwin": ".dll", "darwin": ".dylib"}.get(sys.platform, ".so")
        self.here = path if os.path.exists(path) else path + suffix
        self.there = None
        if library == "ship":
            self.there = os.path.basename(self.here)
            spark.sparkContext.addFile(self.here)
        elif library != "installed":
            self.there = library
        connection = _open_with(self.here)
        self.version = _version(connection)
        connection.close()

    def open(self):
        if sys.byteorder != "little":
            raise RuntimeError("siyu.spark hands rows over as little-endian machines hold them; this one is big-endian")
        path = self.there
        if path is None:
            path = _installed()
        elif not os.path.isabs(path):
            from pyspark import SparkFiles

            path = SparkFiles.get(path)
        connection = _open_with(path)
        version = _version(connection)
        if version != self.version:
            raise RuntimeError(
                "the driver has siyu %s, a worker has %s (%s): install the same one, or leave library='ship'"
                % (self.version, version, path)
            )
        return connection


def _installed():
    import siyu

    return siyu.loadable_path()


def _open_with(path):
    """A database of its own that goes to disk when it outgrows its cache."""
    modules = [m for m in modules_that_can_load() if m.__name__ != "apsw"]
    if not modules:
        raise RuntimeError(_ADVICE.replace("apsw   (or pysqlite3-binary, or sqlean.py)", "pysqlite3-binary"))
    connection = modules[0].connect("", isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-65536", "locking_mode=EXCLUSIVE"):
        connection.execute("PRAGMA " + pragma).fetchall()
    connection.enable_load_extension(True)
    try:
        connection.execute("SELECT load_extension(?, 'sqlite3_siyu_init')", (path,)).fetchall()
    finally:
        connection.enable_load_extension(False)
    return connection


def _version(connection):
    return connection.execute("SELECT siyu_version()").fetchone()[0]


# Whole seconds that siyu takes for what they are: see docs on times.
_SECONDS_LOWEST, _SECONDS_BEHIND = 21001232, 100000000000


def _plain(name, column):
    """An Arrow array as SQLite takes its values: int64, double, string or binary."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_null(kind):
        return column.cast(pa.int64())
    if pa.types.is_decimal(kind):
        return column.cast(pa.float64() if kind.scale else pa.int64())
    if pa.types.is_floating(kind):
        return column.cast(pa.float64())
    if pa.types.is_timestamp(kind):
        return _times(column)
    if pa.types.is_date(kind):
        return pc.strftime(column.cast(pa.timestamp("s")), format="%Y-%m-%d")
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return column.cast(pa.string())
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return column.cast(pa.binary())
    raise TypeError("column %s is %s, which SQLite does not know: cast it before" % (name, kind))


def _times(column):
    """An instant: whole seconds where siyu reads them as such, else text; a time without a zone: text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    zoned = column.type.tz is not None
    column = column.cast(pa.timestamp("us"))
    if zoned:
        micros = column.cast(pa.int64())
        seconds = pc.divide(micros, 1000000)
        span = pc.min_max(seconds).as_py()
        whole = pc.all(pc.equal(pc.multiply(seconds, 1000000), micros)).as_py()
        if span["min"] is None or (whole and span["min"] >= _SECONDS_LOWEST and span["max"] < _SECONDS_BEHIND):
            return seconds
    return pc.strftime(column, format="%Y-%m-%d %H:%M:%S" + ("Z" if zoned else ""))


def _packed(arrays):
    """The BLOB that packed_rows() of siyu reads: see siyu_help('packed_rows')."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows, place = len(arrays[0]), 24 + 48 * len(arrays)
    about, parts = [b"siyupack" + struct.pack("<2q", rows, len(arrays))], []

    def put(buffer, at, size):
        nonlocal place
        parts.append(memoryview(buffer)[at : at + size] if size else b"")
        place += size
        return place - size

    for column in arrays:
        nulls, values, *rest = column.buffers()
        at, length = column.offset, 0
        first = at % 8 if column.null_count else 0
        null_place = put(nulls, at // 8, (first + rows + 7) // 8) if column.null_count else 0
        if not rest:
            kind = 2 if pa.types.is_floating(column.type) else 1
            data_place, value_place = 0, put(values, 8 * at, 8 * rows)
        else:
            kind = 3 if pa.types.is_string(column.type) else 4
            offsets = pa.Array.from_buffers(pa.int32(), rows + 1, [None, values], offset=at)
            begin = offsets[0].as_py()
            length = offsets[rows].as_py() - begin
            data_place = put(rest[0], begin, length)
            if begin:
                offsets = pc.subtract(offsets, pa.scalar(begin, pa.int32()))
            value_place = put(offsets.buffers()[1], 4 * offsets.offset, 4 * rows + 4)
        about.append(struct.pack("<6q", kind, null_place, first, value_place, data_place, length))
    return b"".join(about + parts)


def _view(connection, name, columns):
    """A view over a table of packed batches."""
    if len(columns) > COLUMNS:
        raise ValueError("%d columns at once; siyu.spark brings %d into SQLite: ask for fewer figures at a time" % (len(columns), COLUMNS))
    connection.execute("CREATE TABLE packed_%s(bytes)" % name)
    connection.execute("CREATE TEMP VIEW %s AS SELECT %s FROM packed_%s CROSS JOIN packed_rows(packed_%s.bytes) AS p" % (
        name, ", ".join("p.c%d AS %s" % (i + 1, c) for i, c in enumerate(columns)) or "1 AS none", name, name))


def _insert(connection, name, batch, columns, more=()):
    """The columns of a batch behind further arrays, as rows of that view."""
    arrays = list(more) + [_plain(c, batch.column(batch.schema.get_field_index(c))) for c in columns]
    if not arrays:
        import pyarrow as pa

        arrays = [pa.nulls(batch.num_rows, pa.int64())]
    step = max(1, batch.num_rows * BATCH // (sum(a.nbytes for a in arrays) + 1))
    for at in range(0, batch.num_rows, step):
        connection.execute("INSERT INTO packed_%s VALUES (?)" % name, (_packed([a.slice(at, step) for a in arrays]),))


def _in_runs(batches, keys):
    """The same rows, some batches of them at once in the order of the first of these columns that has a value.

    A state of rows fetches them customer by customer: from a few runs in order that takes half the
    time, and sorting a run less than a fifth of it.  Rows of one customer stay in their order.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    def in_order(held):
        rows = pa.Table.from_batches(held).combine_chunks()
        found = [_plain(k, rows.column(k).combine_chunks()) for k in keys]
        found = [column for column in found if column.type == found[0].type]
        order = pc.sort_indices(found[0] if len(found) == 1 else pc.coalesce(*found))
        return rows.take(order).combine_chunks().to_batches()

    held, rows, size = [], 0, 0
    for batch in batches:
        held.append(batch)
        rows += batch.num_rows
        size += batch.nbytes
        if rows >= RUN or size >= BATCH:
            yield from in_order(held)
            held, rows, size = [], 0, 0
    if rows:
        yield from in_order(held)


class _Groups:
    """Numbers for the values of the columns of `by`, so that these come back as they were."""

    def __init__(self, by):
        self.by = by
        self.numbers = [{} for _ in by]
        self.values = [[] for _ in by]

    def of(self, batch):
        import pyarrow as pa

        lists = []
        for numbers, values, name in zip(self.numbers, self.values, self.by):
            coded = batch.column(batch.schema.get_field_index(name)).dictionary_encode()
            number = []
            for value in coded.dictionary.to_pylist():
                if value not in numbers:
                    numbers[value] = len(values)
                    values.append(value)
                number.append(numbers[value])
            lists.append(pa.array(number, pa.int64()).take(coded.indices))
        return lists

    def array(self, i, numbers, kind):
        import pyarrow as pa

        return pa.array([None if n is None else self.values[i][n] for n in numbers], type=kind)


def _group_columns(by):
    return ["g%d" % i for i in range(len(by))]


# ---- states of a partition, and their merging ----


class _Plan:
    """What a task has to know."""

    at_once = float("inf")           # rows of which it makes one state

    def __init__(self, library, calls, by, columns, kinds):
        self.library, self.calls, self.by, self.columns, self.kinds = library, calls, by, columns, kinds

    def states(self, batches):
        """Arrow batches of rows in, pieces of states out."""
        connection = self.library.open()
        groups, g = _Groups(self.by), _group_columns(self.by)
        _view(connection, "part", g + [_quoted(c) for c in self.columns])
        types, rows, made = None, 0, 0
        for batch in self._ordered(batches):
            types = types or [batch.schema.field(c).type for c in self.by]
            _insert(connection, "part", batch, self.columns, groups.of(batch))
            rows += batch.num_rows
            if rows >= self.at_once:
                yield from self._states(connection, groups, types, made)
                connection.execute("DELETE FROM packed_part")
                rows, made = 0, made + 1
        if rows:
            yield from self._states(connection, groups, types, made)
        connection.close()

    def _states(self, connection, groups, types, made):
        """Of the rows that are there, behind so many states of this partition."""
        from pyspark import TaskContext

        g = _group_columns(self.by)
        figures = ", ".join(c.sql("_state") for c in self.calls)
        sql = "SELECT %s FROM part%s" % (", ".join(g + [figures]), " GROUP BY " + ", ".join(g) if g else "")
        yield from self._pieces(groups, types, (TaskContext.get().partitionId() << 32) + made, connection.execute(sql))

    def _ordered(self, batches):
        return batches

    def _pieces(self, groups, types, first, rows):
        n = len(self.by)
        held, size = [], 0
        for number, row in enumerate(rows):
            for which, state in enumerate(row[n:]):
                state = state or b""
                for at in range(0, len(state) or 1, PIECE):
                    piece = state[at : at + PIECE]
                    held.append(tuple(row[:n]) + (first + number, which, at, piece))
                    size += len(piece) + 64
                    if size > 64 * PIECE:
                        yield self._batch(groups, types, held)
                        held, size = [], 0
        if held:
            yield self._batch(groups, types, held)

    def _batch(self, groups, types, held):
        import pyarrow as pa

        n = len(self.by)
        lists = list(zip(*held))
        arrays = [groups.array(i, lists[i], types[i]) for i in range(n)]
        arrays += [pa.array(v, type=t) for v, t in zip(lists[n:], (pa.int64(), pa.int32(), pa.int64(), pa.binary()))]
        return pa.RecordBatch.from_arrays(arrays, names=self.by + [PART, WHICH, AT, BYTES])

    def merged(self, batches):
        """Pieces of the states of whole groups in, figures out."""
        connection = self.library.open()
        groups, g = _Groups(self.by), _group_columns(self.by)
        own = ["part", "which", "at", "bytes"]
        _view(connection, "piece", g + own)
        connection.execute("CREATE TABLE state(%s)" % ", ".join(g + ["which", "s"]))
        types, rows = None, 0
        for batch in batches:
            types = types or [batch.schema.field(c).type for c in self.by]
            _insert(connection, "piece", batch, [PART, WHICH, AT, BYTES], groups.of(batch))
            rows += batch.num_rows
        if not rows and self.by:
            return
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO state VALUES (%s)" % ", ".join("?" * (len(g) + 2)), _joined(connection, g)
        )
        connection.execute("COMMIT")
        yield from self._answers(connection, groups, g, types)
        connection.close()

    def _answers(self, connection, groups, g, types):
        import pyarrow as pa

        figures = ", ".join("%s_merge(s) FILTER (WHERE which = %d)" % (c.name, i) for i, c in enumerate(self.calls))
        sql = "SELECT %s FROM state%s" % (", ".join(g + [figures]), " GROUP BY " + ", ".join(g) if g else "")
        for lists in _columns_of(connection.execute(sql)):
            arrays = [groups.array(i, lists[i], types[i]) for i in range(len(g))]
            for call, kind, values in zip(self.calls, self.kinds, lists[len(g) :]):
                arrays.append(_figures(call.sql(), call.alias, kind, values))
            yield pa.RecordBatch.from_arrays(arrays, names=self.by + [c.alias for c in self.calls])


def _columns_of(cursor):
    while True:
        found = cursor.fetchmany(8192)
        if not found:
            return
        yield list(zip(*found))


def _joined(connection, g):
    """(group ..., which, state) from their pieces."""
    order = ", ".join(g + ["part", "which", "at"])
    last, held = None, []
    for row in connection.execute("SELECT %s, bytes FROM piece ORDER BY %s" % (order, order)):
        key, piece = row[:-2], row[-1]
        if key != last and last is not None:
            yield last[: len(g)] + (last[-1], b"".join(held) or None)
            held = []
        last = key
        held.append(piece)
    if last is not None:
        yield last[: len(g)] + (last[-1], b"".join(held) or None)


def _figures(what, name, kind, values):
    import pyarrow as pa

    if kind == "bigint" and any(isinstance(v, float) for v in values):
        raise TypeError("%s gives REAL figures here; say so: returns={%r: 'double'}" % (what, name))
    if kind == "string":
        values = [v if v is None or isinstance(v, str) else str(v) for v in values]
    if kind == "double":
        return pa.array([None if v is None else float(v) for v in values], type=pa.float64())
    return pa.array(values, type={"bigint": pa.int64(), "string": pa.string(), "binary": pa.binary()}[kind])


# ---- the kinds of the figures ----


def _kinds(library, df, calls, columns, returns):
    """Of each call: bigint, double, string or binary, seen in a few rows."""
    kinds = [returns.get(c.alias) for c in calls]
    if all(kinds):
        return kinds
    seen = None
    for text in ("2024-01-0%d", "%d", None):
        try:
            seen = _trial(library, calls, columns, _made_up(df, columns, text) if text else _first_rows(df, columns))
            break
        except Exception as error:  # of SQLite's module, whichever that is
            if text is None:
                raise ValueError(str(error)) from None
    names = {int: "bigint", float: "double", str: "string", bytes: "binary", type(None): "double"}
    return [kind or names[type(v)] for kind, v in zip(kinds, seen)]


def _trial(library, calls, columns, rows):
    connection = _open_with(library.here)
    try:
        connection.execute("CREATE TABLE part(%s)" % (", ".join(_quoted(c) for c in columns) or "none"))
        width = len(columns) or 1
        connection.executemany("INSERT INTO part VALUES (%s)" % ", ".join("?" * width), rows)
        return connection.execute("SELECT %s FROM part" % ", ".join(c.sql() for c in calls)).fetchone()
    finally:
        connection.close()


def _made_up(df, columns, text):
    """Six rows of three customers, by the types of the columns."""
    kinds = dict(df.dtypes)

    def value(kind, i):
        if kind in ("tinyint", "smallint", "int", "bigint", "decimal(38,0)"):
            return i % 3 + 1
        if kind in ("float", "double") or kind.startswith("decimal"):
            return i % 3 + 0.5
        if kind == "boolean":
            return i % 2
        if kind.startswith("timestamp"):
            return "2024-01-%02d 10:00" % (i + 1)
        if kind == "date":
            return "2024-01-%02d" % (i + 1)
        return text % (i % 3 + 1)

    return [tuple(value(kinds[c], i) for c in columns) or (None,) for i in range(6)]


def _first_rows(df, columns):
    import pyarrow as pa

    rows = df.select(*["`%s`" % c.replace("`", "``") for c in columns]).limit(1000).collect()
    return list(zip(*[_plain(c, pa.array([r[i] for r in rows])).to_pylist() for i, c in enumerate(columns)]))


# ---- for people ----


def aggregate(df, figures, by=(), library="ship", returns=None):
    """Figures of siyu over a DataFrame, one row for each group of the columns of `by`.

    figures   "arpu(customer, amount)", or a list: ["gmv(amount) AS money", "aov(order_id, amount)
              FILTER (WHERE amount > 0)"]: any aggregate of siyu over columns of df, in SQLite's words
    by        names of columns
    library   "ship": the driver's library travels with the job; "installed": workers have siyu;
              or its path on the workers.  Its version must be the driver's
    returns   {alias: "bigint", "double" or "string"}, where the kind of a figure is not found out
    """
    from pyspark.sql.types import StructField, StructType

    calls = [_Call(f) for f in ([figures] if isinstance(figures, str) else figures)]
    by = [by] if isinstance(by, str) else list(by)
    missing = [c for c in by if c not in df.columns]
    if missing:
        raise ValueError("by names %s; the columns are %s" % (", ".join(missing), ", ".join(df.columns)))
    place = _Library(df.sparkSession, library)
    columns = _mentioned(" ".join(c.sql() for c in calls), df.columns)
    kinds = _kinds(place, df, calls, columns, returns or {})
    plan = _Plan(place, calls, by, columns, kinds)
    answers = [StructField(call.alias, _type(kind)) for call, kind in zip(calls, kinds)]
    return _states(df, plan).mapInArrow(plan.merged, StructType([df.schema[c] for c in by] + answers))


def _type(kind):
    from pyspark.sql.types import BinaryType, DoubleType, LongType, StringType

    return {"bigint": LongType, "double": DoubleType, "string": StringType, "binary": BinaryType}[kind]()


def _tick(name):
    return "`%s`" % name.replace("`", "``")


def _states(df, plan):
    """The states of the partitions of df, those of a group in one partition."""
    from pyspark.sql.types import BinaryType, IntegerType, LongType, StructField, StructType

    needed = plan.columns + [c for c in plan.by if c not in plan.columns]
    own = [(PART, LongType()), (WHICH, IntegerType()), (AT, LongType()), (BYTES, BinaryType())]
    own = [StructField(name, kind) for name, kind in own]
    rows = df.select(*[_tick(c) for c in needed]) if needed else df
    states = rows.mapInArrow(plan.states, StructType([df.schema[c] for c in plan.by] + own))
    if plan.by:
        return states.repartition(*[_tick(c) for c in plan.by])
    nothing = df.sparkSession.range(0, len(plan.calls), 1, 1).selectExpr("-1L", "cast(id AS int)", "0L", "cast('' AS binary)")
    return states.unionAll(nothing).repartition(1)


# ---- tables ----

ONE_MACHINE = {
    "referral_tree": "anybody may be below anybody: 1 M members take 53 MB, 85 MB with amounts",
    "identity_cluster": "anybody may be linked to anybody: 10 M rows of 5 M records take 230 MB, 310 MB with TEXT keys",
}
BY_CUSTOMER = ("customer_summary",)


class _Inputs:
    """What the catalogue says of a table, and the values that were given."""

    def __init__(self, connection, name, given):
        found = connection.execute("SELECT signature, states FROM siyu_catalogue WHERE name = ? AND kind = 'table'", (name,)).fetchone()
        if found is None:
            names = [n for n, in connection.execute("SELECT name FROM siyu_catalogue WHERE kind = 'table' ORDER BY 1")]
            raise ValueError("siyu has no table %s; its tables are %s" % (name, ", ".join(names)))
        self.name = name
        self.inputs = _names(found[0])
        self.state = _names(found[1].split("\n")[0]) if found[1] else None
        self.outputs = connection.execute("SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden = 0", (name,)).fetchall()
        self.columns, self.parameters = {}, {}
        for key, value in given.items():
            if value is None:
                continue
            if key + "_col" in self.inputs or (key in self.inputs and key.endswith("_col")):
                self.columns[key[:-4] if key.endswith("_col") else key] = value
            elif key in self.inputs and key not in ("source", "touches", "conversions_source", "ignore"):
                self.parameters[key] = value
            else:
                ours = [n[:-4] if n.endswith("_col") else n for n in self.inputs if n not in ("source", "touches", "conversions_source")]
                raise ValueError("%s has no input %s; it has %s" % (name, key, ", ".join(ours)))

    def steps(self):
        """(name, column) of the list of flag columns."""
        words = [w.strip() for w in str(self.parameters.get("steps", "")).split(",") if w.strip()]
        return [w.lstrip("! ").strip('"[]`') for w in words]

    def state_sql(self):
        """The call of NAME_state over columns called as the inputs are."""
        values = []
        for name in self.state:
            if name == "flags":
                bits = ["(coalesce(%s, 0) <> 0) * %d" % (_quoted(c), 1 << i) for i, c in enumerate(self.steps())]
                values.append(" + ".join(bits) or "NULL")
            elif name in self.columns:
                values.append(_quoted("in " + name))
            else:
                values.append(_literal(self.parameters.get(name)))
        while values and values[-1] == "NULL":
            values.pop()
        return "%s_state(%s)" % (self.name, ", ".join(values))

    def kinds(self, df, returns):
        """Of each output column: as declared, as the input of its name, or as money is."""
        dtypes = dict(df.dtypes)

        def of_input(name):
            kind = dtypes.get("in " + name)
            if kind is None:
                return None
            return "bigint" if kind in ("tinyint", "smallint", "int", "bigint", "boolean", "decimal(38,0)") else "double" if (
                kind in ("float", "double") or kind.startswith("decimal")) else "string"

        kinds = []
        for name, declared in self.outputs:
            kind = returns.get(name) or {"TEXT": "string", "INTEGER": "bigint", "REAL": "double"}.get(declared)
            if kind is None:             # among attribution's channels is '(none)'
                kind = "string" if (self.name, name) == ("attribution", "channel") else of_input(name)
            if kind is None and any(w in name for w in ("cost", "margin")):
                kind = of_input("margin" if "margin" in name else "cost") or "bigint"
            if kind is None and name in ("segment", "channel", "from_stage", "to_stage"):
                kind = "string"
            kinds.append(kind or of_input("amount") or "bigint")
        return kinds


def _names(signature):
    inside = signature[signature.index("(") + 1 : signature.rindex(")")]
    return [w.split("=")[0] for w in re.findall(r"[a-z_0-9]+(?:=[^,\]\s]+)?", inside)]


def _literal(value):
    if isinstance(value, (bytes, bytearray)):
        return "x'%s'" % bytes(value).hex()
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, (int, float)):
        return repr(value)
    return "'%s'" % str(value).replace("'", "''")


class _StateCall:
    def __init__(self, name, sql):
        self.name, self.alias, self.text = name, name, sql

    def sql(self, suffix=""):
        return self.text


class _TablePlan(_Plan):
    """States of all rows in, the rows of NAME_merge out."""

    def __init__(self, library, inputs, columns, kinds):
        _Plan.__init__(self, library, [_StateCall(inputs.name, inputs.state_sql())], [], columns, kinds)
        self.outputs = [name for name, _ in inputs.outputs]
        self.at_once = STATE
        self.keys = [c for c in ("in customer", "in conversion_customer") if c in columns]

    def _ordered(self, batches):
        return _in_runs(batches, self.keys) if self.keys else batches

    def _answers(self, connection, groups, g, types):
        sql = "SELECT %s FROM %s_merge('state', 's')" % (", ".join(map(_quoted, self.outputs)), self.calls[0].name)
        yield from _rows(connection.execute(sql), self.calls[0].name, self.outputs, self.kinds)


class _CustomerPlan(_Plan):
    """Rows of whole customers in, a row for each of them out."""

    def __init__(self, library, name, sql, columns, outputs, kinds):
        _Plan.__init__(self, library, [], [], columns, kinds)
        self.name, self.sql, self.outputs = name, sql, outputs

    def rows(self, batches):
        connection = self.library.open()
        _view(connection, "part", list(map(_quoted, self.columns)))
        for batch in batches:
            _insert(connection, "part", batch, self.columns)
        yield from _rows(connection.execute(self.sql), self.name, self.outputs, self.kinds)
        connection.close()


def _rows(cursor, what, names, kinds):
    import pyarrow as pa

    for lists in _columns_of(cursor):
        arrays = [_figures(what, n, kind, values) for n, kind, values in zip(names, kinds, lists)]
        yield pa.RecordBatch.from_arrays(arrays, names=names)


def table(df, name, conversions=None, library="ship", returns=None, **given):
    """A table of siyu over a DataFrame: table(orders, "cohort_window", customer="buyer", time="paid_at",
    amount="cents", grain="month").

    given        the table's inputs by their names: columns (customer for customer_col) and parameters
    conversions  the second DataFrame of attribution, whose columns are conversion_customer,
                 conversion_time, amount, conversion_id
    library, returns   as in aggregate(); returns by names of the table's columns

    Tables with states: partitions make these, one task merges them.  customer_summary: customers
    are brought together, each partition has some of them; scores by rank are those among all.
    """
    from pyspark.sql.types import StructField, StructType

    place = _Library(df.sparkSession, library)
    connection = _open_with(place.here)
    try:
        inputs = _Inputs(connection, name, given)
    finally:
        connection.close()
    if inputs.state is None:
        if name in BY_CUSTOMER:
            return _customer_summary(df, inputs, place, returns or {})
        raise ValueError("%s runs on one machine: %s; bring its rows into one file and ask SQLite" % (
            name, ONE_MACHINE.get(name, "its parts do not add up")))
    rows = _source(df, inputs, conversions)
    kinds = inputs.kinds(rows, returns or {})
    plan = _TablePlan(place, inputs, rows.columns, kinds)
    schema = StructType([StructField(n, _type(k)) for n, k in zip(plan.outputs, kinds)])
    return _states(rows, plan).mapInArrow(plan.merged, schema)


def _source(df, inputs, conversions):
    """The columns under the names of their inputs; of attribution, touches and conversions below each other."""
    from pyspark.sql import functions as F

    second = ("conversion_customer", "conversion_time", "amount", "conversion_id")
    if inputs.name == "attribution":
        if conversions is None:
            raise ValueError("attribution needs conversions=, a DataFrame of them")
        for column, usual in (("customer", "customer"), ("time", "time"), ("channel", "channel")):
            inputs.columns.setdefault(column, usual)
        inputs.columns.setdefault("conversion_customer", inputs.columns["customer"])
        inputs.columns.setdefault("conversion_time", inputs.columns["time"])
        for column in ("amount", "conversion_id"):
            if column in conversions.columns:
                inputs.columns.setdefault(column, column)
    _check_columns(df, [c for k, c in inputs.columns.items() if inputs.name != "attribution" or k not in second] + inputs.steps())
    named = inputs.columns.items()
    if inputs.name != "attribution":
        flags = [F.col(_tick(c)) for c in dict.fromkeys(inputs.steps())]
        return df.select(*[F.col(_tick(c)).alias("in " + k) for k, c in named], *flags)
    touch = [F.col(_tick(c)).alias("in " + k) for k, c in named if k not in second]
    paid = [F.col(_tick(c)).alias("in " + k) for k, c in named if k in second]
    return df.select(*touch).unionByName(conversions.select(*paid), allowMissingColumns=True)


def _check_columns(df, columns):
    for column in columns:
        if column not in df.columns:
            raise ValueError("there is no column %s; there are %s" % (column, ", ".join(df.columns)))


# ---- customer_summary: figures of each customer, then scores among all ----


def _customer_summary(df, inputs, place, returns):
    from pyspark.sql import functions as F
    from pyspark.sql.types import StructField, StructType

    _check_columns(df, list(inputs.columns.values()))
    p = inputs.parameters
    ranked = not all(p.get(k) for k in (("r_limits", "f_limits", "m_limits") if "amount" in inputs.columns else ("r_limits", "f_limits")))
    if ranked and p.get("ties", "share") == "ntile" and re.search("[A-Za-y]", str(p.get("tz") or "")):
        raise ValueError("ties 'ntile' ranks by the last time, which a zone with summer time tells twice: give tz as an offset, such as '+08:00'")
    rows = df.select(*[F.col(_tick(c)).alias("in " + k) for k, c in inputs.columns.items()]).where("`in customer` IS NOT NULL")
    if not p.get("as_of"):
        p["as_of"] = _last_time(rows, place, p.get("tz")) or "2000-01-01"
    names = [n for n, _ in inputs.outputs]
    kinds = inputs.kinds(rows, returns)
    conditions = ["source = 'part'"] + ["%s_col = %s" % (k, _literal("in " + k)) for k in inputs.columns]
    conditions += ["%s = %s" % (k, _literal(v)) for k, v in p.items()]
    figures = [n for n in names if not ranked or n not in ("r", "f", "m", "segment", "rfm_group")]
    sql = "SELECT %s FROM customer_summary WHERE %s" % (", ".join(map(_quoted, figures)), " AND ".join(conditions))
    of = dict(zip(names, kinds))
    plan = _CustomerPlan(place, "customer_summary", sql, rows.columns, figures, [of[n] for n in figures])
    schema = StructType([StructField(n, _type(of[n])) for n in figures])
    whole = rows.repartition("in customer").mapInArrow(plan.rows, schema)
    return _scored(whole, inputs, place, names, of) if ranked else whole.select(*names)


def _last_time(rows, place, tz):
    """The last time of any customer's row: the end of observation where none is given."""
    from pyspark.sql.types import StringType, StructField, StructType

    zone = _literal(tz or "+00:00")
    sql = "SELECT max(local_time(\"in time\", %s)) FROM part WHERE trim(\"in customer\") <> ''" % zone
    plan = _CustomerPlan(place, "the last time", sql, rows.columns, ["t"], ["string"])
    times = [r[0] for r in rows.mapInArrow(plan.rows, StructType([StructField("t", StringType())])).collect()]
    return max((t for t in times if t is not None), default=None)


def _scored(whole, inputs, place, names, of):
    """Scores among all customers: what they are decided by is found first, then each partition scores its own."""
    from pyspark.sql.types import StructField, StructType

    p = inputs.parameters
    bins = int(p.get("bins") or 5)
    figure = {"r": "recency - age", "f": "orders", "m": "revenue"}       # of days or hours of silence, less is better
    whole = whole.persist()
    n = whole.count()
    per_day = 1 / 24.0 if p.get("unit") == "hour" else 1
    means = _means(whole, "amount" in inputs.columns, per_day) if p.get("score_by") == "mean" else None
    score, levels = {}, {}
    for k, value in figure.items():
        limits = [float(w) for w in str(p.get(k + "_limits") or "").split(",") if w.strip()]
        if k == "m" and "amount" not in inputs.columns:
            score[k], levels[k] = "NULL", bins
        elif limits:
            reached = "(age - recency) * %r <= " % per_day if k == "r" else value + " >= "
            score[k], levels[k] = "1" + "".join(" + coalesce(%s%r, 0)" % (reached, w) for w in limits), len(limits) + 1
        elif means:
            score[k], levels[k] = "1 + coalesce(%s, 0)" % _not_worse(k, means[k], per_day), 2
        else:
            score[k], levels[k] = _by_rank(whole, k, value, n, bins, p.get("ties") == "ntile"), bins
    high = {k: 3 * levels[k] // 5 + 1 for k in levels}
    sql = (
        "WITH scored AS (SELECT *, %s AS r, %s AS f, %s AS m FROM part) SELECT %s FROM (SELECT *, "
        "CASE WHEN m IS NOT NULL THEN rfm_segment(1 + 4*(r >= %d), 1 + 4*(f >= %d), 1 + 4*(m >= %d)) END AS segment, "
        "CASE WHEN m IS NOT NULL THEN rfm_group(CASE WHEN orders > 0 THEN %s END, %s, %s) END AS rfm_group FROM scored)"
        % (score["r"], score["f"], score["m"], ", ".join(map(_quoted, names)), high["r"], high["f"], high["m"],
           *["(5*%s + %d) / %d" % (k, levels[k] - 1, levels[k]) for k in "rfm"])
    )
    plan = _CustomerPlan(place, "customer_summary", sql, whole.columns, names, [of[k] for k in names])
    return whole.mapInArrow(plan.rows, StructType([StructField(k, _type(of[k])) for k in names]))


def _by_rank(whole, k, value, n, bins, ntile):
    """share: 1 + floor(bins * customers strictly worse / customers), that is 1 + the cuts below the value, the k-th cut
    being the value of rank ceil(k * customers / bins).  ntile: 1 + the groups that begin at or before (value, customer)."""
    if not ntile:
        ranks = [-(-i * n // bins) - 1 for i in range(1, bins)]
        cuts = _ranks(whole.selectExpr(value + " AS v"), ["v"], ranks if n else [])
        return "1" + "".join(" + (%s IS NOT NULL)" % value if c is None else " + coalesce(%s > %s, 0)" % (value, _literal(c)) for c, in cuts)
    value = "last_time" if k == "r" else value
    ranks = [i * (n // bins) + min(i, n % bins) for i in range(1, bins)]
    cuts = _ranks(whole.selectExpr(value + " AS v", "customer"), ["v", "customer"], [r for r in ranks if r < n])
    text = "1"
    for cut, customer in cuts:
        same = "customer >= " + _literal(customer)
        text += " + (%s)" % ("%s IS NOT NULL OR %s" % (value, same) if cut is None else
                             "coalesce({0} > {1} OR ({0} = {1} AND {2}), 0)".format(value, _literal(cut), same))
    return text


def _means(whole, money, per_day):
    """Of r, f and m how many customers have a value, and their sum: exact, as integers of 2 ** -1074."""
    wanted = whole.selectExpr("age - recency AS r", "orders AS f", *(["revenue AS m"] if money else []))

    def added(batches):
        import pyarrow as pa

        found = {}
        for batch in batches:
            for name in batch.schema.names:
                for value in batch.column(name).value_counts().to_pylist():
                    if value["values"] is None:
                        continue
                    over, under = (value["values"] * (per_day if name == "r" else 1)).as_integer_ratio()
                    count, total = found.get(name, (0, 0))
                    found[name] = count + value["counts"], total + value["counts"] * (over * ((1 << 1074) // under))
        yield pa.RecordBatch.from_pydict({"k": list(found), "n": [str(v[0]) for v in found.values()], "s": [str(v[1]) for v in found.values()]},
                                         schema=pa.schema([("k", pa.string()), ("n", pa.string()), ("s", pa.string())]))

    means = {k: [0, 0] for k in "rfm"}
    for k, count, total in wanted.mapInArrow(added, "k string, n string, s string").collect():
        means[k][0] += int(count)
        means[k][1] += int(total)
    return means


def _not_worse(k, mean, per_day):
    """SQL of "not worse than the mean": at most so many days of silence, at least so many orders, so much money."""
    from fractions import Fraction

    count, total = mean
    if not count:
        return "0"
    mean = Fraction(total, count << 1074)
    if k == "r":
        most = int(mean / Fraction(per_day)) + 2
        while Fraction(most * per_day) > mean:
            most -= 1
        return "age - recency <= %d" % most
    if mean.denominator == 1:
        return "%s >= %d" % ("orders" if k == "f" else "revenue", mean.numerator)
    near = float(mean)
    return "%s %s %r" % ("orders" if k == "f" else "revenue", ">=" if Fraction(near) >= mean else ">", near)


def _ranks(rows, order, ranks):
    """The rows at these places in ascending order, NULL first."""
    if not ranks:
        return []
    wanted = set(ranks)
    found = rows.sort(*order).rdd.map(tuple).zipWithIndex().filter(lambda p: p[1] in wanted).map(lambda p: (p[1], p[0])).collectAsMap()
    return [found[r] for r in ranks]
