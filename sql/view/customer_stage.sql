-- customer_stage: where each customer stands in the life cycle
-- 客户生命周期阶段
-- practice: Youzan triangle: five stages
-- needs: observed, customer_rows, buyer
-- formula: dormant after 90 silent days, churned after 180, mature from the third order; introduction: no order yet
CREATE VIEW customer_stage AS -- siyu
SELECT c.customer,
       coalesce(b.orders, 0) AS orders,
       b.last_at,
       lifecycle_stage(coalesce(b.orders, 0), b.last_at, s.until) AS stage
FROM observed AS s
CROSS JOIN (SELECT customer FROM customer_rows UNION SELECT customer FROM buyer) AS c
LEFT JOIN buyer AS b ON b.customer = +c.customer;   -- +: an automatic index, whatever affinity
