-- keeps: order_statuses
-- needs: orders
-- says: 不成立的订单状态；常见状态不必逐行再查 | Statuses of orders that never came about, those of order_rows; one that counts, so that it is not looked up row by row
CREATE TEMP TABLE order_statuses AS
SELECT column1 AS status FROM (VALUES
  ('交易关闭'), ('已关闭'), ('已取消'), ('订单取消'), ('取消'), ('待付款'), ('等待买家付款'), ('未付款'),
  ('closed'), ('cancelled'), ('canceled'), ('unpaid'), ('pending'), ('voided'), ('failed'), ('expired'));

CREATE TEMP TABLE usual_status AS
SELECT status FROM orders WHERE lower(trim(status)) NOT IN (SELECT status FROM order_statuses) LIMIT 1;
