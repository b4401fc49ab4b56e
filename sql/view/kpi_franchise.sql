-- kpi_franchise: money of the period by franchisee; the shares add up
-- 加盟商分成
-- practice: Xingyun Youke: the franchisee's share
-- needs: observed, stores, customer_rows, order_rows
-- formula: an order belongs to the franchisee of its store, else of the store that its customer is bound to, else to the brand (franchisee NULL); share = gmv / gmv of all, in sum 1
CREATE VIEW kpi_franchise AS -- siyu
WITH
  rows AS (
    SELECT CASE WHEN t.store IS NOT NULL THEN nullif(t.franchisee, '')
                ELSE nullif(h.franchisee, '') END AS franchisee,
           o.customer,
           o.amount,
           o.is_order
    FROM order_rows AS o
    LEFT JOIN stores AS t ON t.store = o.store
    LEFT JOIN customer_rows AS c ON c.customer = +o.customer
    LEFT JOIN stores AS h ON h.store = c.store
    WHERE o.in_period),
  sums AS (
    SELECT franchisee,
           count(*) FILTER (WHERE is_order) AS orders,
           effective_customers(customer, 1) FILTER (WHERE is_order) AS buyers,
           coalesce(sum(amount), 0) AS gmv
    FROM rows GROUP BY franchisee),
  parties AS (
    SELECT nullif(t.franchisee, '') AS franchisee
    FROM observed AS s CROSS JOIN stores AS t
    WHERE coalesce(local_time(t.opened, s.tz), '') <= s.until
    UNION
    SELECT franchisee FROM sums)
SELECT p.franchisee,
       coalesce(m.orders, 0) AS orders,
       coalesce(m.buyers, 0) AS buyers,
       coalesce(m.gmv, 0) / s.unit AS gmv,
       1.0 * coalesce(m.gmv, 0) / nullif((SELECT sum(gmv) FROM sums), 0) AS share,
       s.complete
FROM observed AS s CROSS JOIN parties AS p LEFT JOIN sums AS m ON m.franchisee IS p.franchisee
ORDER BY p.franchisee IS NULL, p.franchisee;
