-- The test brand: small and nasty, on the tables of siyu_setup('schema'), deterministic.  Refunds,
-- closed orders, orders of nobody, staff without sales and sales without staff, contacts deleted
-- and added again, people and stores without a place, rows before and after campaigns and after
-- the end of observation, levels that change, a store and a live without a sale, a campaign
-- without control, ties, blank keys.  Wall clock of +08:00.
INSERT INTO settings(as_of, period_from, period_to, tz, decimals, weights)
VALUES ('2024-05-24', '2024-05-01', '2024-05-31', '+08:00', 2, '{"commission": 0.03}');

CREATE TEMP TABLE numbers AS
WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 900) SELECT i FROM n;

INSERT INTO stores(store, name, metres, lat, lon, opened, invested, franchisee) VALUES
  ('s1', 'East', 100, 31.2, 121.5, '2023-01-01', 500000, 'f1'), ('s2', 'West', 50, 30.6, 104.1, '2023-02-01', 900000, 'f2'),
  ('s3', 'North', NULL, NULL, NULL, '2023-03-01', NULL, ''), ('s4', 'Empty', 80, 39.9, 116.4, '2023-04-01', 1000, 'f3'),
  ('s5', 'Not yet', 80, 39.9, 116.4, '2024-09-01', 1000, 'f4');
INSERT INTO flows SELECT 's' || (1 + i % 3), date('2023-05-01', i || ' days'), i * 3000 - 20000 FROM numbers WHERE i <= 60;

INSERT INTO staff(staff, name, store, tier, joined, left_at, target) VALUES
  ('e1', 'A', 's1', 'gold', '2023-01-01', NULL, 600000), ('e2', 'B', 's1', 'silver', '2023-01-01', NULL, 300000),
  ('e3', 'C', 's2', 'silver', '2024-04-20', NULL, 300000), ('e4', 'D', 's2', 'bronze', '2023-01-01', NULL, 100000),
  ('e5', 'E', 's2', 'bronze', '2023-01-01', '2024-02-01', 100000), ('e6', 'F', 's3', NULL, NULL, NULL, NULL),
  ('e7', 'G', 's1', 'bronze', '2024-06-20', NULL, 1);
INSERT INTO tier_log(subject, kind, time, tier) VALUES ('e1', 'staff', '2023-01-01', 'silver'), ('e1', 'staff', '2024-05-10', 'gold'),
  ('e2', 'staff', '2024-05-25 08:00:00', 'gold'), ('e4', 'customer', '2024-01-01', 'vip'), ('e4', 'staff', '2024-01-01', 'bronze');

INSERT INTO customers(customer, joined, channel, birthday, gender, city, lat, lon, store, is_fan, is_member, is_distributor, tier, consent)
SELECT 'c' || i, CASE WHEN i % 19 THEN datetime('2023-01-05', (i * 37 % 510) || ' days', (i * 7919 % 86400) || ' seconds') END,
       CASE i % 6 WHEN 0 THEN 'wecom' WHEN 1 THEN 'douyin' WHEN 2 THEN 'offline' WHEN 3 THEN ' ' WHEN 4 THEN 'wecom' END,
       CASE WHEN i % 4 THEN date('1990-01-01', (i * 5) || ' days') END, CASE i % 3 WHEN 0 THEN 'f' WHEN 1 THEN 'm' END,
       CASE i % 5 WHEN 0 THEN 'Shanghai' WHEN 1 THEN 'Chengdu' WHEN 2 THEN '' END,
       CASE WHEN i % 3 THEN 30.0 + i % 10 END, CASE WHEN i % 3 THEN 104.0 + i % 17 END,
       CASE i % 7 WHEN 0 THEN 's1' WHEN 1 THEN 's2' WHEN 2 THEN 's3' END,
       i % 4 > 0, i % 3 = 0, i % 10 = 0, CASE i % 3 WHEN 0 THEN 'vip' END, CASE i % 8 WHEN 0 THEN 0 WHEN 1 THEN NULL ELSE 1 END
