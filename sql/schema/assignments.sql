-- assignments: who is treated in a campaign and who is control
-- 实验分组
-- practice: NetEase: PDCA
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS assignments(
  campaign       TEXT,
  customer       TEXT CHECK (customer IS NULL OR trim(customer) <> ''),
  treated        INTEGER CHECK (treated IS NULL OR treated IN (0, 1)),
  assigned       TEXT
);
