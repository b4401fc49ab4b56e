-- The life cycle as views over the tables of sql/schema.sql: whom to talk to next, how the
-- base renews itself, who changes stage.  docs/lifecycle.md explains the columns.
--
--     .load ./siyu
--     .read sql/schema.sql
--     .read sql/lifecycle.sql
--
-- Wall-clock times; the end of observation is that of the view `observed`.  Money in minor units.

-- What is computed from orders, as tables of their own: views over them work in a schema that is
-- not trusted, too.  as_of is given where they are read.
CREATE VIRTUAL TABLE orders_summary USING customer_summary(source=orders, customer_col=customer, time_col=time,
  amount_col=amount, order_col=order_id);
CREATE VIRTUAL TABLE orders_flow USING lifecycle_flow(source=orders, customer_col=customer, time_col=time,
  amount_col=amount, grain=month);
CREATE VIRTUAL TABLE orders_transition USING stage_transition(source=orders, customer_col=customer, time_col=time,
  amount_col=amount, order_col=order_id);

-- One row per customer with at least one row of orders.
CREATE VIEW customer_value AS
SELECT s.customer, s.orders, s.active_days, s.first_time, s.last_time, s.frequency, s.recency, s.age,
       s.revenue, s.monetary, s.cycle_days, s.next_time, s.overdue, s.r, s.f, s.m, s.segment, s.stage,
       s.age - s.recency AS silent_days
FROM observed CROSS JOIN orders_summary AS s WHERE s.as_of = observed.as_of;

-- About to slip: later than their own rhythm, and not yet dormant by the common one.  The
-- most valuable first; overdue 1 is the day on which the next order was due.
CREATE VIEW audience_about_to_slip AS
SELECT customer, orders, cycle_days, last_time, next_time, silent_days, overdue, revenue, segment
FROM customer_value
WHERE overdue > 1 AND stage IN ('growth', 'maturity')
ORDER BY revenue DESC, overdue DESC, customer;

-- Bought once, no second order within 90 days: to be brought back.  Customers who are younger
-- than that are still in time and not in here, nor is who came back later.
CREATE VIEW audience_no_second_order AS
SELECT customer, first_time, age AS days_since, revenue, m
FROM customer_value
WHERE orders = 1 AND age > 90
ORDER BY revenue DESC, customer;

-- An order within the last two years and silent for more than 90 days: to be recalled.
CREATE VIEW audience_recall AS
SELECT v.customer, v.orders, v.last_time, v.silent_days, v.revenue, v.segment, v.stage, c.channel
FROM customer_value AS v JOIN customers AS c ON c.customer = v.customer, observed
WHERE v.silent_days > 90 AND date(v.last_time) >= date(observed.as_of, '-2 years')
ORDER BY v.revenue DESC, v.customer;

-- quick_ratio: customers gained for one that fell silent.  net_revenue_retention: money now of
-- last month's buyers who came again / all money of last month.  (RETURNING is a word of
-- SQL: the column is quoted.)
CREATE VIEW kpi_flow AS
SELECT period AS month, new, retained, resurrected, dormant, active, complete,
       new_revenue / 100.0 AS new_revenue, retained_revenue / 100.0 AS retained_revenue,
       resurrected_revenue / 100.0 AS resurrected_revenue, dormant_revenue / 100.0 AS dormant_revenue,
       active_revenue / 100.0 AS active_revenue, silent_revenue / 100.0 AS silent_revenue,
       1.0 * (new + resurrected) / nullif(dormant, 0) AS quick_ratio,
       1.0 * retained_revenue / nullif(retained_previous_revenue + dormant_revenue, 0) AS net_revenue_retention
FROM observed CROSS JOIN orders_flow AS f WHERE f.as_of = observed.as_of;

-- Stages now against 30 days ago; from_stage NULL: customers gained since.
CREATE VIEW kpi_transition AS
SELECT t.from_stage, t.to_stage, t.customers, t.share
FROM observed CROSS JOIN orders_transition AS t
WHERE t.from_as_of = date(observed.as_of, '-30 days') AND t.to_as_of = observed.as_of;

-- Of those who were dormant or had churned 30 days ago, the share that has ordered since.
CREATE VIEW kpi_wake_up AS
SELECT from_stage, sum(customers) AS customers,
       total(customers) FILTER (WHERE to_stage IN ('growth', 'maturity')) / sum(customers) AS wake_up_rate
FROM kpi_transition WHERE from_stage IN ('dormant', 'churned')
GROUP BY from_stage;
