"""siyu demo: the brand of make demo in a database of one's own."""

import os
import time

from . import figures, resources
from .database import Database, Failure
from .terminal import Progress

SAYS = {
    "en": ("{}: {:,} customers, {:,} orders, two years, made in {:.0f} s\n",
           "\nNext:  siyu report {0} -o report.html      siyu shell {0}"),
    "zh": ("{}：{:,} 位客户，{:,} 笔订单，两年，用时 {:.0f} 秒\n",
           "\n接下来：  siyu report {0} -o report.html --lang zh      siyu shell {0}"),
}


def run(options):
    path = options.database
    if os.path.exists(path):
        raise Failure("there is a file %s already: -d NAME for another one" % path)
    if options.customers < 1:
        raise Failure("--customers %d: at least 1" % options.customers)
    begun = time.monotonic()
    progress = Progress(path, 3)
    database = Database(path)
    try:
        progress.at(0, "customers and orders of two years")
        database.run("SELECT siyu_setup('schema')")
        database.run("CREATE TEMP TABLE brand_size AS SELECT ? AS customers", (options.customers,))
        database.script(resources.text("demo", "brand.sql"))
        progress.at(1, "views")
        database.run("SELECT siyu_setup('kpi')")
        progress.at(2, "figures")
        made = time.monotonic() - begun
        counts = database.query("SELECT (SELECT count(*) FROM customers), (SELECT count(*) FROM order_rows WHERE is_order)")[1][0]
    finally:
        progress.end()
    said, after = SAYS[options.lang]
    print(said.format(path, counts[0], counts[1], made))
    options.format, options.all = "table", False
    figures.show(database, options)
    print(after.format(path))
    return 0
