-- settings: what every view obeys: one row; of several what each says
-- 设置（观察截止日、周期、时区、货币）
-- practice: all
-- needs:
-- formula: nothing reads the clock
CREATE TABLE IF NOT EXISTS settings(
  as_of          TEXT,   -- end of observation; NULL: the day of the last order
  period_from    TEXT,
  period_to      TEXT,   -- NULL: the month of as_of
  tz             TEXT,   -- NULL: +00:00
  currency       TEXT,
  decimals       INTEGER CHECK (decimals IS NULL OR decimals BETWEEN 0 AND 6),   -- NULL: 2
  weights        TEXT   -- JSON: of the three values, by industry
);
