"""siyu: private-domain customer analytics for SQLite.

    import sqlite3, siyu
    connection = sqlite3.connect("orders.db")
    siyu.load(connection)
    connection.execute("SELECT gmv(amount), arpu(customer, amount) FROM orders").fetchone()

Many Pythons are built without load_extension.  siyu.connect(path) then takes another module
that can: apsw, pysqlite3 or sqlean.
"""

import importlib
import os
import sys

__version__ = "@VERSION@"
__all__ = ["connect", "load", "loadable_path", "modules_that_can_load", "sqlalchemy_engine"]

_SUFFIX = {"win32": ".dll", "cygwin": ".dll", "darwin": ".dylib"}
_ADVICE = (
    "this Python's sqlite3 cannot load extensions (it was built without "
    "--enable-loadable-sqlite-extensions). Install one that can, and use siyu.connect(path): "
    "python -m pip install apsw   (or pysqlite3-binary, or sqlean.py)"
)


def loadable_path():
    """Path of the extension, without its suffix, as load_extension() and .load take it."""
    here = os.path.dirname(os.path.abspath(__file__))
    library = os.path.join(here, "siyu")
    suffix = _SUFFIX.get(sys.platform, ".so")
    sources = os.path.abspath(os.path.join(here, "..", "..", "..", ".."))
    if not os.path.exists(library + suffix) and os.path.exists(os.path.join(sources, "ext", "siyu.c")):
        library = os.path.join(sources, "siyu")          # not installed: what make has built
    if not os.path.exists(library + suffix):
        raise ImportError(
            "siyu was installed without its library %s: there is no wheel for this platform; "
            "build siyu.c (one file) and put it there" % (library + suffix)
        )
    return library


def load(connection):
    """Load siyu into a connection of sqlite3, apsw, pysqlite3, sqlean, SQLAlchemy or Django."""
    raw = _driver_connection(connection)
    path = loadable_path()
    if hasattr(raw, "enableloadextension"):  # apsw by its older names
        raw.enableloadextension(True)
        try:
            raw.loadextension(path)
        finally:
            raw.enableloadextension(False)
        return connection
    enable = getattr(raw, "enable_load_extension", None)
    if enable is None:
        raise RuntimeError(_ADVICE)
    try:
        enable(True)
    except Exception as error:  # sqlite3.NotSupportedError of some builds
        raise RuntimeError(_ADVICE) from error
    try:
        raw.load_extension(path)
    finally:
        enable(False)
    return connection


def _driver_connection(connection):
    for name in ("driver_connection", "dbapi_connection"):  # SQLAlchemy 2, 1.4
        inner = getattr(connection, name, None)
        if inner is not None:
            return inner
    inner = getattr(connection, "connection", None)
    if inner is not None and not hasattr(connection, "create_function"):
        return _driver_connection(inner)
    return connection


def _standard_can_load(module):
    connection = module.connect(":memory:")
    try:
        if not hasattr(connection, "enable_load_extension"):
            return False
        connection.enable_load_extension(True)
        return True
    except Exception:
        return False
    finally:
        connection.close()


def modules_that_can_load():
    """Modules at hand whose connections can load extensions, the standard one first."""
    found = []
    for name in ("sqlite3", "pysqlite3", "sqlean", "apsw"):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        if name == "apsw" or _standard_can_load(module):
            found.append(module)
    return found


def connect(path=":memory:", **options):
    """A connection with siyu loaded, by the first module at hand that can load extensions."""
    modules = modules_that_can_load()
    if not modules:
        raise RuntimeError(_ADVICE)
    module = modules[0]
    connection = module.Connection(path) if module.__name__ == "apsw" else module.connect(path, **options)
    return load(connection)


def sqlalchemy_engine(url="sqlite://", **options):
    """An SQLAlchemy engine whose connections have siyu loaded; JupySQL takes it as %sql engine."""
    from sqlalchemy import create_engine, event

    if "module" not in options:
        usable = [m for m in modules_that_can_load() if m.__name__ != "apsw"]
        if not usable:
            raise RuntimeError(_ADVICE.replace("apsw   (or pysqlite3-binary, or sqlean.py)", "pysqlite3-binary"))
        options["module"] = usable[0]
    engine = create_engine(url, **options)
    event.listen(engine, "connect", lambda raw, record: load(raw))
    return engine
