-- order_periods: what customers did in each period; a month where nothing else is asked for
-- 客户分周期汇总
-- practice: Xingyun Youke: GMV per month, quarter, year
-- needs: order_rows
-- formula: an instance of period_summary over order_rows, so that views may read it
CREATE VIRTUAL TABLE IF NOT EXISTS order_periods USING period_summary(source=order_rows, customer_col=customer, time_col=at, amount_col=amount);