FROM numbers WHERE i <= 120;
UPDATE customers SET birthday = '2000-02-29' WHERE customer = 'c9';
UPDATE customers SET birthday = '1988-05-27' WHERE customer IN ('c10', 'c11', 'c16');

-- the source of the orders; c101 … c120 never buy, c90 … c100 buy late
INSERT INTO orders(order_id, customer, time, amount, source, store, staff, channel, status)
SELECT 'o' || i, CASE WHEN i % 17 THEN 'c' || (1 + i * 41 % 100) END,
       datetime('2023-01-01', (i * 97 % 540) || ' days', (i * 7919 % 86400) || ' seconds'), CASE WHEN i % 23 THEN 100 + i * i * 131 % 50000 END,
       CASE i % 4 WHEN 0 THEN 'store' WHEN 1 THEN 'private' WHEN 2 THEN 'public' END,
       CASE i % 6 WHEN 0 THEN 's1' WHEN 1 THEN 's2' WHEN 2 THEN 's3' WHEN 3 THEN '' END,
       CASE i % 8 WHEN 0 THEN 'e1' WHEN 1 THEN 'e2' WHEN 2 THEN 'e3' WHEN 3 THEN '' WHEN 4 THEN 'ghost' WHEN 5 THEN 'e1' END,
       CASE i % 3 WHEN 0 THEN 'wecom' END, CASE WHEN i % 13 = 0 THEN '交易关闭' WHEN i % 31 = 0 THEN 'Unpaid' WHEN i % 2 THEN '交易成功' END
FROM numbers WHERE i <= 600;
-- refunds, whole and in part, some after the end of observation
INSERT INTO orders(order_id, customer, time, amount, source, store, staff, channel, status)
SELECT order_id, customer, datetime(time, (substr(order_id, 2) % 20) || ' days'), CASE WHEN substr(order_id, 2) % 2 THEN -amount ELSE -(amount / 3) - 1 END,
       source, store, staff, channel, status
FROM orders WHERE substr(order_id, 2) % 7 = 0 AND amount > 0 AND coalesce(status, '') NOT IN ('交易关闭', 'Unpaid');
-- two orders of one instant
INSERT INTO orders(order_id, customer, time, amount, source) VALUES ('t1', 'c1', '2024-05-03 12:00:00', 1000, 'private'), ('t2', 'c1', '2024-05-03 12:00:00', 1000, 'private');
INSERT INTO order_lines(order_id, line, product, category, quantity, amount)
SELECT order_id, 1, 'p' || (substr(order_id, 2) % 9), CASE substr(order_id, 2) % 3 WHEN 0 THEN 'cream' WHEN 1 THEN 'milk' ELSE '' END, 1 + substr(order_id, 2) % 3, amount FROM orders;

-- who bought once
INSERT INTO orders(order_id, customer, time, amount, source) SELECT 'y' || i, 'c' || i, datetime('2023-03-01', ((i - 100) * 30) || ' days', (i * 700) || ' seconds'), i * 100, 'public' FROM numbers WHERE i BETWEEN 101 AND 113;

INSERT INTO contacts(customer, staff, added, deleted, deleted_by, way)
SELECT 'c' || (1 + i * 13 % 110), 'e' || (1 + i % 4), datetime('2023-02-01', (i * 53 % 500) || ' days', (i * 811 % 86400) || ' seconds'), NULL, NULL, 'scan' FROM numbers WHERE i <= 160;
UPDATE contacts SET deleted = datetime(added, (rowid % 60) || ' days', '1 hour'), deleted_by = CASE rowid % 3 WHEN 0 THEN 'staff' WHEN 1 THEN 'customer' END WHERE rowid % 4 = 0;
-- soon after a message
UPDATE contacts SET deleted = datetime('2024-04-02', (rowid * 11 % 50) || ' days'), deleted_by = CASE rowid % 2 WHEN 0 THEN 'customer' END WHERE rowid % 3 = 0 AND added < '2024-04-01';
INSERT INTO contacts(customer, staff, added) SELECT customer, staff, datetime(deleted, '3 days') FROM contacts WHERE deleted IS NOT NULL AND rowid % 8 = 0;

