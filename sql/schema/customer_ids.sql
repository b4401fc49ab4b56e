-- customer_ids: the ids of one person
-- 客户标识（手机、微信、店铺会员号）
-- practice: Xingyun Youke: one ID
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS customer_ids(
  customer       TEXT CHECK (customer IS NULL OR trim(customer) <> ''),
  id_type        TEXT,   -- phone, wechat, email ...
  id_value       TEXT CHECK (id_value IS NULL OR trim(id_value) <> ''),
  shop           TEXT
);
