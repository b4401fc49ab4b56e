-- tier_log: levels of customers and staff, and since when
-- 等级变动
-- practice: Xingyun Youke: retention by tier
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS tier_log(
  subject        TEXT CHECK (subject IS NULL OR trim(subject) <> ''),   -- a customer or a member of staff
  kind           TEXT CHECK (kind IS NULL OR kind IN ('customer', 'staff')),
  time           TEXT,
  tier           TEXT
);
