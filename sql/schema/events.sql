-- events: what customers did besides buying
-- 行为事件
-- practice: all
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS events(
  customer       TEXT CHECK (customer IS NULL OR trim(customer) <> ''),
  time           TEXT,
  name           TEXT,   -- visit, share, content, feedback, live_booked, live_watched, link, cart ...
  value          REAL,
  ref            TEXT   -- live, content, chat or link
);
