-- stage_moves: customers by stage at two dates
-- 阶段迁移
-- practice: Youzan triangle: life cycle
-- needs: order_rows
-- formula: an instance of stage_transition over order_rows, so that views may read it
CREATE VIRTUAL TABLE IF NOT EXISTS stage_moves USING stage_transition(source=order_rows, customer_col=customer, time_col=at, amount_col=amount, order_col=order_id);
