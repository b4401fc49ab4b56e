-- staff: sales staff
-- 员工（导购）
-- practice: Youzan festival
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS staff(
  staff          TEXT PRIMARY KEY NOT NULL CHECK (trim(staff) <> ''),
  name           TEXT,
  store          TEXT,
  tier           TEXT,
  joined         TEXT,
  left_at        TEXT,
  target         INTEGER CHECK (target IS NULL OR typeof(target) IN ('integer', 'real'))   -- of a month, minor units
);
