-- import_reject: cells that an import could not use
-- 导入拒收
-- practice: all
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS import_reject(
  source         TEXT,
  line           INTEGER,   -- rowid in the source
  header         TEXT,
  value          TEXT,
  reason         TEXT
);
