-- costs: what was spent
-- 费用
-- practice: all
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS costs(
  time           TEXT,
  kind           TEXT CHECK (kind IS NULL OR kind IN ('staff', 'marketing', 'commission', 'coupon', 'platform')),
  channel        TEXT,
  store          TEXT,
  campaign       TEXT,
  amount         INTEGER CHECK (amount IS NULL OR typeof(amount) IN ('integer', 'real'))   -- minor units
);
