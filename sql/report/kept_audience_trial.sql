-- keeps: audience_trial.bought
-- says: 一年内的订单按客户与品类 | Orders of a year by customer and category, of those who have ordered twice
CREATE TEMP TABLE trial_orders AS
SELECT p.customer, t.category, t.orders_in_category
FROM (SELECT p.rowid AS person,
             trim(l.category) AS category,
             count(DISTINCT o.order_id) AS orders_in_category
      FROM orders AS o JOIN order_lines AS l ON l.order_id = o.order_id JOIN addressee_people AS p ON p.customer = +o.customer
      WHERE trim(l.category) <> '' AND p.orders >= 2 AND coalesce(o.amount + 0, 0) >= 0
        AND substr(local_time(o.time, (SELECT tz FROM observed)), 1, 10) > (SELECT date(as_of, '-365 days') FROM observed)
        AND o.rowid NOT IN (SELECT id FROM order_marks WHERE what IS NOT NULL)
      GROUP BY p.rowid, trim(l.category)) AS t
CROSS JOIN addressee_people AS p ON p.rowid = t.person;

CREATE INDEX temp.trial_orders_customer ON trial_orders(customer);

ANALYZE temp.trial_orders;

  bought AS (SELECT customer, category, orders_in_category FROM trial_orders)
