-- customers: everybody whom the brand can reach
-- 客户
-- practice: all
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS customers(
  customer       TEXT PRIMARY KEY NOT NULL CHECK (trim(customer) <> ''),   -- TEXT: 1 and '1' are two customers
  joined         TEXT,   -- when the brand could first reach them
  channel        TEXT,   -- where they came from
  birthday       TEXT,   -- YYYY-MM-DD
  gender         TEXT,
  city           TEXT,
  lat            REAL,
  lon            REAL,
  store          TEXT,   -- the store that they are bound to
  is_fan         INTEGER NOT NULL DEFAULT 0 CHECK (is_fan IN (0, 1)),   -- 粉丝
  is_member      INTEGER NOT NULL DEFAULT 0 CHECK (is_member IN (0, 1)),   -- 会员
  is_distributor INTEGER NOT NULL DEFAULT 0 CHECK (is_distributor IN (0, 1)),   -- 分销员
  tier           TEXT,   -- today's; tier_log has its history
  consent        INTEGER,   -- 1 may be written to, 0 not, NULL not asked
  tags           TEXT   -- JSON
);
