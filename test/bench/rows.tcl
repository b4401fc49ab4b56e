# What the benchmark measures.  A line each:
#
#     floor NAME SQL                             SQLite's own work, the unit of the ratios
#     row NAME FLOOR TARGET SQL ?PLAIN_SQL? ?PER?  TARGET is a ratio, or - for none; PER: bytes are
#                                                per so many, instead of per customer
#
# PLAIN_SQL must give the same answer, which is asserted before anything is timed; what it
# took then is shown as a ratio too.
#
# Tables, in time order, without an index: orders(customer INTEGER, time INTEGER, amount
# INTEGER), text_orders(customer TEXT of 28 characters, time TEXT ISO, amount INTEGER); and
# indexed_orders, orders with an index on (customer, time, amount).  As many rows have
# visits(customer, time, seen, asked, paid); members(customer, referrer, amount) one a customer,
# touches(customer, time, channel) two, conversions(customer, time, amount) one in five.
# AS_OF is the day after the last order.

floor scan       {SELECT sum(amount), max(customer) FROM orders}
floor scan3      {SELECT sum(amount), max(customer), max(time) FROM orders}
floor text_scan  {SELECT sum(amount), max(customer) FROM text_orders}
floor text_scan3 {SELECT sum(amount), max(customer), max(time) FROM text_orders}
floor group      {SELECT sum(n) FROM (SELECT noop(time) AS n FROM orders GROUP BY customer)}

row gmv                 scan 1.0 {SELECT gmv(amount) FROM orders} {SELECT sum(amount) FROM orders}
row arpu                scan 1.0 {SELECT arpu(customer, amount) FROM orders} {SELECT 1.0 * sum(amount) / count(DISTINCT customer) FROM orders}
row arppu               scan -   {SELECT arppu(customer, amount) FROM orders} {SELECT 1.0 * sum(m) / sum(m > 0) FROM (SELECT sum(amount) AS m FROM orders GROUP BY customer)}
row effective_customers scan -   {SELECT effective_customers(customer, amount) FROM orders} {SELECT count(*) FROM (SELECT 1 FROM orders GROUP BY customer HAVING sum(amount) > 0)}
row repurchase_rate     scan 1.1 {SELECT repurchase_rate(customer) FROM orders} {SELECT avg(n > 1) FROM (SELECT count(*) AS n FROM orders GROUP BY customer)}
row {repurchase_rate, 90 days} scan3 - {SELECT repurchase_rate(customer, time, 90, AS_OF) FROM orders} {SELECT avg(second <= first + 90 * 86400) FROM (SELECT customer, max(CASE n WHEN 1 THEN time END) AS first, coalesce(max(CASE n WHEN 2 THEN time END), 1e18) AS second FROM (SELECT customer, time, row_number() OVER (PARTITION BY customer ORDER BY time) AS n FROM orders) GROUP BY customer) WHERE first + 90 * 86400 < CAST(strftime('%s', AS_OF, '+1 day') AS INTEGER)}
row ltv                 scan3 -  {SELECT ltv(customer, time, amount, AS_OF) FROM orders} {SELECT 1.0 * (SELECT sum(amount) FROM orders) / count(*) FROM (SELECT 1 FROM orders WHERE amount >= 0 GROUP BY customer HAVING max(time) + 180 * 86400 < CAST(strftime('%s', AS_OF, '+1 day') AS INTEGER) - 1)}

row {arpu, TEXT}            text_scan  1.3 {SELECT arpu(customer, amount) FROM text_orders} {SELECT 1.0 * sum(amount) / count(DISTINCT customer) FROM text_orders}
row {repurchase_rate, TEXT} text_scan  1.3 {SELECT repurchase_rate(customer) FROM text_orders} {SELECT avg(n > 1) FROM (SELECT count(*) AS n FROM text_orders GROUP BY customer)}
row {repurchase_rate, 90 days, TEXT, ISO} text_scan3 - {SELECT repurchase_rate(customer, time, 90, AS_OF) FROM text_orders}
row {ltv, TEXT, ISO}        text_scan3 -   {SELECT ltv(customer, time, amount, AS_OF) FROM text_orders}

