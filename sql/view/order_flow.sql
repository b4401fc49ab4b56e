-- order_flow: months of customers: new, retained, resurrected, dormant
-- 客户增减流
-- practice: Youzan triangle: life cycle
-- needs: order_rows
-- formula: an instance of lifecycle_flow over order_rows, so that views may read it
CREATE VIRTUAL TABLE IF NOT EXISTS order_flow USING lifecycle_flow(source=order_rows, customer_col=customer, time_col=at, amount_col=amount, grain=month);
