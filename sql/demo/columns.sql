-- Which column of the user's file (table raw) plays which role.  A header is compared
-- without case, blanks, underscores and hyphens; the earlier candidate wins.
CREATE TABLE candidate(role TEXT, header TEXT, rank INTEGER PRIMARY KEY);
INSERT INTO candidate(role, header) VALUES
  ('customer', 'customer_id'), ('customer', 'customer'), ('customer', 'buyer_id'),
  ('customer', 'buyer'), ('customer', 'user_id'), ('customer', 'user'),
  ('customer', 'member_id'), ('customer', 'member'), ('customer', 'client_id'),
  ('customer', 'unionid'), ('customer', 'openid'),
  ('customer', '会员号'), ('customer', '会员id'), ('customer', '会员'),
  ('customer', '客户id'), ('customer', '客户编号'), ('customer', '客户号'), ('customer', '客户'),
  ('customer', '买家id'), ('customer', '买家'), ('customer', '用户id'), ('customer', '用户'),
  ('customer', '手机号'),
  ('time', 'order_time'), ('time', 'paid_at'), ('time', 'pay_time'), ('time', 'order_date'),
  ('time', 'invoice_date'), ('time', 'purchase_date'), ('time', 'created_at'), ('time', 'time'),
  ('time', 'date'), ('time', 'timestamp'),
  ('time', '下单时间'), ('time', '支付时间'), ('time', '付款时间'), ('time', '订单时间'),
  ('time', '创建时间'), ('time', '下单日期'), ('time', '日期'), ('time', '时间'),
  ('amount', 'amount'), ('amount', 'order_amount'), ('amount', 'paid_amount'),
  ('amount', 'total'), ('amount', 'total_amount'), ('amount', 'revenue'), ('amount', 'sales'),
  ('amount', '实付金额'), ('amount', '支付金额'), ('amount', '订单金额'), ('amount', '金额'),
  ('quantity', 'quantity'), ('quantity', 'qty'), ('quantity', '数量'),
  ('price', 'unit_price'), ('price', 'price'), ('price', '单价'),
  ('order_id', 'order_id'), ('order_id', 'order_no'), ('order_id', 'order_number'),
  ('order_id', 'invoice_no'), ('order_id', 'invoice'), ('order_id', 'transaction_id'),
  ('order_id', 'order'), ('order_id', '订单号'), ('order_id', '订单编号'),
  ('referrer', 'referrer_id'), ('referrer', 'referrer'), ('referrer', 'referred_by'),
  ('referrer', 'inviter_id'), ('referrer', 'inviter'), ('referrer', '推荐人'), ('referrer', '邀请人');

CREATE VIEW header AS
SELECT cid, name,
       replace(replace(replace(lower(trim(name)), ' ', ''), '_', ''), '-', '') AS plain
FROM pragma_table_info('raw');

CREATE VIEW mapping AS                      -- role, name of the column; min() picks the row
SELECT role, name, min(rank) AS rank
FROM candidate AS c JOIN header AS h ON h.plain = replace(c.header, '_', '')
GROUP BY role;

CREATE VIEW missing AS
SELECT 1 AS place, 'customer' AS role WHERE 'customer' NOT IN (SELECT role FROM mapping)
UNION ALL
SELECT 2, 'time' WHERE 'time' NOT IN (SELECT role FROM mapping)
UNION ALL
SELECT 3, 'amount' WHERE 'amount' NOT IN (SELECT role FROM mapping)
                    AND 2 > (SELECT count(*) FROM mapping WHERE role IN ('quantity', 'price'))
ORDER BY place;

-- A sentence for each column that is missing, and what was there; no rows when none is.
CREATE VIEW complaint AS
SELECT 'No column for the ' || role ||
       CASE role WHEN 'amount' THEN ', nor quantity and price' ELSE '' END || '. Name it one of: ' ||
       (SELECT group_concat(header, ', ') FROM candidate AS c WHERE c.role = missing.role) || '.'
       AS sentence
FROM missing
UNION ALL
SELECT 'Headers found: ' || (SELECT group_concat(name, ', ') FROM (SELECT name FROM header ORDER BY cid)) || '.' ||
       CASE (SELECT count(*) FROM header) WHEN 1
         THEN ' That is one column: separate columns by commas, and save the file as UTF-8.'
         ELSE '' END
WHERE EXISTS (SELECT 1 FROM missing);

-- The view of the file as order lines, as SQL text: column names are quoted by %w.
CREATE VIEW lines_statement AS
SELECT printf('CREATE VIEW line AS SELECT rowid AS row, "%w" AS customer, "%w" AS time, %s, %s AS order_id, %s AS referrer FROM raw;',
  (SELECT name FROM mapping WHERE role = 'customer'),
  (SELECT name FROM mapping WHERE role = 'time'),
  coalesce((SELECT printf('"%w" AS amount, 1 AS quantity', name) FROM mapping WHERE role = 'amount'),
           (SELECT printf('"%w" AS amount, ', name) FROM mapping WHERE role = 'price') ||
           (SELECT printf('"%w" AS quantity', name) FROM mapping WHERE role = 'quantity')),
  coalesce((SELECT printf('"%w"', name) FROM mapping WHERE role = 'order_id'), '''row '' || rowid'),
  coalesce((SELECT printf('"%w"', name) FROM mapping WHERE role = 'referrer'), 'NULL')) AS statement;