row {lifecycle_stage_at, GROUP BY customer} group 1.3 {SELECT count(*) FILTER (WHERE stage = 'churned') FROM (SELECT lifecycle_stage_at(time, AS_OF) AS stage FROM orders GROUP BY customer)} {SELECT count(*) FROM (SELECT 1 FROM orders GROUP BY customer HAVING max(time) + 180 * 86400 < CAST(strftime('%s', AS_OF, '+1 day') AS INTEGER) - 1)}
row {gmv, GROUP BY customer} group 1.3 {SELECT sum(n) FROM (SELECT gmv(amount) AS n FROM orders GROUP BY customer)} {SELECT sum(amount) FROM orders}

# ---- money per customer --------------------------------------------------------------------

row {top_share, best 10 %} scan - {SELECT top_share(customer, amount, 0.1) FROM orders} {WITH c AS (SELECT sum(amount) AS m FROM orders GROUP BY customer) SELECT 1.0 * (SELECT sum(m) FROM (SELECT m FROM c ORDER BY m DESC LIMIT (SELECT (count(*) + 9) / 10 FROM c))) / (SELECT sum(m) FROM c)}
row gini                scan -  {SELECT gini(customer, abs(amount)) FROM orders} {SELECT (2.0 * sum(i * m) / sum(m) - count(*) - 1) / count(*) FROM (SELECT sum(abs(amount)) AS m, row_number() OVER (ORDER BY sum(abs(amount))) AS i FROM orders GROUP BY customer)}
row repeat_share        scan -  {SELECT repeat_share(customer, amount) FROM orders} {SELECT 1.0 * sum(m) FILTER (WHERE n > 1) / sum(m) FROM (SELECT sum(amount) AS m, sum(amount >= 0) AS n FROM orders GROUP BY customer)}
row orders_per_customer scan -  {SELECT orders_per_customer(customer) FROM orders} {SELECT 1.0 * count(*) / count(DISTINCT customer) FROM orders}
row {orders_per_customer, order_id} scan3 - {SELECT orders_per_customer(customer, time / 86400) FROM orders} {SELECT 1.0 * count(*) / count(DISTINCT customer) FROM (SELECT DISTINCT customer, time / 86400 FROM orders)}

# ---- rhythm ----------------------------------------------------------------------------------

row {purchase_cycle, pooled} scan3 - {SELECT purchase_cycle(customer, time, 0.5) FROM orders} {WITH g AS (SELECT d - lag(d) OVER (PARTITION BY customer ORDER BY d) AS gap FROM (SELECT DISTINCT customer, time / 86400 AS d FROM orders)), r AS (SELECT gap, row_number() OVER (ORDER BY gap) AS i, count(*) OVER () AS n FROM g WHERE gap IS NOT NULL) SELECT avg(gap) FROM r WHERE i IN ((n + 1) / 2, (n + 2) / 2)}
row stickiness          scan3 - {SELECT stickiness(customer, time) FROM orders} {SELECT (SELECT avg(n) FROM (SELECT count(DISTINCT customer) AS n FROM orders GROUP BY time / 86400)) / avg(n) FROM (SELECT count(DISTINCT customer) AS n FROM orders GROUP BY strftime('%Y-%m', time, 'unixepoch'))}
row {purchase_cycle, GROUP BY customer} group - {SELECT sum(d) FROM (SELECT purchase_cycle(time) AS d FROM orders GROUP BY customer)}

# ---- service, experiment: a conversation per customer, every third message of the staff --------

