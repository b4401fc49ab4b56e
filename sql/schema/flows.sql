-- flows: cash flows of stores
-- 门店现金流
-- practice: white paper: payback (回本周期)
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS flows(
  store          TEXT,
  time           TEXT,
  amount         INTEGER CHECK (amount IS NULL OR typeof(amount) IN ('integer', 'real'))   -- minor units
);
