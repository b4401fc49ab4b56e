-- order_lines: what was in the orders
-- 订单明细
-- practice: all
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS order_lines(
  order_id       TEXT NOT NULL CHECK (trim(order_id) <> ''),
  line           INTEGER,
  product        TEXT,
  category       TEXT,
  quantity       REAL,
  amount         INTEGER CHECK (amount IS NULL OR typeof(amount) IN ('integer', 'real'))   -- minor units
);