row response_time       scan3 - {SELECT response_time(customer, time, amount % 3) FROM orders} {WITH m AS (SELECT customer, time, amount % 3 <> 0 AS mine, lag(amount % 3 <> 0, 1, 0) OVER one AS before, min(CASE WHEN amount % 3 = 0 THEN time END) OVER (one ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS answer FROM orders WINDOW one AS (PARTITION BY customer ORDER BY time)), r AS (SELECT answer - time AS s, row_number() OVER (ORDER BY answer - time) AS i, count(*) OVER () AS n FROM m WHERE mine AND NOT before AND answer IS NOT NULL) SELECT avg(s) FROM r WHERE i IN ((n + 1) / 2, (n + 2) / 2)}
row uplift              scan -  {SELECT uplift(customer % 2, amount) FROM orders} {SELECT avg(amount) FILTER (WHERE customer % 2) - avg(amount) FILTER (WHERE NOT customer % 2) FROM orders}
row uplift_p_value      scan -  {SELECT uplift_p_value(customer % 2, amount) FROM orders}
row tgi                 scan -  {SELECT tgi(customer % 2, amount > 20000) FROM orders} {SELECT 100.0 * sum(customer % 2 AND amount > 20000) * count(*) / sum(customer % 2) / sum(amount > 20000) FROM orders}

# ---- paths: three steps within 30 days, a pair of steps, sessions, a cap -----------------------

row {window_funnel, GROUP BY customer} group - {SELECT sum(d) FROM (SELECT window_funnel(30, time, amount % 3 = 0, amount % 3 = 1, amount % 3 = 2) AS d FROM orders GROUP BY customer)} {SELECT (SELECT count(DISTINCT customer) FROM orders WHERE amount % 3 = 0) + (SELECT count(DISTINCT a.customer) FROM orders AS a JOIN orders AS b ON b.customer = a.customer AND b.time BETWEEN a.time AND a.time + 30 * 86400 AND b.amount % 3 = 1 WHERE a.amount % 3 = 0) + (SELECT count(DISTINCT a.customer) FROM orders AS a JOIN orders AS b ON b.customer = a.customer AND b.time BETWEEN a.time AND a.time + 30 * 86400 AND b.amount % 3 = 1 JOIN orders AS c ON c.customer = a.customer AND c.time BETWEEN b.time AND a.time + 30 * 86400 AND c.amount % 3 = 2 WHERE a.amount % 3 = 0)}
row {sequence_match, GROUP BY customer} group - {SELECT sum(hit) FROM (SELECT sequence_match('(?1).*(?2)', time, amount % 3 = 0, amount % 3 = 1) AS hit FROM orders GROUP BY customer)} {SELECT count(DISTINCT a.customer) FROM orders AS a JOIN orders AS b ON b.customer = a.customer AND b.time >= a.time AND b.amount % 3 = 1 WHERE a.amount % 3 = 0}
row {session_number, GROUP BY customer} group - {SELECT sum(n) FROM (SELECT session_number(time, 7) AS n FROM orders GROUP BY customer)} {SELECT sum(fresh) FROM (SELECT time - lag(time, 1, 0) OVER (PARTITION BY customer ORDER BY time) > 7 * 86400 AS fresh FROM orders)}
row {within_cap, window} group - {SELECT sum(ok) FROM (SELECT within_cap(time, 2, 30) OVER (PARTITION BY customer ORDER BY time ROWS UNBOUNDED PRECEDING) AS ok FROM orders)}

# Cohorts, month by month: retention of visits (any row counts) and of orders (no refunds), and
# with orders, revenue and LTV.  The answer is a
# sum over the cells that weighs each by its place; cells without orders, which plain SQL lacks, add nothing.
proc cohort_retention {source {amount 'amount'}} {
  return "SELECT round(sum(retention * (period + 1)), 6) FROM cohort_window('$source', 'customer', 'time', $amount, 'month')"
}
proc cohort_value {source} {
  return "SELECT round(sum(retention * (period + 1) + revenue * 0.001 * (period + 1) + ltv * (orders > 0) + orders), 3)
    FROM cohort_window('$source', 'customer', 'time', 'amount', 'month')"
}
# What an expert writes: one pass for the first months, one for the cells.
proc expert_cells {source month {is_order "amount >= 0"}} {
  return "WITH month AS (SELECT customer, amount, $month AS m FROM $source),
    first AS MATERIALIZED (SELECT customer, min(m) AS start FROM month WHERE $is_order GROUP BY customer),
    size AS (SELECT start, count(*) AS n FROM first GROUP BY start),
    cell AS (SELECT start, m - start AS k, count(DISTINCT customer) FILTER (WHERE $is_order) AS customers,
                    count(*) FILTER (WHERE $is_order) AS orders, sum(amount) AS revenue
             FROM month JOIN first USING (customer) WHERE m >= start GROUP BY 1, 2),
    running AS (SELECT *, 1.0 * sum(revenue) OVER (PARTITION BY start ORDER BY k) / n AS ltv, 1.0 * customers / n AS retention
                FROM cell JOIN size USING (start))"
}
# Grouped by (customer, month) first, in the order of an index: the cleverest that we know.
proc clever_cells {source month {is_order "amount >= 0"}} {
  return "WITH active AS MATERIALIZED (
      SELECT customer, $month AS m, sum(amount) AS revenue, count(*) FILTER (WHERE $is_order) AS orders
      FROM $source GROUP BY 1, 2),
    dated AS (SELECT *, min(CASE WHEN orders THEN m END) OVER (PARTITION BY customer) AS start FROM active),
    cell AS (SELECT start, m - start AS k, count(*) FILTER (WHERE orders) AS customers, sum(orders) AS orders,
                    sum(revenue) AS revenue FROM dated WHERE m >= start GROUP BY 1, 2),
    running AS (SELECT *, 1.0 * sum(revenue) OVER (PARTITION BY start ORDER BY k) / n AS ltv, 1.0 * customers / n AS retention
                FROM (SELECT *, max(customers) FILTER (WHERE k = 0) OVER (PARTITION BY start) AS n FROM cell))"
}
# Retention alone, cleverer still: months from a calendar of days, a bit for each month of a
# customer, which sum(DISTINCT) sets, and a column for each period.
proc bit_retention {source {is_order 1}} {
  for {set k 0} {$k < 24} {incr k} {lappend weighed "[expr {$k + 1}] * sum(bits >> (start + $k) & 1)"}
  return "WITH bits AS MATERIALIZED (
      SELECT min(month) FILTER (WHERE $is_order) AS start, sum(DISTINCT 1 << month) FILTER (WHERE $is_order) AS bits
      FROM $source CROSS JOIN calendar ON day = time / 86400 GROUP BY customer)
    SELECT round(sum(r), 6) FROM (
      SELECT ([join $weighed { + }]) * 1.0 / count(*) AS r FROM bits WHERE start IS NOT NULL GROUP BY start)"
}
set plain_retention {SELECT round(sum(retention * (k + 1)), 6) FROM running}
set plain_value {SELECT round(sum(retention * (k + 1) + revenue * 0.001 * (k + 1) + ltv * (orders > 0) + orders), 3) FROM running}
set unix_month {CAST(strftime('%Y', time, 'unixepoch') AS INTEGER) * 12 + CAST(strftime('%m', time, 'unixepoch') AS INTEGER)}
set text_month {substr(time, 1, 4) * 12 + substr(time, 6, 2)}

