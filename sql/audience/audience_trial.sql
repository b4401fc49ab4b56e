-- audience_trial: whom to invite to try something new, by category
-- 新品试用邀约
-- practice: white paper: cold start of a new product
-- needs: observed, addressee, order_rows, order_lines
-- formula: WHERE category = '…': customers with an order in the category within 365 days, and at least two orders in all; priority 3: 3 orders in the category and more, 2: two, 1: one; one in ten is control
CREATE VIEW audience_trial AS -- siyu
WITH
  bought AS (
    SELECT o.customer,
           trim(l.category) AS category,
           count(DISTINCT o.order_id) AS orders_in_category
    FROM observed AS s CROSS JOIN order_rows AS o
    CROSS JOIN order_lines AS l ON l.order_id = o.order_id
    WHERE o.is_order AND o.customer IS NOT NULL AND trim(l.category) <> ''
      AND substr(o.at, 1, 10) > date(s.as_of, '-365 days')
    GROUP BY o.customer, trim(l.category))
SELECT a.customer,
       b.orders_in_category || CASE b.orders_in_category WHEN 1 THEN ' order' ELSE ' orders' END || ' of ' || b.category || ' within a year' AS reason,
       min(b.orders_in_category, 3) AS priority,
       a.suggested_time, a.channel, a.store,
       ab_group(a.customer, 'trial', 10) = 0 AS is_control,
       b.category,
       a.revenue / a.unit AS revenue,
       '一年内购买 ' || b.category || ' ' || b.orders_in_category || ' 单' AS reason_zh
FROM addressee AS a CROSS JOIN bought AS b ON b.customer = +a.customer   -- in this order: an index over bought, made for it
WHERE a.orders >= 2
ORDER BY b.category, priority DESC, revenue DESC, a.customer;
