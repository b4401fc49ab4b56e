-- keeps: audience_trial.bought
-- needs: trial_counts
-- says: 一年内的订单按客户与品类 | Orders of a year by customer and category, of those who have ordered twice
CREATE TEMP TABLE trial_orders AS
SELECT p.customer, c.category, c.orders_in_category
FROM trial_counts AS c
CROSS JOIN (SELECT customer, CAST(customer AS TEXT) AS customer_text FROM addressee_people WHERE orders >= 2 LIMIT -1) AS p ON p.customer_text = c.customer_text;

CREATE INDEX temp.trial_orders_customer ON trial_orders(customer, category);

ANALYZE temp.trial_orders;

  bought AS (SELECT customer, category, orders_in_category FROM trial_orders)