row {cohorts, visits}                  scan3 0.9 [cohort_retention orders NULL] "[expert_cells orders $unix_month 1] $plain_retention"
row {cohorts, visits, index}           scan3 0.6 [cohort_retention indexed_orders NULL] [bit_retention indexed_orders]
row {cohorts, retention}               scan3 0.9 [cohort_retention orders] "[expert_cells orders $unix_month] $plain_retention"
row {cohorts, revenue and LTV}         scan3 1.1 [cohort_value orders] "[expert_cells orders $unix_month] $plain_value"
row {cohorts, retention, index}        scan3 0.6 [cohort_retention indexed_orders] [bit_retention indexed_orders {amount >= 0}]
row {cohorts, revenue and LTV, index}  scan3 0.6 [cohort_value indexed_orders] "[clever_cells indexed_orders $unix_month] $plain_value"
row {cohorts, expert SQL with index}   scan3 0.6 [cohort_value indexed_orders] "[expert_cells indexed_orders $unix_month] $plain_value"
row {cohorts, retention, TEXT, ISO}    text_scan3 1.0 [cohort_retention text_orders] "[expert_cells text_orders $text_month] $plain_retention"
row {cohorts, revenue and LTV, TEXT, ISO} text_scan3 1.0 [cohort_value text_orders] "[expert_cells text_orders $text_month] $plain_value"
# ---- tables over customers ---------------------------------------------------------------------

