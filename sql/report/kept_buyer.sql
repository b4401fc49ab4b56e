-- keeps: buyer
-- shared: buyer_figures
-- says: 每位客户的汇总一遍算完：购买、周期、RFM | One pass over the histories for buyer, customer_cycle and the RFM scores
CREATE TABLE temp.buyer_figures AS
SELECT p.customer, b.orders, b.first_time AS first_at, b.second_time AS second_at, b.last_time AS last_at, b.stage, b.revenue,
       b.period_orders, b.period_revenue, b.revenue_90, b.revenue_365, b.cycle_days, b.next_time AS due_at, b.overdue, b.r, b.f, b.segment
FROM observed AS s CROSS JOIN customer_summary('temp.order_ledger') AS b CROSS JOIN temp.order_people AS p ON p.number = b.customer
WHERE b.as_of = s.until AND b.period_from = s.period_from AND b.period_to = s.period_until;

CREATE INDEX temp.buyer_figures_customer ON buyer_figures(customer);

ANALYZE temp.buyer_figures;

CREATE TEMP VIEW buyer AS
SELECT customer, orders, first_at, second_at, last_at, stage, revenue, period_orders, period_revenue, revenue_90, revenue_365 FROM temp.buyer_figures;