INSERT INTO referrals(customer, referrer, time, campaign)
SELECT 'c' || (1 + i * 11 % 120), 'c' || (1 + i * i % 40), datetime('2023-03-01', (i * 29 % 480) || ' days'), CASE WHEN i % 2 THEN 'fission' END FROM numbers WHERE i <= 70;
INSERT INTO referrals(customer, referrer, time) VALUES ('c5', 'c5', '2023-05-01'), ('c6', NULL, '2023-05-01'), ('c114', 'c30', '2023-02-01');

INSERT INTO events(customer, time, name, value, ref)
SELECT CASE WHEN i % 29 THEN 'c' || (1 + i * 7 % 115) END, datetime('2023-04-01', (i * 41 % 450) || ' days', (i * 977 % 86400) || ' seconds'),
       CASE i % 5 WHEN 0 THEN 'visit' WHEN 1 THEN 'content' WHEN 2 THEN 'share' WHEN 3 THEN 'group' ELSE 'feedback' END, 1,
       CASE i % 5 WHEN 0 THEN 's' || (1 + i / 5 % 3) WHEN 3 THEN 'g' || (1 + i % 2) ELSE 'post' || (i % 4) END
FROM numbers WHERE i <= 700;
-- c30 earns by bringing customers and shares nothing
UPDATE events SET name = 'visit', ref = 's1' WHERE customer = 'c30' AND name IN ('content', 'share');
-- lives: l1 and l2 on one day, l3 without a sale, l4 planned and watched by nobody
INSERT INTO events(customer, time, name, ref)
SELECT 'c' || i, '2024-05-01 10:00:00', 'live_booked', 'l1' FROM numbers WHERE i <= 40
UNION ALL SELECT 'c' || i, datetime('2024-05-02 20:00:00', i || ' minutes'), 'live_watched', 'l1' FROM numbers WHERE i BETWEEN 20 AND 70
UNION ALL SELECT 'c' || i, datetime('2024-05-02 23:00:00', i || ' minutes'), 'live_watched', 'l2' FROM numbers WHERE i BETWEEN 1 AND 60
UNION ALL SELECT 'c' || i, '2024-05-03 23:00:00', 'live_booked', 'l2' FROM numbers WHERE i BETWEEN 50 AND 60
UNION ALL SELECT 'c' || i, '2024-05-20 23:00:00', 'live_watched', 'l3' FROM numbers WHERE i BETWEEN 105 AND 110
UNION ALL SELECT 'c' || i, '2024-05-02 22:00:00', 'live_watched', '' FROM numbers WHERE i = 3;
INSERT INTO orders(order_id, customer, time, amount, source, staff)
SELECT 'x' || i, 'c' || i, datetime('2024-05-02 19:50:00', (i * 19) || ' minutes'), 5000 + i, 'private', 'e4' FROM numbers WHERE i BETWEEN 10 AND 69 AND i % 3 = 0;

INSERT INTO campaigns(campaign, kind, starts, ends, offer, cost, window_days) VALUES
  ('recall', 'recall', '2024-04-01', '2024-04-10', '20 off', 30000, 30), ('birthday', 'birthday', '2024-03-01', '2024-03-31', 'gift', NULL, NULL),
  ('open', 'group_buy', '2024-05-01', NULL, '', NULL, NULL), ('cut', 'bargain', '2024-05-15', NULL, NULL, 1000, 30),
  ('later', 'recall', '2024-07-01', NULL, NULL, 1, 10), ('nobody', 'fission', '2024-02-01', '2024-02-10', NULL, 5000, 7),
  ('l1', 'live', '2024-05-02 20:00:00', '2024-05-02 22:00:00', NULL, NULL, 1), ('l4', 'live', '2024-05-04 20:00:00', NULL, NULL, NULL, NULL);
