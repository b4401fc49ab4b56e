-- kpi_distributor: each distributor: whom they brought, and what these spent
-- 分销员（成功率、产出）
-- practice: Youzan triangle: success and growth of distributors
-- needs: observed, customer_rows, referral_rows, order_rows
-- formula: is_successful: brought somebody who has ordered; the rate of success is avg(is_successful); new_brought in the period; revenue: all money of those who were brought, period_revenue that of the period. Distributors who brought nobody are rows with 0
CREATE VIEW kpi_distributor AS -- siyu
WITH
  spent AS (
    SELECT customer,
           max(is_order) AS bought,
           coalesce(sum(amount), 0) AS money,
           coalesce(sum(CASE WHEN in_period THEN amount END), 0) AS period_money
    FROM order_rows WHERE customer IS NOT NULL GROUP BY customer),
  brought AS (
    SELECT r.referrer,
           count(*) AS brought,
           count(CASE WHEN r.at BETWEEN s.period_from AND s.period_until THEN 1 END) AS new_brought,
           coalesce(sum(m.bought), 0) AS buyers,
           coalesce(sum(m.money), 0) AS money,
           coalesce(sum(m.period_money), 0) AS period_money
    FROM observed AS s CROSS JOIN referral_rows AS r LEFT JOIN spent AS m ON m.customer = +r.customer
    GROUP BY r.referrer)
SELECT c.customer AS distributor,
       coalesce(b.brought, 0) AS brought,
       coalesce(b.new_brought, 0) AS new_brought,
       coalesce(b.buyers, 0) AS buyers,
       coalesce(b.buyers, 0) > 0 AS is_successful,
       coalesce(b.money, 0) / s.unit AS revenue,
       coalesce(b.period_money, 0) / s.unit AS period_revenue
FROM observed AS s CROSS JOIN customer_rows AS c LEFT JOIN brought AS b ON b.referrer = +c.customer
WHERE c.is_distributor
ORDER BY revenue DESC, c.customer;
