-- orders: orders, and refunds as rows of their own
-- 订单与退款
-- practice: all
-- needs:
-- formula: order: amount >= 0 or NULL; refund: amount < 0
CREATE TABLE IF NOT EXISTS orders(
  order_id       TEXT NOT NULL CHECK (trim(order_id) <> ''),   -- a refund has that of its order
  customer       TEXT CHECK (customer IS NULL OR trim(customer) <> ''),   -- NULL: not known
  time           TEXT,   -- when it was paid
  amount         INTEGER CHECK (amount IS NULL OR typeof(amount) IN ('integer', 'real')),   -- minor units; a refund is negative: money, but no order
  source         TEXT CHECK (source IS NULL OR source IN ('private', 'public', 'store')),   -- where it was placed
  shop           TEXT,
  store          TEXT,
  staff          TEXT,   -- who sold it
  channel        TEXT,
  campaign       TEXT,
  status         TEXT   -- as the export has it
);
