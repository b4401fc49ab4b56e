"""A database with siyu loaded, the same for sqlite3, pysqlite3, sqlean and apsw."""

import siyu


class Failure(Exception):
    """What a person is told, and nothing else: no trace."""


class Database:
    def __init__(self, path=":memory:", must_exist=False):
        import os

        if must_exist and path != ":memory:" and not os.path.exists(path):
            raise Failure("there is no database %s: siyu import FILE -d %s makes one" % (path, path))
        self.path = path
        try:
            self.connection = siyu.connect(path)
        except (RuntimeError, ImportError) as error:
            raise Failure(str(error))
        except Exception as error:
            raise Failure("cannot open %s: %s" % (path, error))
        self.is_apsw = hasattr(self.connection, "createmodule") or type(self.connection).__module__.startswith("apsw")
        if not self.is_apsw:
            self.connection.isolation_level = None
            self.connection.text_factory = lambda data: data.decode("utf-8", "replace")

    def query(self, sql, values=()):
        """Names of the columns, and the rows."""
        cursor = self.connection.cursor()
        try:
            cursor.execute(sql, values)
            names = None
            if self.is_apsw:
                try:
                    names = [column[0] for column in cursor.getdescription()]
                except Exception:  # complete already: there is no row
                    return self._names(sql, values), []
            else:
                names = [column[0] for column in cursor.description or ()]
            return names, [tuple(row) for row in cursor.fetchall()]
        except Exception as error:
            raise self._failure(error)

    def _names(self, sql, values):
        cursor = self.connection.cursor()
        found = []
        cursor.setexectrace(lambda c, text, bound: found.extend(x[0] for x in c.getdescription()) or False)
        try:
            cursor.execute(sql, values)
        except Exception:  # the trace stops it
            pass
        return found

    def _failure(self, error):
        """The same for a person; an error that is not SQLite's as it is."""
        if not any(kind.__name__ == "Error" for kind in type(error).__mro__):
            return error
        text = str(error)
        return Failure("%s: %s" % (self.path, text) if "is not a database" in text or "malformed" in text or "locked" in text else text)

    def records(self, sql, values=()):
        names, rows = self.query(sql, values)
        return [dict(zip(names, row)) for row in rows]

    def value(self, sql, values=()):
        rows = self.query(sql, values)[1]
        return rows[0][0] if rows else None

    def run(self, sql, values=()):
        self.query(sql, values)

    def many(self, sql, rows):
        try:
            self.connection.cursor().executemany(sql, rows)
        except Exception as error:
            raise self._failure(error)

    def script(self, text):
        try:
            if self.is_apsw:
                self.connection.cursor().execute(text)
            else:
                self.connection.executescript(text)
        except Exception as error:
            raise self._failure(error)

    def close(self):
        self.connection.close()


def quoted(name):
    return '"' + str(name).replace('"', '""') + '"'
