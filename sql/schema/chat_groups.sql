-- chat_groups: a day of a group
-- 社群日报
-- practice: white paper: KOC; triangle: groups
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS chat_groups(
  chat           TEXT CHECK (chat IS NULL OR trim(chat) <> ''),
  time           TEXT,
  members        INTEGER,
  members_new    INTEGER,
  members_active INTEGER,
  messages       INTEGER
);
