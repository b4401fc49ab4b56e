-- points: points earned and spent
-- 积分
-- practice: Xingyun Youke: points and levels
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS points(
  customer       TEXT CHECK (customer IS NULL OR trim(customer) <> ''),
  time           TEXT,
  points         INTEGER,   -- negative: spent
  reason         TEXT
);