# A few outputs: what a row of SQLite's own costs per column is not theirs.
row {customer_summary: cycle, monetary} scan3 1.5 {SELECT count(*), sum(active_days), sum(revenue), sum(cycle_days) > 0, sum(monetary) > 0 FROM customer_summary('orders', 'customer', 'time', 'amount')} {SELECT count(*), sum(d), sum(m), 1, 1 FROM (SELECT count(DISTINCT CASE WHEN amount >= 0 THEN time / 86400 END) AS d, sum(amount) AS m FROM orders GROUP BY customer)}
row {customer_summary: RFM} scan3 1.5 {SELECT sum(r), sum(f), sum(m) FROM customer_summary('orders', 'customer', 'time', 'amount') WHERE ties = 'ntile'} {SELECT sum(r), sum(f), sum(m) FROM (SELECT ntile(5) OVER (ORDER BY last) AS r, ntile(5) OVER (ORDER BY n) AS f, ntile(5) OVER (ORDER BY m) AS m FROM (SELECT max(time) AS last, count(*) AS n, sum(amount) AS m FROM orders GROUP BY customer))}
row {customer_summary: all columns} scan3 1.5 {SELECT count(customer), sum(orders), sum(active_days), max(first_time), max(last_time), sum(frequency), sum(recency), sum(age), sum(revenue), sum(monetary) > 0, sum(cycle_days) > 0, max(next_time), sum(overdue) > 0, sum(r), sum(f), sum(m), max(segment), max(stage) FROM customer_summary('orders', 'customer', 'time', 'amount')}
row {lifecycle_flow by month} scan3 - {SELECT sum(active), sum(active_revenue) FROM lifecycle_flow('orders', 'customer', 'time', 'amount')} {SELECT count(*), sum(m) FROM (SELECT sum(amount) AS m FROM orders GROUP BY customer, strftime('%Y-%m', time, 'unixepoch') HAVING max(amount) >= 0)}
row {stage_transition} scan3 - {SELECT sum(customers) FROM stage_transition('orders', 'customer', 'time', '2024-06-30', AS_OF)} {SELECT count(DISTINCT customer) FROM orders}

# ---- tables over paths ----------------------------------------------------------------------------

floor visit_scan  {SELECT max(customer), max(time), sum(seen), sum(asked), sum(paid) FROM visits}
floor member_scan {SELECT max(customer), max(referrer), sum(amount) FROM members}
floor touch_scan  {SELECT (SELECT max(customer) + max(time) + max(length(channel)) FROM touches), (SELECT max(customer) + max(time) + sum(amount) FROM conversions)}

# Plain SQL: a join for each step; below whom everybody stands, by a recursive query over the
# primary key; paths by a join.
row {funnel, 3 steps} visit_scan 2.0 {SELECT sum(customers * step) FROM funnel('visits', 'customer', 'time', 30, 'seen, asked, paid')} {SELECT (SELECT count(DISTINCT customer) FROM visits WHERE seen) + 2 * (SELECT count(DISTINCT a.customer) FROM visits AS a JOIN visits AS b ON b.customer = a.customer AND b.time BETWEEN a.time AND a.time + 30 * 86400 AND b.asked WHERE a.seen) + 3 * (SELECT count(DISTINCT a.customer) FROM visits AS a JOIN visits AS b ON b.customer = a.customer AND b.time BETWEEN a.time AND a.time + 30 * 86400 AND b.asked JOIN visits AS c ON c.customer = a.customer AND c.time BETWEEN b.time AND a.time + 30 * 86400 AND c.paid WHERE a.seen)}
row {funnel, 3 steps, step times} visit_scan - {SELECT sum(customers * step), sum(median_seconds) > 0 FROM funnel('visits', 'customer', 'time', 30, 'seen, asked, paid')}
row {referral_tree} member_scan - {SELECT max(depth), sum(depth), max(team), sum(team_amount) FROM referral_tree('members', 'customer', 'referrer', 'amount')} {WITH RECURSIVE above(top, customer, steps) AS (SELECT referrer, customer, 1 FROM members WHERE referrer IS NOT NULL UNION ALL SELECT m.referrer, above.customer, steps + 1 FROM above JOIN members AS m ON m.customer = top WHERE m.referrer IS NOT NULL), team AS (SELECT top, count(*) AS n, sum(amount) AS money, max(steps) AS depth FROM above JOIN members USING (customer) GROUP BY top) SELECT max(depth), sum(n), max(n), sum(money) FROM team}
proc plain_attribution {weight} {
  return "WITH path AS (SELECT c.rowid AS id, unicode(channel) AS ch, amount, row_number() OVER w AS i, count(*) OVER (PARTITION BY c.rowid) AS n
      FROM conversions AS c JOIN touches AS t ON t.customer = c.customer AND t.time BETWEEN c.time - 180 * 86400 AND c.time
      WHERE amount >= 0 WINDOW w AS (PARTITION BY c.rowid ORDER BY t.time, channel))
    SELECT sum(ch * ($weight)) + 0.001 * sum(amount * ($weight)) FROM path"
}
proc attribution {model} {
  return "SELECT sum(conversions * unicode(channel)) + 0.001 * sum(revenue) FROM attribution('touches', 'conversions', '$model', 180) WHERE channel <> '(none)'"
}
row {attribution, last}     touch_scan - [attribution last] [plain_attribution {i = n}]
row {attribution, linear}   touch_scan - [attribution linear] [plain_attribution {1.0 / n}]
row {attribution, shapley}  touch_scan - [attribution shapley]
row {attribution, markov}   touch_scan - [attribution markov]

