-- messages: messages sent
-- 触达消息
-- practice: NetEase: PDCA; Xingyun Youke: do not disturb
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS messages(
  message_id     TEXT CHECK (message_id IS NULL OR trim(message_id) <> ''),
  customer       TEXT CHECK (customer IS NULL OR trim(customer) <> ''),
  time           TEXT,
  channel        TEXT,   -- wecom, sms, call, im ...
  campaign       TEXT,
  audience       TEXT,
  answered_at    TEXT   -- NULL: not answered
);
