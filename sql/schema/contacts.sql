-- contacts: who is connected with which member of staff
-- 好友关系（客户与员工）
-- practice: Xingyun Youke: retention of contacts
-- needs:
-- formula: an edge: count edges and people apart
CREATE TABLE IF NOT EXISTS contacts(
  customer       TEXT CHECK (customer IS NULL OR trim(customer) <> ''),
  staff          TEXT,
  added          TEXT,
  deleted        TEXT,   -- NULL: still there
  deleted_by     TEXT,   -- customer or staff
  way            TEXT   -- the touch point
);