INSERT INTO assignments(campaign, customer, treated, assigned)
SELECT 'recall', 'c' || i, i % 4 > 0, '2024-03-31' FROM numbers WHERE i <= 110
UNION ALL SELECT 'birthday', 'c' || i, i % 2, '2024-03-01' FROM numbers WHERE i <= 60
UNION ALL SELECT 'open', 'c' || i, 1, '2024-05-01' FROM numbers WHERE i <= 50
UNION ALL SELECT 'cut', 'c' || i, i % 3 > 0, '2024-05-14' FROM numbers WHERE i BETWEEN 20 AND 90
UNION ALL VALUES ('recall', 'c1', 1, '2024-04-01'), ('recall', 'c2', NULL, '2024-04-01'), ('recall', NULL, 1, '2024-04-01');
INSERT INTO costs(time, kind, channel, store, campaign, amount)
SELECT datetime('2023-01-15', (i * 12) || ' days'), CASE i % 5 WHEN 0 THEN 'staff' WHEN 1 THEN 'marketing' WHEN 2 THEN 'commission' WHEN 3 THEN 'coupon' ELSE 'platform' END,
       CASE i % 4 WHEN 0 THEN 'wecom' WHEN 1 THEN 'douyin' WHEN 2 THEN 'unused' END, NULL, CASE i % 6 WHEN 0 THEN 'birthday' WHEN 1 THEN 'recall' END, i * 1000 FROM numbers WHERE i <= 45;
INSERT INTO coupons(coupon, customer, issued, redeemed, order_id, cost)
SELECT 'k' || i, 'c' || (1 + i * 3 % 110), datetime('2024-03-25', (i % 20) || ' days'), CASE WHEN i % 3 = 0 THEN datetime('2024-03-25', (i % 20 + i % 50) || ' days') END, NULL, 500 FROM numbers WHERE i <= 150;
INSERT INTO messages(message_id, customer, time, channel, campaign, audience, answered_at)
SELECT 'm' || i, CASE WHEN i % 31 THEN 'c' || (1 + i * 17 % 110) END, datetime('2024-04-01', (i * 7 % 60) || ' days', (i * 7919 % 86400) || ' seconds'),
       CASE i % 3 WHEN 0 THEN 'wecom' WHEN 1 THEN 'sms' END, CASE WHEN i % 2 THEN 'recall' END, CASE i % 4 WHEN 0 THEN 'due' END,
       CASE WHEN i % 5 < 2 THEN datetime('2024-04-01', (i * 7 % 60 + i % 12) || ' days', (i * 7919 % 86400 + 60) || ' seconds') END
FROM numbers WHERE i <= 300;
INSERT INTO customer_ids(customer, id_type, id_value, shop)
SELECT 'c' || i, 'phone', CASE WHEN i < 60 THEN 138000 + i / 2 ELSE 139000 + i END, 'shop' || (i % 2) FROM numbers WHERE i <= 120
UNION ALL VALUES ('c1', 'wechat', 'w1', 'shop1'), ('c7', 'wechat', 'w1', 'shop2'), ('c9', 'wechat', NULL, 'shop2');
INSERT INTO chat_groups(chat, time, members, members_new, members_active, messages)
SELECT 'g' || (1 + i % 3), date('2024-04-01', (i / 3) || ' days'), 50 + i, i % 4, i % 20, i % 40 FROM numbers WHERE i <= 210;
INSERT INTO chats(conversation, customer, staff, time, from_customer)
SELECT 'v' || (i / 4), 'c' || (1 + i / 4), 'e1', datetime('2024-05-01', (i * 3) || ' hours', (i * i % 600) || ' seconds'), i % 4 < 2 OR i % 40 < 20 FROM numbers WHERE i <= 200;
DROP TABLE numbers;
