-- campaigns: campaigns
-- 营销活动
-- practice: NetEase: PDCA
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS campaigns(
  campaign       TEXT PRIMARY KEY NOT NULL CHECK (trim(campaign) <> ''),
  kind           TEXT,   -- recall, group_buy, bargain, inner_sale, fission, live ...
  starts         TEXT,
  ends           TEXT,
  offer          TEXT,
  cost           INTEGER CHECK (cost IS NULL OR typeof(cost) IN ('integer', 'real')),   -- minor units
  window_days    REAL   -- days after the start in which orders count
);
