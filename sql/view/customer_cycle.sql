-- customer_cycle: the rhythm of each customer and when the next order is due
-- 客户复购周期
-- practice: NetEase: own cycle; Xingyun Youke: reach before the goods run out
-- needs: order_rows
-- formula: cycle_days: median gap between days with orders; due_at = last order + cycle; overdue = days since / cycle; refunds are no orders; NULL below two days with orders
CREATE VIEW customer_cycle AS -- siyu
SELECT o.customer,
       purchase_cycle(o.at) AS cycle_days,
       next_purchase(o.at) AS due_at,
       overdue_ratio(o.at, (SELECT until FROM observed)) AS overdue
FROM order_rows AS o
WHERE o.is_order AND o.customer IS NOT NULL
GROUP BY o.customer;
