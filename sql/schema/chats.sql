-- chats: messages of conversations
-- 会话消息
-- practice: white paper: service value
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS chats(
  conversation   TEXT CHECK (conversation IS NULL OR trim(conversation) <> ''),
  customer       TEXT CHECK (customer IS NULL OR trim(customer) <> ''),
  staff          TEXT,
  time           TEXT,
  from_customer  INTEGER CHECK (from_customer IS NULL OR from_customer IN (0, 1))
);
