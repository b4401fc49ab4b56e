"""Datasette finds this by its entry point: every connection has siyu."""

from datasette import hookimpl

import siyu


@hookimpl
def prepare_connection(conn):
    siyu.load(conn)
