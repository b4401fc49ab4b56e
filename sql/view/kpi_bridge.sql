-- kpi_bridge: why GMV changed: users, frequency, order value
-- 增长归因（用户数 × 频次 × 客单价）
-- practice: white paper: GMV = User × ARPU, ARPU = order value × frequency
-- needs: observed, order_rows
-- formula: buyers × orders per buyer × money per order, of customers who are known; each effect is the mean over the orders in which the three may change; by_other: money without a customer or without an order. change is their sum
CREATE VIEW kpi_bridge AS -- siyu
WITH
  sums AS (
    SELECT 1.0 * effective_customers(customer, 1) FILTER (WHERE is_order AND in_period) AS u1,
           1.0 * effective_customers(customer, 1) FILTER (WHERE is_order AND in_previous) AS u0,
           count(customer) FILTER (WHERE is_order AND in_period) AS n1,
           count(customer) FILTER (WHERE is_order AND in_previous) AS n0,
           coalesce(gmv(amount) FILTER (WHERE in_period AND customer IS NOT NULL), 0) AS g1,
           coalesce(gmv(amount) FILTER (WHERE in_previous AND customer IS NOT NULL), 0) AS g0,
           coalesce(gmv(amount) FILTER (WHERE in_period), 0) AS all1,
           coalesce(gmv(amount) FILTER (WHERE in_previous), 0) AS all0
    FROM order_rows),
  -- a factor that one period does not have is that of the other: all of the change is the users'
  factors AS (
    SELECT u0, u1,
           all0 / unit AS all0,
           all1 / unit AS all1,
           coalesce(n0 / nullif(u0, 0), n1 / nullif(u1, 0), 0) AS f0,
           coalesce(n1 / nullif(u1, 0), n0 / nullif(u0, 0), 0) AS f1,
           coalesce(1.0 * g0 / nullif(n0, 0), 1.0 * g1 / nullif(n1, 0), 0) / unit AS a0,
           coalesce(1.0 * g1 / nullif(n1, 0), 1.0 * g0 / nullif(n0, 0), 0) / unit AS a1
    FROM sums CROSS JOIN observed),
  effects AS (
    SELECT *,
           (u1 - u0) * (2 * f0 * a0 + 2 * f1 * a1 + f0 * a1 + f1 * a0) / 6 AS by_users,
           (f1 - f0) * (2 * u0 * a0 + 2 * u1 * a1 + u0 * a1 + u1 * a0) / 6 AS by_frequency,
           (a1 - a0) * (2 * u0 * f0 + 2 * u1 * f1 + u0 * f1 + u1 * f0) / 6 AS by_order_value
    FROM factors)
SELECT all0 AS previous_gmv,
       all1 AS gmv,
       all1 - all0 AS change,
       by_users, by_frequency, by_order_value,
       all1 - all0 - by_users - by_frequency - by_order_value AS by_other,
       u0 AS previous_users,
       u1 AS users,
       f0 AS previous_frequency,
       f1 AS frequency,
       a0 AS previous_order_value,
       a1 AS order_value
FROM effects;
