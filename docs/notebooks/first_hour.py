#!/usr/bin/env python3
"""The first hour in plain Python, without a notebook: the same questions, asked of a brand that is invented.

    python docs/notebooks/first_hour.py [brand.db]
"""

import os
import sys
import tempfile

from siyu.cli import main as siyu
from siyu.database import Database
from siyu.terminal import table

QUESTIONS = [
    ("What moved GMV? · 增长归因",
     "SELECT previous_gmv, round(by_users, 2) AS by_users, round(by_frequency, 2) AS by_frequency, round(by_order_value, 2) AS by_order_value, gmv FROM kpi_bridge"),
    ("The last months · 最近几个月",
     "SELECT substr(month, 1, 7) AS month, gmv, customers, round(repeat_revenue_share, 3) AS repeat_share FROM kpi_month ORDER BY month DESC LIMIT 4"),
    ("Who comes back · 同期群（季度）",
     "SELECT substr(cohort, 1, 7) AS cohort, cohort_size, period, round(retention, 3) AS retention FROM observed AS o "
     "CROSS JOIN cohort_window('order_rows', 'customer', 'at', 'amount', 'quarter') AS c WHERE c.as_of = o.as_of AND c.complete AND period IN (1, 2) ORDER BY 1, 3 LIMIT 8"),
    ("Channels · 渠道",
     "SELECT channel, buyers, round(cac, 2) AS cac, round(ltv_90, 2) AS ltv_90, round(ltv_cac_90, 1) AS ltv_cac FROM kpi_channel ORDER BY ltv_cac_90 DESC LIMIT 5"),
    ("Whom to write to today · 今天联系谁",
     "SELECT customer, reason, reason_zh FROM audience_due WHERE NOT is_control ORDER BY priority DESC, customer LIMIT 5"),
]


def ask(path):
    database = Database(path, must_exist=True)
    database.run("SELECT siyu_setup('kpi')")
    for title, sql in QUESTIONS:
        names, rows = database.query(sql)
        print("\n" + title)
        print(table(names, rows, right={i for i, cell in enumerate(rows[0] if rows else ()) if isinstance(cell, (int, float))}))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        ask(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "brand.db")
            siyu(["demo", "-d", path, "--customers", "4000"])
            ask(path)
