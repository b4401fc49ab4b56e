-- buyer_summary: the histories of customers, a row each
-- 客户购买汇总
-- practice: all
-- needs: order_rows
-- formula: an instance of customer_summary over order_rows, so that views may read it
CREATE VIRTUAL TABLE IF NOT EXISTS buyer_summary USING customer_summary(source=order_rows, customer_col=customer, time_col=at, amount_col=amount);