floor link_scan {SELECT max(record), max(length(id_type)), max(id_value) FROM links}
row {identity_cluster, bytes per record} link_scan - {SELECT sum(one_id), max(cluster_size) FROM identity_cluster('links', 'record', 'id_type', 'id_value')} {SELECT sum(n * first), max(n) FROM (SELECT min(record) AS first, count(DISTINCT record) AS n FROM links GROUP BY person)} [expr {$rows / 2}]
row {identity_cluster, via} link_scan - {SELECT sum(one_id), count(via_type) > 0, max(via_value) > 0 FROM identity_cluster('links', 'record', 'id_type', 'id_value')} {} [expr {$rows / 2}]

# ---- the same from a ledger: order_ledger of orders, text_ledger of text_orders -----------------

row {ledger: rows, sum}          scan3 - {SELECT count(*), sum(amount) FROM order_ledger} {SELECT count(*), sum(amount) FROM orders}
row {ledger: cohorts, visits}    scan3 - [cohort_retention order_ledger NULL] [bit_retention indexed_orders]
row {ledger: cohorts, retention} scan3 - [cohort_retention order_ledger] [bit_retention indexed_orders {amount >= 0}]
row {ledger: cohorts, revenue and LTV} scan3 - [cohort_value order_ledger] "[clever_cells indexed_orders $unix_month] $plain_value"
row {ledger: cohorts, revenue and LTV, TEXT, ISO} text_scan3 - [cohort_value text_ledger] "[expert_cells text_orders $text_month] $plain_value"
row {ledger: customer_summary: cycle, monetary} scan3 - {SELECT count(*), sum(active_days), sum(revenue), sum(cycle_days) > 0, sum(monetary) > 0 FROM customer_summary('order_ledger')} {SELECT count(*), sum(d), sum(m), 1, 1 FROM (SELECT count(DISTINCT CASE WHEN amount >= 0 THEN time / 86400 END) AS d, sum(amount) AS m FROM orders GROUP BY customer)}
row {ledger: customer_summary: RFM} scan3 - {SELECT sum(r), sum(f), sum(m) FROM customer_summary('order_ledger') WHERE ties = 'ntile'} {SELECT sum(r), sum(f), sum(m) FROM (SELECT ntile(5) OVER (ORDER BY last) AS r, ntile(5) OVER (ORDER BY n) AS f, ntile(5) OVER (ORDER BY m) AS m FROM (SELECT max(time) AS last, count(*) AS n, sum(amount) AS m FROM orders GROUP BY customer))}
row {ledger: lifecycle_flow by month} scan3 - {SELECT sum(active), sum(active_revenue) FROM lifecycle_flow('order_ledger')} {SELECT count(*), sum(m) FROM (SELECT sum(amount) AS m FROM orders GROUP BY customer, strftime('%Y-%m', time, 'unixepoch') HAVING max(amount) >= 0)}
row {ledger: period_summary by month} scan3 - {SELECT sum(customers), sum(gmv), sum(orders) FROM period_summary('order_ledger')} {SELECT sum(c), sum(m), sum(n) FROM (SELECT count(DISTINCT CASE WHEN amount >= 0 THEN customer END) AS c, sum(amount) AS m, sum(amount >= 0) AS n FROM orders GROUP BY strftime('%Y-%m', time, 'unixepoch'))}
row {period_summary by month} scan3 - {SELECT sum(customers), sum(gmv), sum(orders) FROM period_summary('orders', 'customer', 'time', 'amount')} {SELECT sum(c), sum(m), sum(n) FROM (SELECT count(DISTINCT CASE WHEN amount >= 0 THEN customer END) AS c, sum(amount) AS m, sum(amount >= 0) AS n FROM orders GROUP BY strftime('%Y-%m', time, 'unixepoch'))}
