# What the benchmark measures.  A line each:
#
#     floor NAME SQL                             SQLite's own work, the unit of the ratios
#     row NAME FLOOR TARGET SQL ?PLAIN_SQL?      TARGET is a ratio, or - for none
#
# PLAIN_SQL must give the same answer, which is asserted before anything is timed; what it
# took then is shown as a ratio too.
#
# Tables, in time order, without an index: orders(customer INTEGER, time INTEGER, amount
# INTEGER), text_orders(customer TEXT of 28 characters, time TEXT ISO, amount INTEGER).
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
