-- stores: stores
-- 门店
-- practice: white paper: store support
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS stores(
  store          TEXT PRIMARY KEY NOT NULL CHECK (trim(store) <> ''),
  name           TEXT,
  metres         REAL,   -- square metres
  lat            REAL,
  lon            REAL,
  opened         TEXT,
  invested       INTEGER CHECK (invested IS NULL OR typeof(invested) IN ('integer', 'real')),   -- minor units
  franchisee     TEXT
);
