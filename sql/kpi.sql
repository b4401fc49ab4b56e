-- Tables, indexes, views and audiences of siyu in one file, generated from sql/schema, sql/view and sql/audience:
--     .load ./siyu
--     .read sql/kpi.sql
-- SELECT siyu_setup('kpi') does the same without a file at hand.

SAVEPOINT siyu_kpi;

-- assignments: who is treated in a campaign and who is control
-- 实验分组
-- practice: NetEase: PDCA
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS assignments(
  campaign       TEXT,
  customer       TEXT CHECK (customer IS NULL OR trim(customer) <> ''),
  treated        INTEGER CHECK (treated IS NULL OR treated IN (0, 1)),
  assigned       TEXT
);

-- campaigns: campaigns
-- 营销活动
-- practice: NetEase: PDCA
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS campaigns(
  campaign       TEXT PRIMARY KEY NOT NULL CHECK (trim(campaign) <> ''),
  kind           TEXT,   -- recall, group_buy, bargain, inner_sale, fission, live ...
  starts         TEXT,
  ends           TEXT,
  offer          TEXT,
  cost           INTEGER CHECK (cost IS NULL OR typeof(cost) IN ('integer', 'real')),   -- minor units
  window_days    REAL   -- days after the start in which orders count
);

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

-- costs: what was spent
-- 费用
-- practice: all
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS costs(
  time           TEXT,
  kind           TEXT CHECK (kind IS NULL OR kind IN ('staff', 'marketing', 'commission', 'coupon', 'platform')),
  channel        TEXT,
  store          TEXT,
  campaign       TEXT,
  amount         INTEGER CHECK (amount IS NULL OR typeof(amount) IN ('integer', 'real'))   -- minor units
);

-- coupons: coupons
-- 优惠券
-- practice: NetEase: redemption (核销率)
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS coupons(
  coupon         TEXT CHECK (coupon IS NULL OR trim(coupon) <> ''),
  customer       TEXT CHECK (customer IS NULL OR trim(customer) <> ''),
  issued         TEXT,
  redeemed       TEXT,   -- NULL: not yet
  order_id       TEXT,
  cost           INTEGER CHECK (cost IS NULL OR typeof(cost) IN ('integer', 'real'))   -- minor units
);

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

-- customers: everybody whom the brand can reach
-- 客户
-- practice: all
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS customers(
  customer       TEXT PRIMARY KEY NOT NULL CHECK (trim(customer) <> ''),   -- TEXT: 1 and '1' are two customers
  joined         TEXT,   -- when the brand could first reach them
  channel        TEXT,   -- where they came from
  birthday       TEXT,   -- YYYY-MM-DD
  gender         TEXT,
  city           TEXT,
  lat            REAL,
  lon            REAL,
  store          TEXT,   -- the store that they are bound to
  is_fan         INTEGER NOT NULL DEFAULT 0 CHECK (is_fan IN (0, 1)),   -- 粉丝
  is_member      INTEGER NOT NULL DEFAULT 0 CHECK (is_member IN (0, 1)),   -- 会员
  is_distributor INTEGER NOT NULL DEFAULT 0 CHECK (is_distributor IN (0, 1)),   -- 分销员
  tier           TEXT,   -- today's; tier_log has its history
  consent        INTEGER,   -- 1 may be written to, 0 not, NULL not asked
  tags           TEXT   -- JSON
);

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

-- flows: cash flows of stores
-- 门店现金流
-- practice: white paper: payback (回本周期)
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS flows(
  store          TEXT,
  time           TEXT,
  amount         INTEGER CHECK (amount IS NULL OR typeof(amount) IN ('integer', 'real'))   -- minor units
);

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

-- order_lines: what was in the orders
-- 订单明细
-- practice: all
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS order_lines(
  order_id       TEXT NOT NULL CHECK (trim(order_id) <> ''),
  line           INTEGER,
  product        TEXT,
  category       TEXT,
  quantity       REAL,
  amount         INTEGER CHECK (amount IS NULL OR typeof(amount) IN ('integer', 'real'))   -- minor units
);

-- orders: orders, and refunds as rows of their own
-- 订单与退款
-- practice: all
-- needs:
-- formula: order: amount >= 0 or NULL; refund: amount < 0
CREATE TABLE IF NOT EXISTS orders(
  order_id       TEXT NOT NULL CHECK (trim(order_id) <> ''),   -- a refund has that of its order
  customer       TEXT CHECK (customer IS NULL OR trim(customer) <> ''),   -- NULL: not known
  time           TEXT,   -- when it was paid
  amount         INTEGER CHECK (amount IS NULL OR typeof(amount) IN ('integer', 'real')),   -- minor units; a refund is negative: money, but no order
  source         TEXT CHECK (source IS NULL OR source IN ('private', 'public', 'store')),   -- where it was placed
  shop           TEXT,
  store          TEXT,
  staff          TEXT,   -- who sold it
  channel        TEXT,
  campaign       TEXT,
  status         TEXT   -- as the export has it
);

-- points: points earned and spent
-- 积分
-- practice: Xingyun Youke: points and levels
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS points(
  customer       TEXT CHECK (customer IS NULL OR trim(customer) <> ''),
  time           TEXT,
  points         INTEGER,   -- negative: spent
  reason         TEXT
);

-- referrals: who brought whom
-- 转介绍
-- practice: Youzan triangle: referral
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS referrals(
  customer       TEXT CHECK (customer IS NULL OR trim(customer) <> ''),
  referrer       TEXT CHECK (referrer IS NULL OR trim(referrer) <> ''),
  time           TEXT,
  campaign       TEXT   -- NULL: of their own accord
);

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

-- staff: sales staff
-- 员工（导购）
-- practice: Youzan festival
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS staff(
  staff          TEXT PRIMARY KEY NOT NULL CHECK (trim(staff) <> ''),
  name           TEXT,
  store          TEXT,
  tier           TEXT,
  joined         TEXT,
  left_at        TEXT,
  target         INTEGER CHECK (target IS NULL OR typeof(target) IN ('integer', 'real'))   -- of a month, minor units
);

-- stores: stores
-- 门店
-- practice: white paper: store support
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS stores(
  store          TEXT PRIMARY KEY NOT NULL CHECK (trim(store) <> ''),
  name           TEXT,
  metres         REAL,   -- square metres
  lat            REAL,
  lon            REAL,
  opened         TEXT,
  invested       INTEGER CHECK (invested IS NULL OR typeof(invested) IN ('integer', 'real')),   -- minor units
  franchisee     TEXT
);

-- tier_log: levels of customers and staff, and since when
-- 等级变动
-- practice: Xingyun Youke: retention by tier
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS tier_log(
  subject        TEXT CHECK (subject IS NULL OR trim(subject) <> ''),   -- a customer or a member of staff
  kind           TEXT CHECK (kind IS NULL OR kind IN ('customer', 'staff')),
  time           TEXT,
  tier           TEXT
);

-- contacts_customer: index of contacts by customer
-- 好友索引
-- practice: all
-- needs: contacts
-- formula: without it the views over contacts read all of it for each customer
CREATE INDEX IF NOT EXISTS contacts_customer ON contacts(customer);

-- customer_ids_customer: index of customer_ids by customer
-- 标识索引
-- practice: all
-- needs: customer_ids
-- formula: without it the views over customer_ids read all of it for each customer
CREATE INDEX IF NOT EXISTS customer_ids_customer ON customer_ids(customer);

-- events_customer: index of events by customer, time
-- 事件索引
-- practice: all
-- needs: events
-- formula: without it the views over events read all of it for each customer
CREATE INDEX IF NOT EXISTS events_customer ON events(customer, time);

-- messages_customer: index of messages by customer, time
-- 消息索引
-- practice: all
-- needs: messages
-- formula: without it the views over messages read all of it for each customer
CREATE INDEX IF NOT EXISTS messages_customer ON messages(customer, time);

-- order_lines_order: index of order_lines by order_id
-- 明细索引
-- practice: all
-- needs: order_lines
-- formula: without it the views over order_lines read all of it for each customer
CREATE INDEX IF NOT EXISTS order_lines_order ON order_lines(order_id);

-- orders_customer: index of orders by customer, time, amount
-- 订单索引：客户
-- practice: all
-- needs: orders
-- formula: without it the views over orders read all of it for each customer
CREATE INDEX IF NOT EXISTS orders_customer ON orders(customer, time, amount);

-- orders_order: index of orders by order_id
-- 订单索引：订单号
-- practice: all
-- needs: orders
-- formula: without it the views over orders read all of it for each customer
CREATE INDEX IF NOT EXISTS orders_order ON orders(order_id);

-- orders_time: index of orders by time
-- 订单索引：时间
-- practice: all
-- needs: orders
-- formula: without it the views over orders read all of it for each customer
CREATE INDEX IF NOT EXISTS orders_time ON orders(time);

-- referrals_referrer: index of referrals by referrer
-- 转介绍索引
-- practice: all
-- needs: referrals
-- formula: without it the views over referrals read all of it for each customer
CREATE INDEX IF NOT EXISTS referrals_referrer ON referrals(referrer);

DROP VIEW IF EXISTS addressee;
-- addressee: whom the brand may write to, with the channel they answer to and their store
-- 可触达客户
-- practice: all
-- needs: observed, customer_rows, buyer, messages, stores
-- formula: without consent = 0. channel: of the last message answered; store: the one they are bound to, else the nearest, where both places are known; suggested_time: the next morning at 10
CREATE VIEW addressee AS -- siyu
WITH
  buyers AS (SELECT * FROM buyer LIMIT -1),
  answers AS (
    SELECT customer, channel
    FROM (SELECT m.customer, m.channel,
                 row_number() OVER (PARTITION BY m.customer ORDER BY local_time(m.answered_at, s.tz) DESC, m.channel) AS nth
          FROM observed AS s CROSS JOIN messages AS m
          WHERE m.channel IS NOT NULL AND local_time(m.answered_at, s.tz) <= s.until)
    WHERE nth = 1 LIMIT -1),
  places AS (
    SELECT t.store, t.lat, t.lon
    FROM observed AS s CROSS JOIN stores AS t
    WHERE t.lat IS NOT NULL AND t.lon IS NOT NULL AND coalesce(local_time(t.opened, s.tz), '') <= s.until),
  -- customers, and buyers who are not in the list of customers; LIMIT -1: a condition on the orders,
  -- moved in here, would turn the join around, with a scan of the customers for each buyer
  people AS (
    SELECT c.customer, c.is_member, c.birthday, c.joined_at, c.store, c.lat, c.lon, b.orders,
           b.first_at, b.last_at, b.revenue
    FROM customer_rows AS c LEFT JOIN buyers AS b ON b.customer = +c.customer
    WHERE coalesce(c.consent, 1) <> 0
    UNION ALL
    SELECT b.customer, NULL, NULL, NULL, NULL, NULL, NULL, b.orders, b.first_at, b.last_at, b.revenue
    FROM buyers AS b WHERE b.customer NOT IN (SELECT customer FROM customer_rows)
    LIMIT -1)
SELECT p.customer, p.is_member, p.birthday, p.joined_at, a.channel,
       CASE WHEN nullif(p.store, '') IS NOT NULL THEN p.store
            WHEN p.lat IS NOT NULL AND p.lon IS NOT NULL
            THEN (SELECT store FROM (SELECT t.store, distance_km(p.lat, p.lon, t.lat, t.lon) AS km FROM places AS t) ORDER BY km, store LIMIT 1) END AS store,
       p.orders, p.first_at, p.last_at,
       coalesce(p.revenue, 0) AS revenue,
       julianday(s.as_of) - julianday(substr(p.first_at, 1, 10)) AS days_since_first,
       julianday(s.as_of) - julianday(substr(p.last_at, 1, 10)) AS silent_days,
       date(s.as_of, '+1 day') || ' 10:00:00' AS suggested_time,
       s.as_of, s.until, s.unit
FROM observed AS s CROSS JOIN people AS p
LEFT JOIN answers AS a ON a.customer = +p.customer;

DROP VIEW IF EXISTS buyer;
-- buyer: one row per customer with an order or a refund
-- 购买客户
-- practice: all
-- needs: observed, buyer_summary
-- formula: orders, their first, second and last time (refunds are none), net money in minor units: of all rows, of the period, within 90 and within 365 days of the first order; stage at as_of
CREATE VIEW buyer AS -- siyu: LIMIT -1 keeps the orders from being read anew for each row that this is joined to
SELECT b.customer,
       b.orders,
       b.first_time AS first_at,
       b.second_time AS second_at,
       b.last_time AS last_at,
       b.stage,
       b.revenue,
       b.period_orders,
       b.period_revenue,
       b.revenue_90,
       b.revenue_365
FROM observed AS s CROSS JOIN buyer_summary AS b
WHERE b.as_of = s.until
  AND b.period_from = s.period_from
  AND b.period_to = s.period_until
LIMIT -1;

-- buyer_summary: the histories of customers, a row each
-- 客户购买汇总
-- practice: all
-- needs: order_rows
-- formula: an instance of customer_summary over order_rows, so that views may read it
CREATE VIRTUAL TABLE IF NOT EXISTS buyer_summary USING customer_summary(source=order_rows, customer_col=customer, time_col=at, amount_col=amount);

DROP VIEW IF EXISTS campaign_people;
-- campaign_people: who is in which campaign, treated or control, and the span in which their orders count
-- 活动人群与窗口
-- practice: NetEase: PDCA
-- needs: observed, campaigns, assignments
-- formula: begins: campaigns.starts; ends: window_days after it, else the end of campaigns.ends, else 30 days after it, never later than as_of; treated once is treated
CREATE VIEW campaign_people AS -- siyu
WITH spans AS (
  SELECT c.campaign,
         local_time(c.starts, s.tz) AS begins,
         min(s.until,
             coalesce(datetime(substr(local_time(c.starts, s.tz), 1, 19), c.window_days || ' days', '-1 second') || '.999999',
                      local_end(c.ends, s.tz),
                      datetime(substr(local_time(c.starts, s.tz), 1, 19), '+30 days', '-1 second') || '.999999')) AS ends
  FROM observed AS s CROSS JOIN campaigns AS c
  WHERE local_time(c.starts, s.tz) <= s.until)
SELECT p.campaign, p.begins, p.ends, a.customer,
       max(a.treated) AS treated
FROM spans AS p JOIN assignments AS a ON a.campaign = p.campaign
WHERE nullif(a.customer, '') IS NOT NULL AND a.treated IS NOT NULL
GROUP BY p.campaign, p.begins, p.ends, a.customer;

DROP VIEW IF EXISTS connected_buyers;
-- connected_buyers: connected people who ordered in the three spans
-- 好友中的购买人数
-- practice: Xingyun Youke: active rate
-- needs: spans, observed, contacts, order_rows
-- formula: a contact that is not deleted at the end of the span, and an order within it
CREATE VIEW connected_buyers AS -- siyu
SELECT p.span,
       count(DISTINCT o.customer) AS connected_buyers
FROM order_rows AS o CROSS JOIN spans AS p
JOIN (SELECT k.customer,
             local_time(k.added, s.tz) AS added_at,
             local_time(k.deleted, s.tz) AS deleted_at
      FROM observed AS s CROSS JOIN contacts AS k LIMIT -1) AS c ON c.customer = o.customer
WHERE o.is_order AND o.at BETWEEN p.first_day AND p.until
  AND coalesce(c.added_at, '') <= p.until AND coalesce(c.deleted_at, '9999') > p.until
GROUP BY p.span;

DROP VIEW IF EXISTS contact_pairs;
-- contact_pairs: who is connected with which member of staff, one row per pair
-- 好友关系（去重）
-- practice: Xingyun Youke: retention of contacts
-- needs: observed, contacts
-- formula: a contact that was deleted and added again is one pair, there as long as one of its rows is
CREATE VIEW contact_pairs AS -- siyu
SELECT c.customer, c.staff,
       min(local_time(c.added, s.tz)) AS added_at,
       max(coalesce(local_time(c.deleted, s.tz), '9999') > s.until) AS still_there,
       max(CASE WHEN local_time(c.deleted, s.tz) <= s.until THEN local_time(c.deleted, s.tz) END) AS deleted_at
FROM observed AS s CROSS JOIN contacts AS c
WHERE nullif(c.customer, '') IS NOT NULL
  AND coalesce(local_time(c.added, s.tz), '') <= s.until
GROUP BY c.customer, c.staff;

DROP VIEW IF EXISTS customer_cycle;
-- customer_cycle: the rhythm of each customer and when the next order is due
-- 客户复购周期
-- practice: NetEase: own cycle; Xingyun Youke: reach before the goods run out
-- needs: order_rows
-- formula: cycle_days: median gap between days with orders; due_at = last order + cycle; overdue = days since / cycle; refunds are no orders; NULL below two days with orders
CREATE VIEW customer_cycle AS -- siyu
SELECT o.customer,
       purchase_cycle(o.at) AS cycle_days,
       next_purchase(o.at) AS due_at,
       overdue_ratio(o.at, (SELECT until FROM observed)) AS overdue
FROM order_rows AS o
WHERE o.is_order AND o.customer IS NOT NULL
GROUP BY o.customer;

DROP VIEW IF EXISTS customer_id_rows;
-- customer_id_rows: the ids of customers whom the brand had by as_of
-- 已有客户的身份标识
-- practice: Xingyun Youke: one ID
-- needs: observed, customers, customer_ids
-- formula: of customers who joined up to as_of, at a time that is not known, or are not in the list of customers
CREATE VIEW customer_id_rows AS -- siyu
SELECT i.customer, i.id_type, i.id_value, i.shop
FROM observed AS s
CROSS JOIN customer_ids AS i
LEFT JOIN customers AS c ON c.customer = +i.customer
WHERE coalesce(local_time(c.joined, s.tz), '') <= s.until;

-- customer_network: the tree of referrals, a row per customer
-- 转介绍关系树
-- practice: Youzan triangle: second and later generations
-- needs: customer_referrers
-- formula: an instance of referral_tree, so that views may read it
CREATE VIRTUAL TABLE IF NOT EXISTS customer_network USING referral_tree(source=customer_referrers, customer_col=customer, referrer_col=referrer);

DROP VIEW IF EXISTS customer_orders;
-- customer_orders: the rows of order_rows whose customer is known, to be joined by customer
-- 客户订单（供关联）
-- practice: all
-- needs: order_rows
-- formula: LIMIT -1 keeps SQLite from computing them anew for each customer; compare with = +x.customer, which lets it index them
CREATE VIEW customer_orders AS -- siyu
SELECT order_id, customer, at, amount, is_order, in_period FROM order_rows WHERE customer IS NOT NULL LIMIT -1;

DROP VIEW IF EXISTS customer_reach;
-- customer_reach: the six steps of reach, for each customer
-- 客户触达六步
-- practice: Youzan triangle: reach
-- needs: observed, customer_rows, customer_ids, contact_pairs, chats, buyer
-- formula: perceivable: known; identifiable: has an id of its own or a contact or an order; reachable: connected; marketable: connected and not refusing; serviceable: was talked to; insightable: tagged, or has ordered
CREATE VIEW customer_reach AS -- siyu: LIMIT: a step is looked up once a customer, not again for reach_stage
SELECT *,
       reach_stage(perceivable, identifiable, reachable, marketable, serviceable, insightable) AS stage
FROM (
  SELECT c.customer,
         1 AS perceivable,
         c.customer IN (SELECT customer FROM customer_ids WHERE id_value IS NOT NULL) OR k.customer IS NOT NULL OR b.customer IS NOT NULL AS identifiable,
         coalesce(k.still_there, 0) AS reachable,
         coalesce(k.still_there, 0) AND coalesce(c.consent, 1) <> 0 AS marketable,
         c.customer IN (SELECT h.customer FROM observed AS s CROSS JOIN chats AS h
                        WHERE h.customer IS NOT NULL AND NOT h.from_customer AND local_time(h.time, s.tz) <= s.until) AS serviceable,
         nullif(nullif(trim(c.tags), ''), '[]') IS NOT NULL OR coalesce(b.orders, 0) > 0 AS insightable
  FROM customer_rows AS c
  LEFT JOIN (SELECT customer, max(still_there) AS still_there FROM contact_pairs GROUP BY customer) AS k ON k.customer = +c.customer
  LEFT JOIN buyer AS b ON b.customer = +c.customer
  LIMIT -1);

DROP VIEW IF EXISTS customer_referrers;
-- customer_referrers: every customer with the one who brought them
-- 客户与推荐人
-- practice: Youzan triangle: referral
-- needs: customer_rows, referral_rows
-- formula: NULL: came alone
CREATE VIEW customer_referrers AS -- siyu
SELECT c.customer, r.referrer,
       r.at AS time
FROM customer_rows AS c LEFT JOIN referral_rows AS r ON r.customer = c.customer;

DROP VIEW IF EXISTS customer_role;
-- customer_role: the rung of each customer, and when the rungs were reached
-- 客户关系阶梯
-- practice: Youzan triangle: fan, customer, member, distributor, KOC
-- needs: customer_rows, buyer, referral_rows
-- formula: the highest rung that holds; flags are today's
CREATE VIEW customer_role AS -- siyu: LIMIT -1: a condition on first_at, moved in, would turn the join around
SELECT c.customer, c.joined_at, b.first_at,
       coalesce(b.orders, 0) AS orders,
       coalesce(r.brought, 0) AS brought,
       r.first_brought_at,
       relationship_role(c.is_fan, coalesce(b.orders, 0), c.is_member, c.is_distributor, coalesce(r.brought, 0)) AS role
FROM customer_rows AS c
LEFT JOIN buyer AS b ON b.customer = +c.customer
LEFT JOIN (SELECT referrer, count(*) AS brought, min(at) AS first_brought_at FROM referral_rows GROUP BY referrer) AS r ON r.referrer = +c.customer
LIMIT -1;

DROP VIEW IF EXISTS customer_rows;
-- customer_rows: customers whom the brand had by as_of
-- 已有客户
-- practice: all
-- needs: observed, customers
-- formula: joined up to as_of, or at a time that is not known
CREATE VIEW customer_rows AS -- siyu
SELECT c.*,
       local_time(c.joined, s.tz) AS joined_at
FROM observed AS s CROSS JOIN customers AS c
WHERE coalesce(local_time(c.joined, s.tz), '') <= s.until;

DROP VIEW IF EXISTS customer_stage;
-- customer_stage: where each customer stands in the life cycle
-- 客户生命周期阶段
-- practice: Youzan triangle: five stages
-- needs: observed, customer_rows, buyer
-- formula: dormant after 90 silent days, churned after 180, mature from the third order; introduction: no order yet
CREATE VIEW customer_stage AS -- siyu
SELECT c.customer,
       coalesce(b.orders, 0) AS orders,
       b.last_at,
       lifecycle_stage(coalesce(b.orders, 0), b.last_at, s.until) AS stage
FROM observed AS s
CROSS JOIN (SELECT customer FROM customer_rows UNION SELECT customer FROM buyer) AS c
LEFT JOIN buyer AS b ON b.customer = +c.customer;   -- +: an automatic index, whatever affinity

DROP VIEW IF EXISTS figures;
-- figures: the figures of the three spans side by side
-- 各周期指标总表
-- practice: all
-- needs: spans, orders, costs, events, figures_orders, figures_buyers, figures_customers, figures_contacts, figures_costs, figures_service, figures_events, connected_buyers
-- formula: three rows; NULL where a table is empty, 0 where it has rows but none in the span
CREATE VIEW figures AS -- siyu: LIMIT keeps them from being computed anew
SELECT p.span, p.first_day, p.until,
       coalesce(o.gmv, no_order) AS gmv,
       coalesce(o.orders, no_order) AS orders,
       o.orders_of_customers,
       coalesce(o.buyers, no_order) AS buyers,
       o.effective_customers, o.gmv_of_customers, o.referred_gmv,
       b.buyers_ever, b.repeat_buyers, b.mature_90, b.again_90,
       b.money_365 / nullif(b.mature_365, 0) AS ltv_365,
       b.new_buyers, b.living_buyers, b.dormant_buyers, b.churned_buyers,
       c.customers, c.new_customers, c.members, c.distributors, c.tagged, c.tiered,
       c.referred_customers, c.related_customers, c.new_referred, c.referrers,
       k.people, k.people_now, k.people_reachable, k.contacts_added, k.contacts_deleted,
       coalesce(m.cost, no_cost) AS cost,
       v.response_seconds, v.answered_3_min,
       coalesce(e.visits, no_event) AS visits,
       coalesce(e.contents, no_event) AS contents,
       coalesce(e.shares, no_event) AS shares,
       t.connected_buyers
FROM spans AS p
CROSS JOIN (SELECT (SELECT 0 FROM orders LIMIT 1) AS no_order, (SELECT 0 FROM costs LIMIT 1) AS no_cost, (SELECT 0 FROM events LIMIT 1) AS no_event)
LEFT JOIN figures_orders AS o ON o.span = p.span
LEFT JOIN figures_buyers AS b ON b.span = p.span
LEFT JOIN figures_customers AS c ON c.span = p.span
LEFT JOIN figures_contacts AS k ON k.span = p.span
LEFT JOIN figures_costs AS m ON m.span = p.span
LEFT JOIN figures_service AS v ON v.span = p.span
LEFT JOIN figures_events AS e ON e.span = p.span
LEFT JOIN connected_buyers AS t ON t.span = p.span
LIMIT 3;

DROP VIEW IF EXISTS figures_buyers;
-- figures_buyers: buyers so far, new ones and repeat ones, and what they are worth, at the end of the three spans
-- 各周期购买客户指标
-- practice: white paper; Youzan triangle; Xingyun Youke; NetEase
-- needs: spans, buyer
-- formula: a customer counts from the first order on. mature_90: whose 90 days after the first order have passed; again_90 of them ordered again within the 90 days; money_90: their net money within the 90 days; and so 365: money_90 / mature_90 and money_365 / mature_365 compare between dates. At as_of only: the stages, and ltv = money / customers who are silent for more than 180 days, as the function ltv() has it, which does not compare between dates while the base is young
CREATE VIEW figures_buyers AS -- siyu: LIMIT: a date is computed once a customer
SELECT p.span,
       count(*) FILTER (WHERE b.first_at <= p.until) AS buyers_ever,
       count(*) FILTER (WHERE b.second_at <= p.until) AS repeat_buyers,
       count(*) FILTER (WHERE b.by_90 <= p.until) AS mature_90,
       count(*) FILTER (WHERE b.by_90 <= p.until AND b.second_at <= b.by_90) AS again_90,
       count(*) FILTER (WHERE b.by_365 <= p.until) AS mature_365,
       gmv(b.revenue_90) FILTER (WHERE b.by_90 <= p.until) / p.unit AS money_90,
       gmv(b.revenue_365) FILTER (WHERE b.by_365 <= p.until) / p.unit AS money_365,
       count(*) FILTER (WHERE b.first_at BETWEEN p.first_day AND p.until) AS new_buyers,
       CASE p.span WHEN 'period' THEN count(*) FILTER (WHERE b.stage IN ('growth', 'maturity')) END AS living_buyers,
       CASE p.span WHEN 'period' THEN count(*) FILTER (WHERE b.stage = 'dormant') END AS dormant_buyers,
       CASE p.span WHEN 'period' THEN count(*) FILTER (WHERE b.stage = 'churned') END AS churned_buyers,
       CASE p.span WHEN 'period' THEN coalesce(gmv(b.period_revenue) FILTER (WHERE b.first_at BETWEEN p.first_day AND p.until), 0) / p.unit END AS new_revenue,
       CASE p.span WHEN 'period' THEN gmv(b.period_revenue) FILTER (WHERE b.first_at <= p.until) / p.unit END AS buyers_revenue,
       CASE p.span WHEN 'period' THEN gmv(b.revenue) / p.unit / nullif(count(*) FILTER (WHERE b.stage = 'churned'), 0) END AS ltv
FROM spans AS p CROSS JOIN (
  SELECT *,
         date(substr(first_at, 1, 10), '+90 days') || substr(first_at, 11) AS by_90,
         date(substr(first_at, 1, 10), '+365 days') || substr(first_at, 11) AS by_365
  FROM buyer LIMIT -1) AS b
GROUP BY p.span
HAVING p.span = 'period' OR buyers_ever > 0;

DROP VIEW IF EXISTS figures_contacts;
-- figures_contacts: connected people and pairs at the end of the three spans
-- 各周期好友指标
-- practice: Xingyun Youke: early phase
-- needs: observed, spans, contacts, customer_rows
-- formula: a contact that was deleted and added again counts once; people_reachable: customers who are connected and do not refuse (consent 0)
CREATE VIEW figures_contacts AS -- siyu: effective_customers(x, 1) counts distinct x, without the index that count(DISTINCT) builds
SELECT p.span,
       effective_customers(c.customer, 1) AS people,
       effective_customers(c.customer, 1) FILTER (WHERE coalesce(c.deleted_at, '9999') > p.until) AS people_now,
       effective_customers(c.customer, 1) FILTER (WHERE coalesce(c.deleted_at, '9999') > p.until AND c.known IS NOT NULL
                                          AND coalesce(c.joined_at, '') <= p.until AND coalesce(c.consent, 1) <> 0) AS people_reachable,
       effective_customers(c.customer || char(10) || coalesce(c.staff, ''), 1) FILTER (WHERE c.first_added >= p.first_day) AS contacts_added,
       count(*) FILTER (WHERE c.deleted_at BETWEEN p.first_day AND p.until) AS contacts_deleted
FROM spans AS p CROSS JOIN (SELECT k.*,
             u.customer AS known,
             u.joined_at, u.consent
      FROM (SELECT k.customer, k.staff,
                   local_time(k.added, s.tz) AS added_at,
                   local_time(k.deleted, s.tz) AS deleted_at,
                   min(local_time(k.added, s.tz)) OVER (PARTITION BY k.customer, k.staff) AS first_added
            FROM observed AS s CROSS JOIN contacts AS k WHERE nullif(k.customer, '') IS NOT NULL) AS k
      LEFT JOIN (SELECT customer, joined_at, consent FROM customer_rows LIMIT -1) AS u ON u.customer = +k.customer
      LIMIT -1) AS c
WHERE coalesce(c.added_at, '') <= p.until
GROUP BY p.span;

DROP VIEW IF EXISTS figures_costs;
-- figures_costs: costs of the three spans
-- 各周期费用
-- practice: white paper: cost side
-- needs: spans, costs
-- formula: cost: staff and marketing; cost_all: every kind
CREATE VIEW figures_costs AS -- siyu
SELECT p.span,
       total(c.amount) FILTER (WHERE c.kind IN ('staff', 'marketing')) / p.unit AS cost,
       total(c.amount) / p.unit AS cost_all
FROM costs AS c CROSS JOIN spans AS p
WHERE local_time(c.time, p.tz) BETWEEN p.first_day AND p.until
GROUP BY p.span;

DROP VIEW IF EXISTS figures_coupons;
-- figures_coupons: coupons issued in the three spans, and redeemed by their end
-- 各周期优惠券
-- practice: NetEase: redemption (核销率)
-- needs: spans, coupons
-- formula: coupons_redeemed of coupons_issued
CREATE VIEW figures_coupons AS -- siyu
SELECT p.span,
       count(*) AS coupons_issued,
       count(*) FILTER (WHERE local_time(c.redeemed, p.tz) <= p.until) AS coupons_redeemed
FROM coupons AS c CROSS JOIN spans AS p
WHERE local_time(c.issued, p.tz) BETWEEN p.first_day AND p.until
GROUP BY p.span;

DROP VIEW IF EXISTS figures_customers;
-- figures_customers: the base at the end of the three spans
-- 各周期客户指标
-- practice: Youzan triangle: ownership, referral
-- needs: spans, customer_rows, referral_rows
-- formula: joined up to the end of the span, or at a time that is not known; flags (member, consent, tags) are today's, and NULL where no customer has one; related: brought by a distributor or a partner
CREATE VIEW figures_customers AS -- siyu: LIMIT: a customer is looked up once, not once a span
SELECT p.span,
       count(*) AS customers,
       count(*) FILTER (WHERE c.joined_at >= p.first_day) AS new_customers,
       CASE WHEN max(c.is_member) THEN count(*) FILTER (WHERE c.is_member) END AS members,
       CASE WHEN max(c.is_distributor) THEN count(*) FILTER (WHERE c.is_distributor) END AS distributors,
       count(*) FILTER (WHERE c.consent) AS consenting,
       CASE WHEN count(nullif(trim(c.tags), '')) > 0 THEN count(*) FILTER (WHERE nullif(nullif(trim(c.tags), ''), '[]') IS NOT NULL) END AS tagged,
       CASE WHEN count(c.tier) > 0 THEN count(*) END - count(*) FILTER (WHERE c.tier IS NULL) AS tiered,
       count(*) FILTER (WHERE c.brought_at <= p.until) AS referred_customers,
       count(*) FILTER (WHERE c.by_distributor AND c.brought_at <= p.until OR c.channel IN ('partner', 'cross_brand', 'distribution', '异业合作', '分销')) AS related_customers,
       count(*) FILTER (WHERE c.brought_at <= p.until AND c.joined_at >= p.first_day) AS new_referred,
       count(*) FILTER (WHERE c.since <= p.until) AS referrers
FROM spans AS p CROSS JOIN (SELECT c.customer, c.joined_at, c.is_member, c.is_distributor, c.consent, c.tags, c.tier,
             c.channel,
             CASE WHEN r.customer IS NOT NULL THEN coalesce(r.at, '') END AS brought_at,
             d.customer IS NOT NULL AS by_distributor,
             f.since
      FROM customer_rows AS c
      LEFT JOIN referral_rows AS r ON r.customer = +c.customer
      LEFT JOIN (SELECT customer FROM customer_rows WHERE is_distributor) AS d ON d.customer = +r.referrer
      LEFT JOIN (SELECT referrer, min(coalesce(at, '')) AS since FROM referral_rows GROUP BY referrer) AS f ON f.referrer = +c.customer
      LIMIT -1) AS c
WHERE coalesce(c.joined_at, '') <= p.until
GROUP BY p.span;

DROP VIEW IF EXISTS figures_events;
-- figures_events: visits, content and shares of the three spans
-- 各周期行为
-- practice: white paper: store visits, content (UGC)
-- needs: spans, events
-- formula: rows of events by name
CREATE VIEW figures_events AS -- siyu
SELECT p.span,
       count(*) FILTER (WHERE e.name = 'visit') AS visits,
       count(*) FILTER (WHERE e.name = 'content') AS contents,
       count(*) FILTER (WHERE e.name = 'share') AS shares,
       count(DISTINCT e.customer) AS active_people
FROM events AS e CROSS JOIN spans AS p
WHERE local_time(e.time, p.tz) BETWEEN p.first_day AND p.until
GROUP BY p.span;

DROP VIEW IF EXISTS figures_messages;
-- figures_messages: messages sent and answered in the three spans
-- 各周期触达
-- practice: NetEase: response per channel
-- needs: spans, messages
-- formula: answered: by the end of the span
CREATE VIEW figures_messages AS -- siyu
SELECT p.span,
       count(*) AS messages_sent,
       count(DISTINCT m.customer) AS people_messaged,
       count(*) FILTER (WHERE local_time(m.answered_at, p.tz) <= p.until) AS messages_answered
FROM messages AS m CROSS JOIN spans AS p
WHERE local_time(m.time, p.tz) BETWEEN p.first_day AND p.until
GROUP BY p.span;

DROP VIEW IF EXISTS figures_orders;
-- figures_orders: money, orders and customers of the three spans
-- 各周期订单指标
-- practice: white paper: sales value
-- needs: spans, order_rows, referral_rows
-- formula: one row per span with orders, all in one pass; NULL where no order says its source (or staff)
CREATE VIEW figures_orders AS -- siyu
SELECT p.span,
       gmv(o.amount) / p.unit AS gmv,
       -coalesce(gmv(o.amount) FILTER (WHERE NOT is_order), 0) / p.unit AS refunds,
       coalesce(gmv(o.amount) FILTER (WHERE is_order), 0) / p.unit AS ordered,
       count(*) FILTER (WHERE is_order) AS orders,
       count(o.customer) FILTER (WHERE is_order) AS orders_of_customers,
       effective_customers(o.customer, 1) FILTER (WHERE is_order) AS buyers,
       effective_customers(o.customer, o.amount) AS effective_customers,
       coalesce(gmv(o.amount) FILTER (WHERE o.customer IS NOT NULL), 0) / p.unit AS gmv_of_customers,
       CASE WHEN count(o.source) > 0 THEN coalesce(gmv(o.amount) FILTER (WHERE o.source = 'private'), 0) / p.unit END AS private_gmv,
       CASE WHEN count(o.staff) > 0 THEN coalesce(gmv(o.amount) FILTER (WHERE o.staff IS NOT NULL), 0) / p.unit END AS staff_gmv,
       coalesce(gmv(o.amount) FILTER (WHERE r.customer IS NOT NULL), 0) / p.unit AS referred_gmv
FROM order_rows AS o CROSS JOIN spans AS p
LEFT JOIN referral_rows AS r ON r.customer = o.customer AND coalesce(r.at, '') <= p.until
WHERE o.at BETWEEN p.first_day AND p.until
GROUP BY p.span;

DROP VIEW IF EXISTS figures_service;
-- figures_service: answers to customers in the three spans
-- 各周期服务指标
-- practice: white paper: service value
-- needs: spans, chats
-- formula: response_seconds: median of the first answers; asked and answered_3_min: of customers' messages, an unanswered one counts as not
CREATE VIEW figures_service AS -- siyu
SELECT p.span,
       response_time(c.conversation, c.time, c.from_customer) AS response_seconds,
       response_within(c.conversation, c.time, c.from_customer, '3 minutes') AS answered_3_min
FROM chats AS c CROSS JOIN spans AS p
WHERE local_time(c.time, p.tz) BETWEEN p.first_day AND p.until
GROUP BY p.span;

DROP VIEW IF EXISTS kpi_bridge;
-- kpi_bridge: why GMV changed: users, frequency, order value
-- 增长归因（用户数 × 频次 × 客单价）
-- practice: white paper: GMV = User × ARPU, ARPU = order value × frequency
-- needs: observed, order_rows
-- formula: buyers × orders per buyer × money per order, of customers who are known; each effect is the mean over the orders in which the three may change; by_other: money without a customer or without an order. change is their sum
CREATE VIEW kpi_bridge AS -- siyu
WITH
  sums AS (
    SELECT 1.0 * effective_customers(customer, 1) FILTER (WHERE is_order AND in_period) AS u1,
           1.0 * effective_customers(customer, 1) FILTER (WHERE is_order AND in_previous) AS u0,
           count(customer) FILTER (WHERE is_order AND in_period) AS n1,
           count(customer) FILTER (WHERE is_order AND in_previous) AS n0,
           coalesce(gmv(amount) FILTER (WHERE in_period AND customer IS NOT NULL), 0) AS g1,
           coalesce(gmv(amount) FILTER (WHERE in_previous AND customer IS NOT NULL), 0) AS g0,
           coalesce(gmv(amount) FILTER (WHERE in_period), 0) AS all1,
           coalesce(gmv(amount) FILTER (WHERE in_previous), 0) AS all0
    FROM order_rows),
  -- a factor that one period does not have is that of the other: all of the change is the users'
  factors AS (
    SELECT u0, u1,
           all0 / unit AS all0,
           all1 / unit AS all1,
           coalesce(n0 / nullif(u0, 0), n1 / nullif(u1, 0), 0) AS f0,
           coalesce(n1 / nullif(u1, 0), n0 / nullif(u0, 0), 0) AS f1,
           coalesce(1.0 * g0 / nullif(n0, 0), 1.0 * g1 / nullif(n1, 0), 0) / unit AS a0,
           coalesce(1.0 * g1 / nullif(n1, 0), 1.0 * g0 / nullif(n0, 0), 0) / unit AS a1
    FROM sums CROSS JOIN observed),
  effects AS (
    SELECT *,
           (u1 - u0) * (2 * f0 * a0 + 2 * f1 * a1 + f0 * a1 + f1 * a0) / 6 AS by_users,
           (f1 - f0) * (2 * u0 * a0 + 2 * u1 * a1 + u0 * a1 + u1 * a0) / 6 AS by_frequency,
           (a1 - a0) * (2 * u0 * f0 + 2 * u1 * f1 + u0 * f1 + u1 * f0) / 6 AS by_order_value
    FROM factors)
SELECT all0 AS previous_gmv,
       all1 AS gmv,
       all1 - all0 AS change,
       by_users, by_frequency, by_order_value,
       all1 - all0 - by_users - by_frequency - by_order_value AS by_other,
       u0 AS previous_users,
       u1 AS users,
       f0 AS previous_frequency,
       f1 AS frequency,
       a0 AS previous_order_value,
       a1 AS order_value
FROM effects;

DROP VIEW IF EXISTS kpi_campaign;
-- kpi_campaign: result of each campaign against its control group
-- 活动效果（实验组对照组、毛收入与净增量）
-- practice: NetEase: PDCA: gross and net of the recall, lift
-- needs: observed, campaigns, campaign_people, costs, coupons, customer_orders
-- formula: money per assigned customer, 0 for who bought nothing, within the campaign's window only. gross = money of the treated; incremental = uplift × treated; cost = campaigns.cost, else the costs of the campaign; net = incremental - cost; low, high: 95 % interval of incremental; without a control group these are NULL. redeemed of coupons: issued to the treated within the window
CREATE VIEW kpi_campaign AS -- siyu
WITH
  bought AS (
    SELECT p.campaign, p.customer,
           sum(o.amount) AS money,
           max(o.is_order) AS bought
    FROM campaign_people AS p JOIN customer_orders AS o ON o.customer = +p.customer
    WHERE o.at BETWEEN p.begins AND p.ends
    GROUP BY p.campaign, p.customer),
  -- one row per customer in a campaign, with what they brought within its window
  outcome AS (
    SELECT p.campaign, p.customer, p.treated,
           coalesce(b.money, 0) AS money,
           coalesce(b.bought, 0) AS bought
    FROM campaign_people AS p LEFT JOIN bought AS b ON b.campaign = p.campaign AND b.customer = +p.customer),
  result AS (
    SELECT campaign,
           count(*) FILTER (WHERE treated = 1) AS treated,
           count(*) FILTER (WHERE treated = 0) AS control,
           count(*) FILTER (WHERE treated = 1 AND bought) AS treated_buyers,
           count(*) FILTER (WHERE treated = 0 AND bought) AS control_buyers,
           coalesce(sum(money) FILTER (WHERE treated = 1), 0) AS gross,
           uplift(treated, money) AS lift,
           uplift_ratio(treated, money) AS lift_ratio,
           uplift_interval(treated, money) AS bounds,
           uplift_p_value(treated, money) AS p_value
    FROM outcome GROUP BY campaign),
  spent AS (
    SELECT c.campaign,
           sum(c.amount) AS cost
    FROM observed AS s CROSS JOIN costs AS c
    WHERE local_time(c.time, s.tz) <= s.until AND c.campaign IS NOT NULL
    GROUP BY c.campaign),
  vouchers AS (
    SELECT p.campaign,
           count(*) AS coupons,
           count(*) FILTER (WHERE local_time(k.redeemed, s.tz) BETWEEN p.begins AND p.ends) AS redeemed
    FROM observed AS s CROSS JOIN campaign_people AS p JOIN coupons AS k ON k.customer = p.customer
    WHERE p.treated = 1 AND local_time(k.issued, s.tz) BETWEEN p.begins AND p.ends
    GROUP BY p.campaign)
SELECT c.campaign, c.kind, c.offer,
       coalesce(r.treated, 0) AS treated,
       coalesce(r.control, 0) AS control,
       r.treated_buyers, r.control_buyers,
       1.0 * r.treated_buyers / nullif(r.treated, 0) AS treated_rate,
       1.0 * r.control_buyers / nullif(r.control, 0) AS control_rate,
       coalesce(r.gross, 0) / s.unit AS gross,
       r.lift * r.treated / s.unit AS incremental,
       coalesce(c.cost, x.cost, 0) / s.unit AS cost,
       (r.lift * r.treated - coalesce(c.cost, x.cost, 0)) / s.unit AS net,
       r.lift_ratio AS uplift_ratio,
       -- the interval is the text [low, high]
       CAST(substr(r.bounds, 2) AS REAL) * r.treated / s.unit AS low,
       CAST(substr(r.bounds, instr(r.bounds, ',') + 1) AS REAL) * r.treated / s.unit AS high,
       r.p_value,
       coalesce(v.coupons, 0) AS coupons,
       coalesce(v.redeemed, 0) AS redeemed,
       1.0 * v.redeemed / v.coupons AS redemption_rate
FROM observed AS s CROSS JOIN campaigns AS c
LEFT JOIN result AS r ON r.campaign = c.campaign
LEFT JOIN spent AS x ON x.campaign = c.campaign
LEFT JOIN vouchers AS v ON v.campaign = c.campaign
WHERE local_time(c.starts, s.tz) <= s.until
ORDER BY c.campaign;

DROP VIEW IF EXISTS kpi_channel;
-- kpi_channel: what each channel of acquisition cost and brought, up to as_of
-- 获客渠道（加粉成本、90 天 LTV:CAC、回本、累计 ROI）
-- practice: Xingyun Youke: cost per contact; white paper: slow private against fast public
-- needs: observed, customer_rows, contact_pairs, order_rows, buyer, costs
-- formula: channel: where the customer came from; NULL: not known, and costs without a channel. cost: all kinds; cost_per_contact = cost / contacts ever added; cac = cost / buyers; ltv_90 = money within 90 days of the first order / buyers who are that old; payback_day: days after the first cost or order from which money less cost is never below 0 again, each cost counted from the first day of its month, for it is often booked on the last; NULL without a cost, and while it is below 0; cumulative_roi = (gmv - cost) / cost
CREATE VIEW kpi_channel AS -- siyu
WITH
  known AS (SELECT customer, nullif(trim(channel), '') AS channel FROM customer_rows),
  people AS (
    SELECT k.channel,
           count(DISTINCT k.customer) AS customers,
           count(p.customer) AS contacts
    FROM known AS k LEFT JOIN contact_pairs AS p ON p.customer = k.customer
    GROUP BY k.channel),
  -- a row per customer, and the money of nobody
  heads AS (
    SELECT k.channel, b.revenue, b.revenue_90,
           b.orders > 0 AS bought,
           b.orders > 0 AND datetime(substr(b.first_at, 1, 19), '+90 days') <= s.until AS mature
    FROM observed AS s CROSS JOIN buyer AS b LEFT JOIN known AS k ON k.customer = +b.customer
    UNION ALL
    SELECT NULL, gmv(amount), NULL, 0, 0 FROM order_rows WHERE customer IS NULL GROUP BY customer),
  money AS (
    SELECT channel,
           coalesce(gmv(revenue), 0) AS gmv,
           count(*) FILTER (WHERE bought) AS buyers,
           count(*) FILTER (WHERE mature) AS mature_90,
           gmv(revenue_90) FILTER (WHERE mature) AS money_90
    FROM heads GROUP BY channel),
  spent AS (
    SELECT nullif(trim(c.channel), '') AS channel,
           local_time(c.time, s.tz) AS at,
           c.amount
    FROM observed AS s CROSS JOIN costs AS c WHERE local_time(c.time, s.tz) <= s.until),
  cost AS (SELECT channel, sum(amount) AS cost FROM spent GROUP BY channel),
  back AS (
    SELECT channel,
           payback_days(at, amount) AS day
    FROM (SELECT k.channel, o.at, o.amount FROM order_rows AS o LEFT JOIN known AS k ON k.customer = +o.customer
          WHERE coalesce(k.channel, '') IN (SELECT coalesce(channel, '') FROM cost WHERE cost > 0)
          UNION ALL
          -- costs that are booked when a month ends were spent through it
          SELECT channel, date(substr(at, 1, 10), 'start of month'), -amount FROM spent)
    GROUP BY channel),
  channels AS (SELECT channel FROM people UNION SELECT channel FROM money UNION SELECT channel FROM cost)
SELECT c.channel,
       coalesce(p.customers, 0) AS customers,
       coalesce(p.contacts, 0) AS contacts,
       coalesce(m.buyers, 0) AS buyers,
       coalesce(m.gmv, 0) / s.unit AS gmv,
       x.cost / s.unit AS cost,
       x.cost / s.unit / nullif(p.contacts, 0) AS cost_per_contact,
       x.cost / s.unit / nullif(m.buyers, 0) AS cac,
       m.mature_90,
       m.money_90 / s.unit / nullif(m.mature_90, 0) AS ltv_90,
       (1.0 * m.money_90 / nullif(m.mature_90, 0)) / nullif(1.0 * x.cost / nullif(m.buyers, 0), 0) AS ltv_cac_90,
       CASE WHEN x.cost > 0 THEN b.day END AS payback_day,
       1.0 * (coalesce(m.gmv, 0) - x.cost) / nullif(x.cost, 0) AS cumulative_roi
FROM observed AS s CROSS JOIN channels AS c
LEFT JOIN people AS p ON p.channel IS c.channel
LEFT JOIN money AS m ON m.channel IS c.channel
LEFT JOIN cost AS x ON x.channel IS c.channel
LEFT JOIN back AS b ON b.channel IS c.channel
ORDER BY c.channel IS NULL, c.channel;

DROP VIEW IF EXISTS kpi_churn_profile;
-- kpi_churn_profile: which traits the churned have more often than all buyers
-- 流失客户画像（TGI）
-- practice: NetEase: where and why they left; traits (TGI)
-- needs: customer_stage, customer_rows
-- formula: of customers with an order: tgi = share of the trait among the churned / its share among all × 100; churn_rate = churned with the trait / all with the trait; value NULL: not known
CREATE VIEW kpi_churn_profile AS -- siyu
WITH
  buyers AS (
    SELECT g.stage = 'churned' AS churned,
           c.channel, c.city, c.gender, c.tier, c.store
    FROM customer_stage AS g LEFT JOIN customer_rows AS c ON c.customer = +g.customer WHERE g.orders > 0),
  traits AS (
    SELECT 'channel' AS trait, nullif(trim(channel), '') AS value, churned FROM buyers
    UNION ALL SELECT 'city', nullif(trim(city), ''), churned FROM buyers
    UNION ALL SELECT 'gender', nullif(trim(gender), ''), churned FROM buyers
    UNION ALL SELECT 'tier', nullif(trim(tier), ''), churned FROM buyers
    UNION ALL SELECT 'store', nullif(trim(store), ''), churned FROM buyers)
SELECT trait, value,
       count(*) AS customers,
       sum(churned) AS churned,
       1.0 * sum(churned) / count(*) AS churn_rate,
       100.0 * sum(churned) / count(*) * (SELECT count(*) FROM buyers) / nullif((SELECT sum(churned) FROM buyers), 0) AS tgi
FROM traits GROUP BY trait, value
ORDER BY trait, tgi DESC, value;

DROP VIEW IF EXISTS kpi_contact;
-- kpi_contact: connected customers: pairs and people, kept and lost, cost of one
-- 好友留存与加粉成本
-- practice: Xingyun Youke: early phase
-- needs: observed, contact_pairs, costs
-- formula: contacts: pairs of customer and staff, a re-added one counts once; people_retention = people_now / people; added and deleted in the period; cost_per_contact = staff and marketing costs of the period / added
CREATE VIEW kpi_contact AS -- siyu
WITH counts AS (
  SELECT count(p.customer) AS contacts,
         count(p.customer) FILTER (WHERE still_there) AS contacts_now,
         count(DISTINCT p.customer) AS people,
         count(DISTINCT p.customer) FILTER (WHERE still_there) AS people_now,
         count(*) FILTER (WHERE added_at BETWEEN s.period_from AND s.period_until) AS added,
         count(*) FILTER (WHERE NOT still_there AND deleted_at BETWEEN s.period_from AND s.period_until) AS deleted
  FROM observed AS s LEFT JOIN contact_pairs AS p),
money AS (
  SELECT sum(c.amount) / s.unit AS cost
  FROM observed AS s LEFT JOIN costs AS c
    ON c.kind IN ('staff', 'marketing') AND local_time(c.time, s.tz) BETWEEN s.period_from AND s.period_until)
SELECT contacts, contacts_now,
       1.0 * contacts_now / nullif(contacts, 0) AS contact_retention,
       people, people_now,
       1.0 * people_now / nullif(people, 0) AS people_retention,
       added, deleted, cost,
       cost / nullif(added, 0) AS cost_per_contact
FROM counts CROSS JOIN money;

DROP VIEW IF EXISTS kpi_content;
-- kpi_content: each piece of content in the period: who shared it, and who ordered within 7 days
-- 内容传播与转化
-- practice: Youzan triangle: content spreads socially; Xingyun Youke: content raises trust and orders
-- needs: observed, events, customer_orders
-- formula: events content and share with the piece as ref; shares_per_person = shares / people; ordered_within_7_days: people with an order within 7 days after their first event with it
CREATE VIEW kpi_content AS -- siyu
WITH
  acts AS (
    SELECT e.ref AS content,
           nullif(e.customer, '') AS customer,
           e.name,
           local_time(e.time, s.tz) AS at
    FROM observed AS s CROSS JOIN events AS e
    WHERE e.name IN ('content', 'share') AND nullif(e.ref, '') IS NOT NULL
      AND local_time(e.time, s.tz) BETWEEN s.period_from AND s.period_until),
  firsts AS (SELECT content, customer, min(at) AS at FROM acts WHERE customer IS NOT NULL GROUP BY content, customer),
  bought AS (
    SELECT f.content,
           count(DISTINCT f.customer) AS people
    FROM firsts AS f JOIN customer_orders AS o ON o.customer = +f.customer
    WHERE o.is_order AND o.at BETWEEN f.at AND datetime(substr(f.at, 1, 19), '+7 days')
    GROUP BY f.content)
SELECT a.content,
       count(*) AS acts,
       count(*) FILTER (WHERE a.name = 'share') AS shares,
       count(DISTINCT a.customer) AS people,
       1.0 * count(*) FILTER (WHERE a.name = 'share') / nullif(count(DISTINCT a.customer), 0) AS shares_per_person,
       coalesce(b.people, 0) AS ordered_within_7_days,
       1.0 * coalesce(b.people, 0) / nullif(count(DISTINCT a.customer), 0) AS order_rate
FROM acts AS a LEFT JOIN bought AS b ON b.content = a.content
GROUP BY a.content
ORDER BY shares DESC, a.content;

DROP VIEW IF EXISTS kpi_diagnosis;
-- kpi_diagnosis: the self-diagnosis of the triangle as rows
-- 私域三角自检
-- practice: Youzan triangle: three checklists
-- needs: figures, customer_reach, campaigns, observed
-- formula: verdict yes: value >= threshold (<= where the less the better); unknown: nothing to tell it by. The thresholds are ours: change them to those of the trade
CREATE VIEW kpi_diagnosis AS -- siyu
WITH
  questions(place, side, question_zh, question_en, figure, threshold, less_is_better) AS (VALUES
    (1, 'ownership', '客户是否汇入统一客户池（可识别）？', 'Are customers gathered in one pool, where they can be told who they are?', 'identifiable_share', 0.8, 0),
    (2, 'ownership', '客户能否随时免费触达？', 'Can they be reached at any time, for nothing?', 'reachable_share', 0.5, 0),
    (3, 'ownership', '客户是否打标签、可分群？', 'Do they have tags, so that groups can be made?', 'tagged_share', 0.5, 0),
    (4, 'ownership', '好友留得住吗？', 'Do contacts stay?', 'people_retention', 0.7, 0),
    (5, 'value', '老客是否复购（90 天）？', 'Do customers order again within 90 days?', 'repurchase_90', 0.2, 0),
    (6, 'value', '是否有会员等级体系？', 'Is there a system of member levels?', 'tiered_share', 0.5, 0),
    (7, 'value', '休眠与流失是否可控？', 'Are dormant and lost customers under control?', 'lost_share', 0.5, 1),
    (8, 'value', '是否会员化运营？', 'Are customers run as members?', 'member_share', 0.3, 0),
    (9, 'referral', '老客是否带新客？', 'Do customers bring new ones?', 'referrer_rate', 0.05, 0),
    (10, 'referral', '新客中是否有转介绍？', 'Are there referred ones among the new?', 'new_referred_share', 0.1, 0),
    (11, 'referral', '是否有分销员？', 'Are there distributors?', 'distributor_share', 0.01, 0),
    (12, 'referral', '本期是否有裂变活动？', 'Does a referral campaign run in the period?', 'fission_campaigns', 1, 0)),
  reach AS (SELECT avg(identifiable) AS identifiable_share FROM customer_reach),
  running AS (
    SELECT CASE WHEN count(*) > 0 THEN count(*) FILTER (
             WHERE c.kind IN ('fission', 'group_buy', 'bargain', 'referral', '裂变', '拼团', '砍价')
               AND local_time(c.starts, s.tz) <= s.period_until
               AND coalesce(local_time(c.ends, s.tz), '9999') >= s.period_from) END AS n
    FROM observed AS s CROSS JOIN campaigns AS c),
  spelled AS (
    SELECT q.*,
           CASE q.figure
             WHEN 'identifiable_share' THEN r.identifiable_share
             WHEN 'reachable_share' THEN 1.0 * f.people_reachable / nullif(f.customers, 0)
             WHEN 'tagged_share' THEN 1.0 * f.tagged / nullif(f.customers, 0)
             WHEN 'people_retention' THEN 1.0 * f.people_now / nullif(f.people, 0)
             WHEN 'repurchase_90' THEN 1.0 * f.again_90 / nullif(f.mature_90, 0)
             WHEN 'tiered_share' THEN 1.0 * f.tiered / nullif(f.customers, 0)
             WHEN 'lost_share' THEN 1.0 * (f.dormant_buyers + f.churned_buyers) / nullif(f.buyers_ever, 0)
             WHEN 'member_share' THEN 1.0 * f.members / nullif(f.customers, 0)
             WHEN 'referrer_rate' THEN 1.0 * f.referrers / nullif(f.customers, 0)
             WHEN 'new_referred_share' THEN 1.0 * f.new_referred / nullif(f.new_customers, 0)
             WHEN 'distributor_share' THEN 1.0 * f.distributors / nullif(f.customers, 0)
             WHEN 'fission_campaigns' THEN (SELECT n FROM running)
           END AS value
    FROM figures AS f CROSS JOIN questions AS q CROSS JOIN reach AS r WHERE f.span = 'period')
SELECT side, question_zh, question_en, figure, value, threshold,
       CASE WHEN value IS NULL THEN 'unknown' WHEN less_is_better THEN CASE WHEN value <= threshold THEN 'yes' ELSE 'no' END
            WHEN value >= threshold THEN 'yes' ELSE 'no' END AS verdict
FROM spelled ORDER BY place;

DROP VIEW IF EXISTS kpi_distributor;
-- kpi_distributor: each distributor: whom they brought, and what these spent
-- 分销员（成功率、产出）
-- practice: Youzan triangle: success and growth of distributors
-- needs: observed, customer_rows, referral_rows, order_rows
-- formula: is_successful: brought somebody who has ordered; the rate of success is avg(is_successful); new_brought in the period; revenue: all money of those who were brought, period_revenue that of the period. Distributors who brought nobody are rows with 0
CREATE VIEW kpi_distributor AS -- siyu
WITH
  spent AS (
    SELECT customer,
           max(is_order) AS bought,
           coalesce(sum(amount), 0) AS money,
           coalesce(sum(CASE WHEN in_period THEN amount END), 0) AS period_money
    FROM order_rows WHERE customer IS NOT NULL GROUP BY customer),
  brought AS (
    SELECT r.referrer,
           count(*) AS brought,
           count(CASE WHEN r.at BETWEEN s.period_from AND s.period_until THEN 1 END) AS new_brought,
           coalesce(sum(m.bought), 0) AS buyers,
           coalesce(sum(m.money), 0) AS money,
           coalesce(sum(m.period_money), 0) AS period_money
    FROM observed AS s CROSS JOIN referral_rows AS r LEFT JOIN spent AS m ON m.customer = +r.customer
    GROUP BY r.referrer)
SELECT c.customer AS distributor,
       coalesce(b.brought, 0) AS brought,
       coalesce(b.new_brought, 0) AS new_brought,
       coalesce(b.buyers, 0) AS buyers,
       coalesce(b.buyers, 0) > 0 AS is_successful,
       coalesce(b.money, 0) / s.unit AS revenue,
       coalesce(b.period_money, 0) / s.unit AS period_revenue
FROM observed AS s CROSS JOIN customer_rows AS c LEFT JOIN brought AS b ON b.referrer = +c.customer
WHERE c.is_distributor
ORDER BY revenue DESC, c.customer;

DROP VIEW IF EXISTS kpi_flow;
-- kpi_flow: months of customers: gained, kept, come back, fallen silent, in heads and money
-- 客户增减流（新增、留存、回流、流失）
-- practice: Youzan triangle: life cycle
-- needs: observed, order_flow
-- formula: quick_ratio = (new + resurrected) / dormant: gained for one that fell silent; net_revenue_retention = money now of last month's buyers who came again / all their money of last month
CREATE VIEW kpi_flow AS -- siyu
SELECT f.period AS month,
       f.new AS new_customers,
       f.retained, f.resurrected, f.dormant, f.active, f.complete,
       f.new_revenue / s.unit AS new_revenue,
       f.retained_revenue / s.unit AS retained_revenue,
       f.resurrected_revenue / s.unit AS resurrected_revenue,
       f.dormant_revenue / s.unit AS dormant_revenue,
       f.active_revenue / s.unit AS active_revenue,
       f.silent_revenue / s.unit AS silent_revenue,
       1.0 * (f.new + f.resurrected) / nullif(f.dormant, 0) AS quick_ratio,
       1.0 * f.retained_revenue / nullif(f.retained_previous_revenue + f.dormant_revenue, 0) AS net_revenue_retention
FROM observed AS s CROSS JOIN order_flow AS f
WHERE f.as_of = s.as_of
ORDER BY month;

DROP VIEW IF EXISTS kpi_franchise;
-- kpi_franchise: money of the period by franchisee; the shares add up
-- 加盟商分成
-- practice: Xingyun Youke: the franchisee's share
-- needs: observed, stores, customer_rows, order_rows
-- formula: an order belongs to the franchisee of its store, else of the store that its customer is bound to, else to the brand (franchisee NULL); share = gmv / gmv of all, in sum 1
CREATE VIEW kpi_franchise AS -- siyu
WITH
  rows AS (
    SELECT CASE WHEN t.store IS NOT NULL THEN nullif(t.franchisee, '')
                ELSE nullif(h.franchisee, '') END AS franchisee,
           o.customer,
           o.amount,
           o.is_order
    FROM order_rows AS o
    LEFT JOIN stores AS t ON t.store = o.store
    LEFT JOIN customer_rows AS c ON c.customer = +o.customer
    LEFT JOIN stores AS h ON h.store = c.store
    WHERE o.in_period),
  sums AS (
    SELECT franchisee,
           count(*) FILTER (WHERE is_order) AS orders,
           effective_customers(customer, 1) FILTER (WHERE is_order) AS buyers,
           coalesce(sum(amount), 0) AS gmv
    FROM rows GROUP BY franchisee),
  parties AS (
    SELECT nullif(t.franchisee, '') AS franchisee
    FROM observed AS s CROSS JOIN stores AS t
    WHERE coalesce(local_time(t.opened, s.tz), '') <= s.until
    UNION
    SELECT franchisee FROM sums)
SELECT p.franchisee,
       coalesce(m.orders, 0) AS orders,
       coalesce(m.buyers, 0) AS buyers,
       coalesce(m.gmv, 0) / s.unit AS gmv,
       1.0 * coalesce(m.gmv, 0) / nullif((SELECT sum(gmv) FROM sums), 0) AS share,
       s.complete
FROM observed AS s CROSS JOIN parties AS p LEFT JOIN sums AS m ON m.franchisee IS p.franchisee
ORDER BY p.franchisee IS NULL, p.franchisee;

DROP VIEW IF EXISTS kpi_generation;
-- kpi_generation: K by generation
-- 各代裂变系数
-- practice: Youzan triangle: second and n-th spread
-- needs: customer_network
-- formula: k = brought / customers of the generation; generation 0 came alone; circles are left out
CREATE VIEW kpi_generation AS -- siyu
SELECT depth AS generation,
       count(*) AS customers,
       sum(direct) AS brought,
       1.0 * sum(direct) / count(*) AS k
FROM customer_network WHERE root IS NOT NULL
GROUP BY depth ORDER BY depth;

DROP VIEW IF EXISTS kpi_group;
-- kpi_group: each chat group in the period: members, activity, output
-- 社群（活跃、产出）
-- practice: white paper: groups and their output; Youzan triangle: active groups
-- needs: observed, chat_groups, events, order_rows
-- formula: members: of the last day; active_rate: sum of active members / sum of members over the days; output: money in the period of customers with an event in the group (ref) up to as_of; is_active: at least 10 % of the members on average
CREATE VIEW kpi_group AS -- siyu
WITH
  days AS (
    SELECT g.chat,
           local_time(g.time, s.tz) AS at,
           g.members, g.members_new, g.members_active, g.messages,
           row_number() OVER (PARTITION BY g.chat ORDER BY local_time(g.time, s.tz) DESC, g.members DESC) AS nth
    FROM observed AS s CROSS JOIN chat_groups AS g
    WHERE nullif(g.chat, '') IS NOT NULL AND local_time(g.time, s.tz) BETWEEN s.period_from AND s.period_until),
  sums AS (
    SELECT chat,
           count(*) AS days,
           max(CASE WHEN nth = 1 THEN members END) AS members,
           sum(members_new) AS members_new,
           sum(messages) AS messages,
           1.0 * sum(members_active) / nullif(sum(CASE WHEN members_active IS NOT NULL THEN members END), 0) AS active_rate
    FROM days GROUP BY chat),
  people AS (
    SELECT DISTINCT e.ref AS chat, e.customer FROM observed AS s CROSS JOIN events AS e
    WHERE e.ref IN (SELECT chat FROM sums) AND nullif(e.customer, '') IS NOT NULL AND local_time(e.time, s.tz) <= s.until),
  spent AS (
    SELECT customer, sum(amount) AS money, max(is_order) AS bought FROM order_rows
    WHERE in_period AND customer IS NOT NULL GROUP BY customer),
  output AS (
    SELECT p.chat,
           count(*) AS customers,
           coalesce(sum(m.bought), 0) AS buyers,
           coalesce(sum(m.money), 0) AS money
    FROM people AS p LEFT JOIN spent AS m ON m.customer = +p.customer GROUP BY p.chat)
SELECT g.chat, g.days, g.members, g.members_new, g.messages, g.active_rate,
       g.active_rate >= 0.1 AS is_active,
       coalesce(o.customers, 0) AS customers,
       coalesce(o.buyers, 0) AS buyers,
       coalesce(o.money, 0) / s.unit AS gmv
FROM observed AS s CROSS JOIN sums AS g LEFT JOIN output AS o ON o.chat = g.chat
ORDER BY g.chat;

DROP VIEW IF EXISTS kpi_identity;
-- kpi_identity: persons who are several customers, and whose levels contradict each other
-- 一人多号与等级冲突
-- practice: Xingyun Youke: same person, two shops, two levels
-- needs: person_ids, customers
-- formula: customers that share an id are one person; conflicting: their levels differ, one without a level against one with
CREATE VIEW kpi_identity AS -- siyu
SELECT p.one_id AS person,
       count(*) AS customers,
       count(DISTINCT coalesce(c.tier, '')) AS tiers,
       min(c.tier) AS one_tier,
       max(coalesce(c.tier, '')) AS other_tier,
       count(DISTINCT coalesce(c.tier, '')) > 1 AS conflicting
FROM person_ids AS p LEFT JOIN customers AS c ON c.customer = p.record
GROUP BY p.one_id HAVING count(*) > 1
ORDER BY conflicting DESC, p.one_id;

DROP VIEW IF EXISTS kpi_koc;
-- kpi_koc: who speaks for the brand, with score and reasons
-- 关键意见消费者 KOC
-- practice: white paper: KOC; Youzan triangle: KOC
-- needs: observed, customer_rows, events, referral_rows, buyer
-- formula: content: events content and share; activity: events group, feedback; brought: customers brought; brought_revenue: their money. score = 40 × min(1, content / 5) + 20 × min(1, activity / 10) + 40 × min(1, brought / 3), of 100. is_koc: brought somebody, and, being a distributor (who earns by it), shared content as well. Of those who shared or brought
CREATE VIEW kpi_koc AS -- siyu
WITH
  acts AS (
    SELECT e.customer,
           count(*) FILTER (WHERE e.name IN ('content', 'share')) AS content,
           count(*) FILTER (WHERE e.name IN ('group', 'feedback')) AS activity,
           count(*) FILTER (WHERE e.name = 'feedback') AS feedback
    FROM observed AS s CROSS JOIN events AS e
    WHERE nullif(e.customer, '') IS NOT NULL AND local_time(e.time, s.tz) <= s.until GROUP BY e.customer),
  brought AS (
    SELECT r.referrer AS customer,
           count(*) AS brought,
           coalesce(sum(m.revenue), 0) AS revenue
    FROM referral_rows AS r LEFT JOIN buyer AS m ON m.customer = +r.customer GROUP BY r.referrer),
  counts AS (
    SELECT c.customer, c.is_distributor,
           coalesce(a.content, 0) AS content,
           coalesce(a.activity, 0) AS activity,
           coalesce(a.feedback, 0) AS feedback,
           coalesce(b.brought, 0) AS brought,
           coalesce(b.revenue, 0) AS revenue
    FROM customer_rows AS c
    LEFT JOIN acts AS a ON a.customer = +c.customer
    LEFT JOIN brought AS b ON b.customer = +c.customer)
SELECT k.customer,
       40.0 * min(1, k.content / 5.0) + 20.0 * min(1, k.activity / 10.0) + 40.0 * min(1, k.brought / 3.0) AS score,
       k.content, k.activity, k.brought,
       k.revenue / s.unit AS brought_revenue,
       k.brought > 0 AND (NOT k.is_distributor OR k.content > 0) AS is_koc,
       'content and shares ' || k.content || ', in groups ' || k.activity || ', customers brought ' || k.brought
         || CASE WHEN k.is_distributor THEN ', earns commission' ELSE '' END AS reasons,
       '发布与分享 ' || k.content || ' 次，群内活跃 ' || k.activity || ' 次，带来客户 ' || k.brought || ' 位'
         || CASE WHEN k.is_distributor THEN '，有佣金' ELSE '' END AS reasons_zh,
       k.feedback
FROM observed AS s CROSS JOIN counts AS k
WHERE k.content > 0 OR k.brought > 0
ORDER BY score DESC, brought_revenue DESC, k.customer;

DROP VIEW IF EXISTS kpi_ladder;
-- kpi_ladder: heads on each rung, conversion from rung to rung, median days to it
-- 关系阶梯：人数、转化、用时
-- practice: Youzan triangle: relationship ladder
-- needs: customer_role
-- formula: heads: whose highest rung it is; reached: that rung or a higher one; conversion = reached / reached of the rung below. median_days: customer: from joining to the first order; koc: from the first order to the first customer brought; the others have no date
CREATE VIEW kpi_ladder AS -- siyu
WITH
  rungs(place, rung, rung_zh) AS (VALUES (0, 'none', '无'), (1, 'fan', '粉丝'), (2, 'customer', '客户'), (3, 'member', '会员'), (4, 'distributor', '分销员'), (5, 'koc', 'KOC')),
  placed AS (SELECT r.place, x.* FROM customer_role AS x JOIN rungs AS r ON r.rung = x.role),
  days AS (
    SELECT 2 AS place, julianday(first_at) - julianday(joined_at) AS d FROM placed WHERE first_at >= joined_at
    UNION ALL
    SELECT 5, julianday(first_brought_at) - julianday(first_at) FROM placed WHERE place = 5 AND first_brought_at >= first_at),
  medians AS (
    SELECT place,
           avg(d) AS median_days
    FROM (SELECT place, d, row_number() OVER (PARTITION BY place ORDER BY d) AS nth, count(*) OVER (PARTITION BY place) AS n FROM days)
    WHERE 2 * nth BETWEEN n AND n + 2 GROUP BY place),
  heads AS (SELECT role, count(*) AS heads FROM customer_role GROUP BY role),
  counted AS (
    SELECT r.place, r.rung, r.rung_zh,
           coalesce(h.heads, 0) AS heads,
           coalesce(sum(h.heads) OVER (ORDER BY r.place DESC), 0) AS reached
    FROM rungs AS r LEFT JOIN heads AS h ON h.role = r.rung)
SELECT c.rung, c.rung_zh, c.heads, c.reached,
       b.reached AS reached_below,
       1.0 * c.reached / nullif(b.reached, 0) AS conversion,
       m.median_days
FROM counted AS c
LEFT JOIN counted AS b ON b.place = c.place - 1
LEFT JOIN medians AS m ON m.place = c.place
WHERE c.place > 0
ORDER BY c.place;

DROP VIEW IF EXISTS kpi_launch;
-- kpi_launch: each product's first 30 days: who bought it of the old customers, and the new ones
-- 新品上市（老客响应率）
-- practice: white paper: new-product trial
-- needs: observed, order_rows, order_lines
-- formula: launch: the product's first order; old: an order before the launch; response_rate = old customers with an order of it within 30 days / old customers; complete = 0: the 30 days are not over
CREATE VIEW kpi_launch AS -- siyu
WITH
  sold AS (
    SELECT l.product, o.customer, o.at, o.order_id, l.amount
    FROM (SELECT DISTINCT order_id, customer, at FROM order_rows WHERE is_order) AS o
    JOIN (SELECT order_id, nullif(trim(product), '') AS product, sum(amount) AS amount FROM order_lines WHERE amount >= 0 OR amount IS NULL GROUP BY 1, 2) AS l
      ON l.order_id = o.order_id
    WHERE l.product IS NOT NULL),
  launches AS (
    SELECT product, min(at) AS launch, datetime(substr(min(at), 1, 19), '+30 days') AS ends FROM sold GROUP BY product),
  firsts AS (SELECT customer, min(at) AS first_at FROM order_rows WHERE is_order AND customer IS NOT NULL GROUP BY customer),
  takers AS (
    SELECT n.product,
           count(DISTINCT x.order_id) AS orders,
           count(DISTINCT CASE WHEN f.first_at < n.launch THEN x.customer END) AS old_customers,
           count(DISTINCT CASE WHEN f.first_at >= n.launch THEN x.customer END) AS new_customers,
           sum(x.amount) AS amount
    FROM launches AS n JOIN sold AS x ON x.product = n.product AND x.at <= n.ends
    LEFT JOIN firsts AS f ON f.customer = +x.customer
    GROUP BY n.product)
SELECT n.product, n.launch, t.orders, t.old_customers, t.new_customers,
       (SELECT count(*) FROM firsts AS f WHERE f.first_at < n.launch) AS old_base,
       1.0 * t.old_customers / nullif((SELECT count(*) FROM firsts AS f WHERE f.first_at < n.launch), 0) AS response_rate,
       t.amount / s.unit AS amount,
       n.ends <= s.until AS complete
FROM observed AS s CROSS JOIN launches AS n JOIN takers AS t ON t.product = n.product
ORDER BY n.launch DESC, n.product;

DROP VIEW IF EXISTS kpi_live;
-- kpi_live: each live: booked, watched, then ordered within a day
-- 直播（预约、观看、下单转化）
-- practice: Xingyun Youke: live; Youzan festival: live revenue and conversion
-- needs: observed, events, campaigns, customer_orders
-- formula: events live_booked and live_watched with the live as ref; ordered: an order after the first watching, within a day of it, and after no later live that the customer watched in between: an order belongs to one live. conversion = ordered / watched; gmv of these orders; lives of campaigns (kind live) and lives without a sale are rows; gmv_per_hour by starts and ends of the campaign
CREATE VIEW kpi_live AS -- siyu
WITH
  marks AS (
    SELECT e.ref AS live,
           e.customer,
           min(CASE WHEN e.name = 'live_booked' THEN local_time(e.time, s.tz) END) AS booked_at,
           min(CASE WHEN e.name = 'live_watched' THEN local_time(e.time, s.tz) END) AS watched_at
    FROM observed AS s CROSS JOIN events AS e
    WHERE e.name IN ('live_booked', 'live_watched') AND nullif(e.ref, '') IS NOT NULL
      AND nullif(e.customer, '') IS NOT NULL AND local_time(e.time, s.tz) <= s.until
    GROUP BY e.ref, e.customer),
  -- the last live before each order
  credited AS (
    SELECT o.customer, o.order_id, o.amount, m.live,
           row_number() OVER (PARTITION BY o.customer, o.order_id, o.at, o.amount ORDER BY m.watched_at DESC, m.live) AS nth
    FROM marks AS m JOIN customer_orders AS o ON o.customer = +m.customer
    WHERE o.is_order AND o.at >= m.watched_at AND o.at <= datetime(substr(m.watched_at, 1, 19), '+1 day')),
  sales AS (
    SELECT live,
           count(DISTINCT customer) AS ordered,
           count(*) AS orders,
           coalesce(sum(amount), 0) AS gmv
    FROM credited WHERE nth = 1 GROUP BY live),
  heads AS (
    SELECT live,
           count(booked_at) AS booked,
           count(watched_at) AS watched,
           count(CASE WHEN watched_at >= booked_at THEN 1 END) AS booked_watched
    FROM marks GROUP BY live),
  planned AS (
    SELECT c.campaign AS live,
           local_time(c.starts, s.tz) AS begins,
           24 * (julianday(local_time(c.ends, s.tz)) - julianday(local_time(c.starts, s.tz))) AS hours
    FROM observed AS s CROSS JOIN campaigns AS c WHERE c.kind = 'live' AND local_time(c.starts, s.tz) <= s.until),
  lives AS (SELECT live FROM heads UNION SELECT live FROM planned)
SELECT l.live, p.begins,
       coalesce(h.booked, 0) AS booked,
       coalesce(h.watched, 0) AS watched,
       coalesce(h.booked_watched, 0) AS booked_watched,
       1.0 * h.booked_watched / nullif(h.booked, 0) AS watch_rate,
       coalesce(x.ordered, 0) AS ordered,
       1.0 * coalesce(x.ordered, 0) / nullif(h.watched, 0) AS conversion,
       coalesce(x.orders, 0) AS orders,
       coalesce(x.gmv, 0) / s.unit AS gmv,
       coalesce(x.gmv, 0) / s.unit / nullif(p.hours, 0) AS gmv_per_hour
FROM observed AS s CROSS JOIN lives AS l
LEFT JOIN heads AS h ON h.live = l.live
LEFT JOIN sales AS x ON x.live = l.live
LEFT JOIN planned AS p ON p.live = l.live
ORDER BY l.live;

DROP VIEW IF EXISTS kpi_ltv;
-- kpi_ltv: lifetime value: years × order value × orders per year, and what cohorts are worth at a fixed age
-- 用户终身价值
-- practice: Youzan triangle: LTV
-- needs: observed, order_rows, buyer
-- formula: at as_of. ltv: see the function (silent for more than 180 days: left); ltv_90, ltv_365 = money within n days of the first order / customers who are that old: these compare between dates
CREATE VIEW kpi_ltv AS -- siyu: parts is JSON, money in minor units: older SQLite has no JSON in the views of a schema that is not trusted
WITH
  aged AS (
    SELECT date(substr(b.first_at, 1, 10), '+90 days') || substr(b.first_at, 11) <= s.until AS is_90,
           date(substr(b.first_at, 1, 10), '+365 days') || substr(b.first_at, 11) <= s.until AS is_365,
           b.stage = 'churned' AS has_left,
           b.revenue, b.revenue_90, b.revenue_365
    FROM observed AS s CROSS JOIN buyer AS b LIMIT -1),
  sums AS (
    SELECT gmv(revenue) AS money,
           count(*) FILTER (WHERE has_left) AS gone,
           count(*) FILTER (WHERE is_90) AS mature_90,
           gmv(revenue_90) FILTER (WHERE is_90) AS money_90,
           count(*) FILTER (WHERE is_365) AS mature_365,
           gmv(revenue_365) FILTER (WHERE is_365) AS money_365
    FROM aged)
SELECT a.money / s.unit / nullif(a.gone, 0) AS ltv,
       (SELECT ltv_parts(o.customer, o.at, o.amount, s.until) FROM order_rows AS o WHERE o.customer IS NOT NULL) AS parts,
       a.mature_90,
       a.money_90 / s.unit / nullif(a.mature_90, 0) AS ltv_90,
       a.mature_365,
       a.money_365 / s.unit / nullif(a.mature_365, 0) AS ltv_365
FROM observed AS s CROSS JOIN sums AS a;

DROP VIEW IF EXISTS kpi_month;
-- kpi_month: the months of kpi_period
-- 月度经营指标
-- practice: Xingyun Youke: GMV per month
-- needs: kpi_period
-- formula: as kpi_period; first_buyers: customers whose first order ever is in the month
CREATE VIEW kpi_month AS -- siyu
SELECT period AS month,
       gmv, refunds, orders, customers, effective_customers, arppu, aov, orders_per_customer,
       new_customers AS first_buyers,
       new_revenue, repeat_revenue,
       repeat_share AS repeat_revenue_share,
       previous_gmv, change, year_ago_gmv, change_year, complete
FROM kpi_period WHERE grain = 'month'
ORDER BY month;

DROP VIEW IF EXISTS kpi_period;
-- kpi_period: GMV, customers, frequency, new and repeat by day, week, month, quarter and year
-- 分周期经营指标（环比、同比）
-- practice: Xingyun Youke: GMV per month, quarter, year
-- needs: observed, order_rows, order_periods
-- formula: WHERE grain = 'month'; new: the first order ever is in the period; repeat_revenue, repeat_share and arppu are of known customers' money: what is nobody's is in gmv alone; change (环比) = gmv / previous_gmv - 1; change_year (同比) against the same period a year before; complete = 0: cut short by as_of
CREATE VIEW kpi_period AS -- siyu
WITH
  steps(grain, step) AS (VALUES
    ('day', '+1 day'),
    ('week', '+7 days'),
    ('month', '+1 month'),
    ('quarter', '+3 months'),
    ('year', '+1 year')),
  -- customers, once a grain
  people AS (
    SELECT g.grain, p.period, p.customers, p.new_customers, p.effective_customers, p.new_revenue,
           p.orders AS orders_of_customers, p.gmv, p.refunds
    FROM observed AS s CROSS JOIN steps AS g CROSS JOIN order_periods AS p
    WHERE p.grain = g.grain AND p.as_of = s.until),
  -- money, also that of nobody: days add up to every grain
  days AS (
    SELECT period AS day, orders_of_customers AS orders, gmv, refunds FROM people WHERE grain = 'day'
    UNION ALL
    SELECT substr(at, 1, 10),
           count(*) FILTER (WHERE is_order),
           coalesce(gmv(amount), 0),
           -coalesce(gmv(amount) FILTER (WHERE NOT is_order), 0)
    FROM order_rows WHERE customer IS NULL GROUP BY 1),
  sums AS (
    SELECT g.grain,
           period_start(g.grain, d.day) AS period,
           sum(d.orders) AS orders,
           gmv(d.gmv) AS gmv,
           gmv(d.refunds) AS refunds
    FROM days AS d CROSS JOIN steps AS g GROUP BY 1, 2),
  -- every period from the first to that of as_of, those without orders too
  calendar(grain, period, step) AS (
    SELECT f.grain, min(f.period), t.step FROM sums AS f JOIN steps AS t ON t.grain = f.grain GROUP BY f.grain
    UNION ALL
    SELECT grain, date(period, step), step FROM calendar
    WHERE date(period, step) <= (SELECT as_of FROM observed)),
  filled AS (
    SELECT c.grain, c.period,
           date(c.period, c.step, '-1 day') AS last_day,
           date(c.period, replace(c.step, '+', '-')) AS previous_period,
           CASE c.grain WHEN 'week' THEN date(c.period, '-364 days') ELSE date(c.period, '-1 year') END AS year_ago_period,
           coalesce(k.customers, 0) AS customers,
           coalesce(k.new_customers, 0) AS new_customers,
           coalesce(k.effective_customers, 0) AS effective_customers,
           coalesce(f.orders, 0) AS orders,
           coalesce(k.orders_of_customers, 0) AS orders_of_customers,
           coalesce(k.gmv, 0) AS gmv_of_customers,
           coalesce(f.gmv, 0) AS gmv,
           coalesce(f.refunds, 0) AS refunds,
           coalesce(k.new_revenue, 0) AS new_revenue
    FROM calendar AS c
    LEFT JOIN sums AS f ON f.grain = c.grain AND f.period = c.period
    LEFT JOIN people AS k ON k.grain = c.grain AND k.period = c.period)
SELECT b.grain, b.period,
       b.customers, b.new_customers,
       b.customers - b.new_customers AS returning_customers,
       b.effective_customers, b.orders,
       b.gmv / s.unit AS gmv,
       b.refunds / s.unit AS refunds,
       b.new_revenue / s.unit AS new_revenue,
       (b.gmv_of_customers - b.new_revenue) / s.unit AS repeat_revenue,
       1.0 * (b.gmv_of_customers - b.new_revenue) / nullif(b.gmv_of_customers, 0) AS repeat_share,
       b.gmv_of_customers / s.unit / nullif(b.effective_customers, 0) AS arppu,
       b.gmv / s.unit / nullif(b.orders, 0) AS aov,
       1.0 * b.orders_of_customers / nullif(b.customers, 0) AS orders_per_customer,
       p.gmv / s.unit AS previous_gmv,
       1.0 * b.gmv / nullif(p.gmv, 0) - 1 AS change,
       y.gmv / s.unit AS year_ago_gmv,
       1.0 * b.gmv / nullif(y.gmv, 0) - 1 AS change_year,
       s.until >= local_end(b.last_day) AS complete
FROM observed AS s CROSS JOIN filled AS b
LEFT JOIN filled AS p ON p.grain = b.grain AND p.period = b.previous_period
LEFT JOIN filled AS y ON y.grain = b.grain AND y.period = b.year_ago_period
ORDER BY b.grain, b.period;

DROP VIEW IF EXISTS kpi_phase;
-- kpi_phase: what is watched early, in the middle and late
-- 早期、中期、后期指标
-- practice: Xingyun Youke: three phases
-- needs: figures, staff_heads
-- formula: as siyu_kpi; active_rate: of people connected, ordered in the period; clv = R / M (money of buyers / effective customers); per staff: of those who are there at the end
CREATE VIEW kpi_phase AS -- siyu
WITH
  names(place, phase, figure, title_zh) AS (VALUES
    (1, 'early', 'contacts_added', '加粉量'),
    (2, 'early', 'cost_per_contact', '加粉成本'),
    (3, 'early', 'people_retention', '留存率'),
    (4, 'early', 'active_rate', '活跃率'),
    (5, 'middle', 'conversion_rate', '转化率'),
    (6, 'middle', 'repurchase_rate', '复购率'),
    (7, 'middle', 'aov', '客单价'),
    (8, 'middle', 'clv', '单客消费金额（CLV = R / M）'),
    (9, 'middle', 'roi', '私域 ROI'),
    (10, 'late', 'gmv', '成交总额'),
    (11, 'late', 'ltv', '单客 LTV（一年期）'),
    (12, 'late', 'customers_per_staff', '人均客户数'),
    (13, 'late', 'output_per_staff', '人均产出'),
    (14, 'late', 'referrers', '推荐客户数（KOC）')),
  spelled AS (
    SELECT n.place, n.phase, n.figure, n.title_zh, f.span,
           CASE n.figure
             WHEN 'contacts_added' THEN f.contacts_added
             WHEN 'cost_per_contact' THEN f.cost / nullif(f.contacts_added, 0)
             WHEN 'people_retention' THEN 1.0 * f.people_now / nullif(f.people, 0)
             WHEN 'active_rate' THEN 1.0 * f.connected_buyers / nullif(f.people_now, 0)
             WHEN 'conversion_rate' THEN 1.0 * f.buyers_ever / nullif(f.customers, 0)
             WHEN 'repurchase_rate' THEN 1.0 * f.repeat_buyers / nullif(f.buyers_ever, 0)
             WHEN 'aov' THEN f.gmv / nullif(f.orders, 0)
             WHEN 'clv' THEN f.gmv_of_customers / nullif(f.effective_customers, 0)
             WHEN 'roi' THEN f.gmv / nullif(f.cost, 0) - 1
             WHEN 'gmv' THEN f.gmv
             WHEN 'ltv' THEN f.ltv_365
             WHEN 'customers_per_staff' THEN 1.0 * f.people_now / nullif(h.heads, 0)
             WHEN 'output_per_staff' THEN f.gmv / nullif(h.heads, 0)
             WHEN 'referrers' THEN f.referrers
           END AS v
    FROM figures AS f CROSS JOIN names AS n LEFT JOIN staff_heads AS h ON h.span = f.span)
SELECT phase, figure, title_zh,
       max(v) FILTER (WHERE span = 'period') AS value,
       max(v) FILTER (WHERE span = 'previous') AS previous,
       1.0 * max(v) FILTER (WHERE span = 'period') / nullif(max(v) FILTER (WHERE span = 'previous'), 0) - 1 AS change
FROM spelled GROUP BY place, phase, figure, title_zh ORDER BY place;

DROP VIEW IF EXISTS kpi_reach;
-- kpi_reach: the six steps of reach, and who was reached in the last 30 days
-- 触达能力
-- practice: Youzan triangle: reach
-- needs: observed, customer_reach, messages
-- formula: customers: of whom the step holds; unbroken: of whom all steps up to it hold; shares of total; reached_30_days: a message in the 30 days up to as_of
CREATE VIEW kpi_reach AS -- siyu
WITH sums AS (
  SELECT count(*) AS total,
         total(perceivable) AS a,
         total(identifiable) AS b,
         total(reachable) AS c,
         total(marketable) AS d,
         total(serviceable) AS e,
         total(insightable) AS f,
         total(perceivable AND identifiable) AS ab,
         total(perceivable AND identifiable AND reachable) AS abc,
         total(perceivable AND identifiable AND reachable AND marketable) AS abcd,
         total(perceivable AND identifiable AND reachable AND marketable AND serviceable) AS abcde,
         total(perceivable AND identifiable AND reachable AND marketable AND serviceable AND insightable) AS abcdef,
         total(customer IN (SELECT m.customer FROM observed AS s CROSS JOIN messages AS m
                            WHERE m.customer IS NOT NULL
                              AND local_time(m.time, s.tz) BETWEEN date(s.as_of, '-29 days') AND s.until)) AS reached
  FROM customer_reach),
steps(place, step, step_zh) AS (VALUES
  (1, 'perceivable', '可感知'), (2, 'identifiable', '可识别'), (3, 'reachable', '可触达'),
  (4, 'marketable', '可营销'), (5, 'serviceable', '可服务'), (6, 'insightable', '可洞察'), (7, 'reached_30_days', '近 30 天已触达')),
spelled AS (
  SELECT t.place, t.step, t.step_zh, s.total,
         CAST(CASE t.place WHEN 1 THEN a WHEN 2 THEN b WHEN 3 THEN c WHEN 4 THEN d WHEN 5 THEN e WHEN 6 THEN f ELSE reached END AS INTEGER) AS customers,
         CAST(CASE t.place WHEN 1 THEN a WHEN 2 THEN ab WHEN 3 THEN abc WHEN 4 THEN abcd WHEN 5 THEN abcde WHEN 6 THEN abcdef END AS INTEGER) AS unbroken
  FROM sums AS s CROSS JOIN steps AS t)
SELECT step, step_zh, customers, total,
       1.0 * customers / nullif(total, 0) AS share,
       unbroken,
       1.0 * unbroken / nullif(total, 0) AS unbroken_share
FROM spelled ORDER BY place;

DROP VIEW IF EXISTS kpi_recruit;
-- kpi_recruit: new joiners by month and channel, and how many became buyers
-- 拉新质量
-- practice: white paper: recruit quality
-- needs: observed, customer_rows, customer_orders
-- formula: effective_90d: net money above 0 within 90 days of joining; buyers_30d: an order within 30; rates are of those whose days are over (mature); orders before joining do not count
CREATE VIEW kpi_recruit AS -- siyu
WITH
  joined AS (
    SELECT c.customer,
           period_start('month', c.joined_at) AS month,
           nullif(trim(c.channel), '') AS channel,
           c.joined_at,
           datetime(substr(c.joined_at, 1, 19), '+30 days') AS by_30,
           datetime(substr(c.joined_at, 1, 19), '+90 days') AS by_90
    FROM customer_rows AS c WHERE c.joined_at IS NOT NULL),
  bought AS (
    SELECT j.customer,
           max(o.is_order AND o.at <= j.by_30) AS within_30,
           sum(CASE WHEN o.at <= j.by_90 THEN o.amount END) AS money_90
    FROM joined AS j JOIN customer_orders AS o ON o.customer = +j.customer
    WHERE o.at >= j.joined_at GROUP BY j.customer)
SELECT j.month, j.channel,
       count(*) AS joined,
       count(*) FILTER (WHERE j.by_30 <= s.until) AS mature_30,
       count(*) FILTER (WHERE j.by_30 <= s.until AND b.within_30) AS buyers_30d,
       1.0 * count(*) FILTER (WHERE j.by_30 <= s.until AND b.within_30) / nullif(count(*) FILTER (WHERE j.by_30 <= s.until), 0) AS buyer_rate_30d,
       count(*) FILTER (WHERE j.by_90 <= s.until) AS mature_90,
       count(*) FILTER (WHERE j.by_90 <= s.until AND b.money_90 > 0) AS effective_90d,
       1.0 * count(*) FILTER (WHERE j.by_90 <= s.until AND b.money_90 > 0) / nullif(count(*) FILTER (WHERE j.by_90 <= s.until), 0) AS effective_rate_90d
FROM observed AS s CROSS JOIN joined AS j LEFT JOIN bought AS b ON b.customer = +j.customer
GROUP BY j.month, j.channel
ORDER BY j.month, j.channel;

DROP VIEW IF EXISTS kpi_referral;
-- kpi_referral: customers who were brought, customers who brought others, and their money
-- 转介绍
-- practice: Youzan triangle: referral
-- needs: observed, customer_rows, referral_rows, order_rows
-- formula: referral_rate = referred / customers, referrer_rate = referrers / customers; of the period: referred_revenue_share = money of referred customers / gmv, new_referred / new_customers
CREATE VIEW kpi_referral AS -- siyu
WITH
  heads AS (
    SELECT count(c.customer) AS customers,
           count(c.customer) FILTER (WHERE c.customer IN (SELECT customer FROM referral_rows)) AS referred,
           count(c.customer) FILTER (WHERE c.customer IN (SELECT referrer FROM referral_rows)) AS referrers,
           count(c.customer) FILTER (WHERE c.joined_at BETWEEN s.period_from AND s.period_until) AS new_customers,
           count(c.customer) FILTER (WHERE c.joined_at BETWEEN s.period_from AND s.period_until
                                       AND c.customer IN (SELECT customer FROM referral_rows)) AS new_referred
    FROM observed AS s LEFT JOIN customer_rows AS c),
  money AS (
    SELECT coalesce(gmv(o.amount), 0) / s.unit AS gmv,
           coalesce(gmv(o.amount) FILTER (WHERE o.customer IN (SELECT customer FROM referral_rows)), 0) / s.unit AS referred_revenue
    FROM observed AS s LEFT JOIN order_rows AS o ON o.in_period)
SELECT customers, referred,
       1.0 * referred / nullif(customers, 0) AS referral_rate,
       referrers,
       1.0 * referrers / nullif(customers, 0) AS referrer_rate,
       gmv, referred_revenue,
       referred_revenue / nullif(gmv, 0) AS referred_revenue_share,
       new_customers, new_referred,
       1.0 * new_referred / nullif(new_customers, 0) AS new_referred_share
FROM heads CROSS JOIN money;

DROP VIEW IF EXISTS kpi_repurchase;
-- kpi_repurchase: who ordered again, ever and within 30, 60, 90 and 365 days
-- 复购率
-- practice: white paper; Xingyun Youke; NetEase
-- needs: observed, buyer
-- formula: repurchase_rate = repeat_buyers / buyers; within n days = again_n / mature_n, mature: n days have passed since the first order; repeat_share = money of repeat buyers / all
CREATE VIEW kpi_repurchase AS -- siyu
SELECT count(*) FILTER (WHERE orders >= 1) AS buyers,
       count(*) FILTER (WHERE orders >= 2) AS repeat_buyers,
       1.0 * count(*) FILTER (WHERE orders >= 2) / nullif(count(*) FILTER (WHERE orders >= 1), 0) AS repurchase_rate,
       count(*) FILTER (WHERE again_by_30 <= until) AS mature_30,
       count(*) FILTER (WHERE again_by_30 <= until AND second_at <= again_by_30) AS again_30,
       1.0 * count(*) FILTER (WHERE again_by_30 <= until AND second_at <= again_by_30)
         / nullif(count(*) FILTER (WHERE again_by_30 <= until), 0) AS within_30_days,
       count(*) FILTER (WHERE again_by_60 <= until) AS mature_60,
       count(*) FILTER (WHERE again_by_60 <= until AND second_at <= again_by_60) AS again_60,
       1.0 * count(*) FILTER (WHERE again_by_60 <= until AND second_at <= again_by_60)
         / nullif(count(*) FILTER (WHERE again_by_60 <= until), 0) AS within_60_days,
       count(*) FILTER (WHERE again_by_90 <= until) AS mature_90,
       count(*) FILTER (WHERE again_by_90 <= until AND second_at <= again_by_90) AS again_90,
       1.0 * count(*) FILTER (WHERE again_by_90 <= until AND second_at <= again_by_90)
         / nullif(count(*) FILTER (WHERE again_by_90 <= until), 0) AS within_90_days,
       count(*) FILTER (WHERE again_by_365 <= until) AS mature_365,
       count(*) FILTER (WHERE again_by_365 <= until AND second_at <= again_by_365) AS again_365,
       1.0 * count(*) FILTER (WHERE again_by_365 <= until AND second_at <= again_by_365)
         / nullif(count(*) FILTER (WHERE again_by_365 <= until), 0) AS within_365_days,
       1.0 * gmv(revenue) FILTER (WHERE orders >= 2) / nullif(gmv(revenue), 0) AS repeat_share
FROM (SELECT b.*, s.until,
             date(substr(first_at, 1, 10), '+30 days') || substr(first_at, 11) AS again_by_30,
             date(substr(first_at, 1, 10), '+60 days') || substr(first_at, 11) AS again_by_60,
             date(substr(first_at, 1, 10), '+90 days') || substr(first_at, 11) AS again_by_90,
             date(substr(first_at, 1, 10), '+365 days') || substr(first_at, 11) AS again_by_365
      FROM observed AS s CROSS JOIN buyer AS b);

DROP VIEW IF EXISTS kpi_staff;
-- kpi_staff: board of the staff in the period: money, orders, customers, target, commission
-- 导购业绩榜（目标、提成、排名）
-- practice: Youzan festival: weekly board, monthly targets, commission; Xingyun Youke: customers and output per staff
-- needs: observed, staff, tier_log, order_rows, contact_pairs
-- formula: gmv net of refunds; staff without a sale have rows with 0, left out is only who was not there and sold nothing; tier: that at the end of the period; target: of a month × months of the period (days / 30.4375 where it is no whole months); commission = gmv × the number "commission" in settings.weights, NULL without it, 0 for a negative gmv; customers: connected now, with or without an order; NULL and blank staff are nobody
CREATE VIEW kpi_staff AS -- siyu
WITH
  sums AS (
    SELECT staff,
           sum(is_order) AS orders,
           effective_customers(customer, 1) FILTER (WHERE is_order) AS buyers,
           coalesce(gmv(amount), 0) AS gmv
    FROM order_rows WHERE in_period AND nullif(staff, '') IS NOT NULL GROUP BY staff),
  linked AS (
    SELECT p.staff,
           count(*) FILTER (WHERE p.still_there) AS customers,
           count(*) FILTER (WHERE p.added_at BETWEEN s.period_from AND s.period_until) AS added
    FROM observed AS s CROSS JOIN contact_pairs AS p GROUP BY p.staff),
  levels AS (
    SELECT subject, tier
    FROM (SELECT t.subject, t.tier,
                 row_number() OVER (PARTITION BY t.subject ORDER BY local_time(t.time, s.tz) DESC, t.tier) AS nth
          FROM observed AS s CROSS JOIN tier_log AS t
          WHERE t.kind = 'staff' AND local_time(t.time, s.tz) <= s.period_until)
    WHERE nth = 1),
  length AS (
    SELECT CASE WHEN substr(period_from, 9, 2) = '01' AND substr(date(period_to, '+1 day'), 9, 2) = '01'
                THEN 12.0 * (substr(period_to, 1, 4) - substr(period_from, 1, 4)) + substr(period_to, 6, 2) - substr(period_from, 6, 2) + 1
                ELSE (julianday(period_to) - julianday(period_from) + 1) / 30.4375 END AS months,
           -- read as text: older SQLite has no JSON in the views of a schema that is not trusted
           CASE WHEN instr(weights, '"commission":') THEN CAST(substr(weights, instr(weights, '"commission":') + 13) AS REAL) END AS rate
    FROM observed),
  board AS (
    SELECT f.staff, f.name, f.store,
           coalesce(l.tier, f.tier) AS tier,
           local_time(f.joined, s.tz) AS joined_at,
           f.target
    FROM observed AS s CROSS JOIN staff AS f LEFT JOIN levels AS l ON l.subject = f.staff
    WHERE (coalesce(local_time(f.joined, s.tz), '') <= s.period_until AND coalesce(local_time(f.left_at, s.tz), '9999') >= s.period_from)
       OR f.staff IN (SELECT staff FROM sums)
    UNION ALL
    -- who sold and is not in the list of the staff
    SELECT staff, NULL, NULL, NULL, NULL, NULL FROM sums WHERE staff NOT IN (SELECT staff FROM staff))
SELECT rank() OVER (ORDER BY coalesce(m.gmv, 0) DESC) AS place,
       b.staff, b.name, b.store, b.tier,
       coalesce(m.orders, 0) AS orders,
       coalesce(m.buyers, 0) AS buyers,
       coalesce(m.gmv, 0) / s.unit AS gmv,
       1.0 * coalesce(m.gmv, 0) / nullif((SELECT gmv(amount) FROM order_rows WHERE in_period), 0) AS share,
       b.target * n.months / s.unit AS target,
       coalesce(m.gmv, 0) / nullif(b.target * n.months, 0) AS target_rate,
       max(coalesce(m.gmv, 0), 0) * n.rate / s.unit AS commission,
       coalesce(k.customers, 0) AS customers, coalesce(k.added, 0) AS added,
       julianday(substr(s.period_until, 1, 10)) - julianday(substr(b.joined_at, 1, 10)) AS tenure_days,
       s.complete
FROM observed AS s CROSS JOIN length AS n CROSS JOIN board AS b
LEFT JOIN sums AS m ON m.staff = b.staff
LEFT JOIN linked AS k ON k.staff = b.staff
ORDER BY place, b.staff;

DROP VIEW IF EXISTS kpi_staff_move;
-- kpi_staff_move: promotion and elimination by stated rules, with the reason
-- 导购晋级与淘汰建议
-- practice: Youzan festival: promotion by sales, elimination by tenure and sales
-- needs: kpi_staff, staff
-- formula: tiers stand in the order of their mean target, then by name; promote at 120 % of the target, demote below 50 % after 90 days of service (from the lowest tier: out, next_tier NULL); a period that is cut short moves nobody; one without a target stays
CREATE VIEW kpi_staff_move AS -- siyu
WITH
  ladder AS (
    SELECT tier,
           row_number() OVER (ORDER BY avg(target), tier) AS rung
    FROM staff WHERE nullif(tier, '') IS NOT NULL AND target IS NOT NULL GROUP BY tier),
  verdict AS (
    SELECT b.*,
           CASE WHEN b.target_rate IS NULL THEN 'no_target'
                WHEN NOT b.complete THEN 'not_complete'
                WHEN b.target_rate >= 1.2 THEN 'promote'
                WHEN b.target_rate < 0.5 AND b.tenure_days < 90 THEN 'new'
                WHEN b.target_rate < 0.5 AND b.tenure_days IS NOT NULL THEN 'demote'
                ELSE 'stay' END AS move
    FROM kpi_staff AS b)
SELECT v.staff, v.tier,
       CASE v.move WHEN 'promote' THEN coalesce(up.tier, v.tier)
                   WHEN 'demote' THEN down.tier
                   ELSE v.tier END AS next_tier,
       CASE WHEN v.move = 'demote' AND down.tier IS NULL THEN 'out' ELSE v.move END AS move,
       v.gmv, v.target, v.target_rate, v.tenure_days,
       CASE v.move WHEN 'no_target' THEN 'no target is set'
                   WHEN 'not_complete' THEN 'the period is not over: ' || round(100 * v.target_rate, 1) || ' % of the target so far'
                   WHEN 'new' THEN round(100 * v.target_rate, 1) || ' % of the target, but only ' || CAST(v.tenure_days AS INTEGER) || ' days of service'
                   ELSE round(100 * v.target_rate, 1) || ' % of the target' END AS reason
FROM verdict AS v
LEFT JOIN ladder AS l ON l.tier = v.tier
LEFT JOIN ladder AS up ON up.rung = l.rung + 1
LEFT JOIN ladder AS down ON down.rung = l.rung - 1
ORDER BY v.staff;

DROP VIEW IF EXISTS kpi_stage;
-- kpi_stage: customers by stage of the life cycle
-- 生命周期分布
-- practice: Youzan triangle: five stages
-- needs: customer_stage
-- formula: share = customers / total; stages without anybody are rows with 0
CREATE VIEW kpi_stage AS -- siyu
WITH
  stages(stage, place) AS (VALUES ('introduction', 1), ('growth', 2), ('maturity', 3), ('dormant', 4), ('churned', 5)),
  counts AS (SELECT stage, count(*) AS customers FROM customer_stage GROUP BY stage)
SELECT g.stage,
       siyu_label(g.stage, 'zh') AS stage_zh,
       coalesce(c.customers, 0) AS customers,
       coalesce(sum(c.customers) OVER (), 0) AS total,
       1.0 * coalesce(c.customers, 0) / nullif(sum(c.customers) OVER (), 0) AS share
FROM stages AS g LEFT JOIN counts AS c ON c.stage = g.stage
ORDER BY g.place;

DROP VIEW IF EXISTS kpi_store;
-- kpi_store: each store: its own money, per square metre, visits against a year ago, payback
-- 门店（坪效、到店、回本周期）
-- practice: white paper: store support; Youzan festival: on-line sales credited to the store
-- needs: observed, stores, flows, events, order_rows, customer_rows
-- formula: gmv: orders whose store it is, not those of customers bound to it; counter_gmv: source 'store', online_gmv: credited to it from elsewhere; gmv_per_metre = gmv / metres; visits: events 'visit' with the store as ref, of the period; payback_days: on flows up to as_of, with the investment at the opening where the flows hold nothing negative
CREATE VIEW kpi_store AS -- siyu
WITH
  sums AS (
    SELECT store,
           count(*) FILTER (WHERE is_order AND in_period) AS orders,
           coalesce(gmv(amount) FILTER (WHERE in_period), 0) AS gmv,
           coalesce(gmv(amount) FILTER (WHERE in_period AND source = 'store'), 0) AS counter_gmv,
           coalesce(gmv(amount) FILTER (WHERE in_year_ago), 0) AS year_ago_gmv
    FROM order_rows WHERE nullif(store, '') IS NOT NULL AND (in_period OR in_year_ago) GROUP BY store),
  calls AS (
    SELECT e.ref AS store,
           count(*) FILTER (WHERE local_time(e.time, s.tz) BETWEEN s.period_from AND s.period_until) AS visits,
           count(*) FILTER (WHERE local_time(e.time, s.tz) BETWEEN s.year_ago_from AND s.year_ago_until) AS year_ago_visits
    FROM observed AS s CROSS JOIN events AS e WHERE e.name = 'visit' GROUP BY e.ref),
  cash AS (
    SELECT f.store,
           local_time(f.time, s.tz) AS at,
           f.amount
    FROM observed AS s CROSS JOIN flows AS f WHERE local_time(f.time, s.tz) <= s.until
    UNION ALL
    SELECT t.store, local_time(t.opened, s.tz), -t.invested
    FROM observed AS s CROSS JOIN stores AS t
    WHERE local_time(t.opened, s.tz) <= s.until AND t.invested IS NOT NULL
      AND t.store NOT IN (SELECT store FROM flows WHERE amount < 0 AND store IS NOT NULL)),
  paid_back AS (SELECT store, payback_days(at, amount) AS days FROM cash GROUP BY store),
  bound AS (SELECT store, count(*) AS customers FROM customer_rows GROUP BY store)
SELECT t.store, t.name, t.franchisee,
       coalesce(m.orders, 0) AS orders,
       coalesce(m.gmv, 0) / s.unit AS gmv,
       coalesce(m.counter_gmv, 0) / s.unit AS counter_gmv,
       (coalesce(m.gmv, 0) - coalesce(m.counter_gmv, 0)) / s.unit AS online_gmv,
       t.metres,
       coalesce(m.gmv, 0) / s.unit / nullif(t.metres, 0) AS gmv_per_metre,
       coalesce(m.year_ago_gmv, 0) / s.unit AS year_ago_gmv,
       1.0 * coalesce(m.gmv, 0) / nullif(m.year_ago_gmv, 0) - 1 AS change_year,
       coalesce(c.visits, 0) AS visits,
       coalesce(c.year_ago_visits, 0) AS year_ago_visits,
       1.0 * coalesce(c.visits, 0) / nullif(c.year_ago_visits, 0) - 1 AS visits_change_year,
       coalesce(b.customers, 0) AS customers,
       p.days AS payback_days,
       s.complete
FROM observed AS s CROSS JOIN stores AS t
LEFT JOIN sums AS m ON m.store = t.store
LEFT JOIN calls AS c ON c.store = t.store
LEFT JOIN paid_back AS p ON p.store = t.store
LEFT JOIN bound AS b ON b.store = t.store
WHERE coalesce(local_time(t.opened, s.tz), '') <= s.until
ORDER BY t.store;

DROP VIEW IF EXISTS kpi_three_value;
-- kpi_three_value: sales, marketing and service value with weights and scores
-- 三大价值（权重与得分）
-- practice: white paper: three values
-- needs: observed, figures
-- formula: score = 100 × value / previous (the other way round for seconds), at most 200; weight: of the value, from settings.weights {"sales": 0.5, "marketing": 0.3, "service": 0.2}, shared by its figures that have a score; sum(weight * score) / sum(weight) is the total
CREATE VIEW kpi_three_value AS -- siyu
WITH
  names(place, value, figure, title_zh, less_is_better) AS (VALUES
    (1, 'sales', 'gmv', '成交总额', 0),
    (2, 'sales', 'arppu', '每付费用户平均收入', 0),
    (3, 'sales', 'repurchase_rate', '复购率', 0),
    (4, 'sales', 'referred_share', '转介绍业绩占比', 0),
    (5, 'marketing', 'contents', '用户内容量', 0),
    (6, 'marketing', 'shares', '分享次数', 0),
    (7, 'marketing', 'referrer_rate', '顾客推荐率', 0),
    (8, 'service', 'response_seconds', '首次响应时长', 1),
    (9, 'service', 'answered_3_min', '三分钟响应率', 0)),
  -- a number stands after "sales": in the JSON; CAST reads it up to the comma
  weights(value, weight) AS (
    SELECT value, CASE WHEN instr(w, '"' || value || '":') > 0
                       THEN CAST(substr(w, instr(w, '"' || value || '":') + length(value) + 3) AS REAL) ELSE 1.0 / 3 END
    FROM (SELECT coalesce(replace(weights, ' ', ''), '') AS w FROM observed)
    CROSS JOIN (SELECT 'sales' AS value UNION ALL SELECT 'marketing' UNION ALL SELECT 'service')),
  spelled AS (
    SELECT n.*, f.span,
           CASE n.figure
             WHEN 'gmv' THEN f.gmv
             WHEN 'arppu' THEN f.gmv_of_customers / nullif(f.effective_customers, 0)
             WHEN 'repurchase_rate' THEN 1.0 * f.repeat_buyers / nullif(f.buyers_ever, 0)
             WHEN 'referred_share' THEN f.referred_gmv / nullif(f.gmv, 0)
             WHEN 'contents' THEN f.contents
             WHEN 'shares' THEN f.shares
             WHEN 'referrer_rate' THEN 1.0 * f.referrers / nullif(f.customers, 0)
             WHEN 'response_seconds' THEN f.response_seconds
             WHEN 'answered_3_min' THEN f.answered_3_min
           END AS v
    FROM figures AS f CROSS JOIN names AS n),
  compared AS (
    SELECT place, value, figure, title_zh, less_is_better,
           1.0 * max(v) FILTER (WHERE span = 'period') AS now,
           1.0 * max(v) FILTER (WHERE span = 'previous') AS previous
    FROM spelled GROUP BY place, value, figure, title_zh, less_is_better),
  scored AS (
    SELECT *,
           min(200, 100 * CASE WHEN less_is_better THEN previous / nullif(now, 0) ELSE now / nullif(previous, 0) END) AS score
    FROM compared)
SELECT s.value, s.figure, s.title_zh,
       s.now AS amount,
       s.previous,
       CASE WHEN s.score IS NOT NULL THEN w.weight / count(s.score) OVER (PARTITION BY s.value) END AS weight,
       s.score
FROM scored AS s JOIN weights AS w ON w.value = s.value
ORDER BY s.place;

DROP VIEW IF EXISTS kpi_touch;
-- kpi_touch: what followed messages of the period: answers, orders, deletions within 7 days
-- 触达效果（回复、下单、删除好友）
-- practice: Xingyun Youke: do not disturb; NetEase: response per channel
-- needs: observed, messages, contacts, customer_orders
-- formula: by channel, campaign and audience. Of messages whose 7 days are over (mature) the share that was answered, followed by an order of the customer, followed by the customer's deleting a contact, within 7 days
CREATE VIEW kpi_touch AS -- siyu
WITH
  sent AS (
    SELECT m.rowid AS id,
           nullif(m.customer, '') AS customer,
           m.channel, m.campaign, m.audience,
           local_time(m.time, s.tz) AS at,
           datetime(substr(local_time(m.time, s.tz), 1, 19), '+7 days') AS week,
           datetime(substr(local_time(m.time, s.tz), 1, 19), '+7 days') <= s.until AS mature,
           local_time(m.answered_at, s.tz) AS answered_at
    FROM observed AS s CROSS JOIN messages AS m
    WHERE local_time(m.time, s.tz) BETWEEN s.period_from AND s.period_until),
  bought AS (
    SELECT DISTINCT m.id FROM sent AS m JOIN customer_orders AS o ON o.customer = +m.customer
    WHERE o.is_order AND o.at BETWEEN m.at AND m.week),
  left_us AS (
    SELECT DISTINCT m.id FROM observed AS s CROSS JOIN sent AS m JOIN contacts AS c ON c.customer = m.customer
    WHERE coalesce(c.deleted_by, 'customer') <> 'staff'
      AND local_time(c.deleted, s.tz) <= s.until AND local_time(c.deleted, s.tz) BETWEEN m.at AND m.week)
SELECT channel, campaign, audience,
       count(*) AS messages,
       count(DISTINCT customer) AS people,
       count(*) FILTER (WHERE mature) AS mature,
       count(*) FILTER (WHERE mature AND answered_at BETWEEN at AND week) AS answered_within_7_days,
       count(*) FILTER (WHERE mature AND id IN (SELECT id FROM bought)) AS ordered_within_7_days,
       count(*) FILTER (WHERE mature AND id IN (SELECT id FROM left_us)) AS deleted_within_7_days,
       1.0 * count(*) FILTER (WHERE mature AND answered_at BETWEEN at AND week) / nullif(count(*) FILTER (WHERE mature), 0) AS answer_rate,
       1.0 * count(*) FILTER (WHERE mature AND id IN (SELECT id FROM bought)) / nullif(count(*) FILTER (WHERE mature), 0) AS order_rate,
       1.0 * count(*) FILTER (WHERE mature AND id IN (SELECT id FROM left_us)) / nullif(count(*) FILTER (WHERE mature), 0) AS deletion_rate
FROM sent GROUP BY channel, campaign, audience
ORDER BY channel, campaign, audience;

DROP VIEW IF EXISTS kpi_transition;
-- kpi_transition: stages at as_of against 30 days before
-- 近 30 天阶段迁移
-- practice: Youzan triangle: life cycle
-- needs: observed, stage_moves
-- formula: from_stage NULL: customers gained since; share of those of from_stage
CREATE VIEW kpi_transition AS -- siyu
SELECT t.from_stage, t.to_stage, t.customers, t.share
FROM observed AS s CROSS JOIN stage_moves AS t
WHERE s.until IS NOT NULL
  AND t.from_as_of = date(s.as_of, '-30 days') || substr(s.until, 11)
  AND t.to_as_of = s.until;

DROP VIEW IF EXISTS kpi_triangle;
-- kpi_triangle: six values, three sides, area, against the period before
-- 私域三角：六项指标、三边与面积
-- practice: Youzan triangle
-- needs: spans, figures_contacts, figures_customers, figures_buyers
-- formula: connected: people connected; reach: of customers, connected and not refusing; ltv: value in the first 365 days; repurchase: second order within 90 days; referral: of customers, brought others; related: of customers, brought by distributors or partners. A side = 100 × geometric mean of its two values, each over that of the base (the period before); area_index = 100 × area / area of the base
CREATE VIEW kpi_triangle AS -- siyu
WITH six AS (
  SELECT p.span, p.first_day, p.until,
         k.people_now AS connected,
         1.0 * k.people_reachable / nullif(c.customers, 0) AS reach,
         b.money_365 / nullif(b.mature_365, 0) AS ltv,
         1.0 * b.again_90 / nullif(b.mature_90, 0) AS repurchase,
         1.0 * c.referrers / nullif(c.customers, 0) AS referral,
         1.0 * c.related_customers / nullif(c.customers, 0) AS related
  FROM spans AS p
  LEFT JOIN figures_contacts AS k ON k.span = p.span
  LEFT JOIN figures_customers AS c ON c.span = p.span
  LEFT JOIN figures_buyers AS b ON b.span = p.span
  LIMIT 3),
pair AS (   -- one reading: newest SQLite finds a view only once in a statement
  SELECT max(connected) FILTER (WHERE span = 'period') AS connected,
         max(reach) FILTER (WHERE span = 'period') AS reach,
         max(ltv) FILTER (WHERE span = 'period') AS ltv,
         max(repurchase) FILTER (WHERE span = 'period') AS repurchase,
         max(referral) FILTER (WHERE span = 'period') AS referral,
         max(related) FILTER (WHERE span = 'period') AS related,
         max(connected) FILTER (WHERE span = 'previous') AS base_connected,
         max(reach) FILTER (WHERE span = 'previous') AS base_reach,
         max(ltv) FILTER (WHERE span = 'previous') AS base_ltv,
         max(repurchase) FILTER (WHERE span = 'previous') AS base_repurchase,
         max(referral) FILTER (WHERE span = 'previous') AS base_referral,
         max(related) FILTER (WHERE span = 'previous') AS base_related,
         max(first_day) FILTER (WHERE span = 'previous') AS base_from,
         substr(max(until) FILTER (WHERE span = 'previous'), 1, 10) AS base_to
  FROM six GROUP BY 1 = 1 HAVING count(*) FILTER (WHERE span = 'period') AND count(*) FILTER (WHERE span = 'previous')),
sides AS (
  SELECT *,
         100 * geometric_mean(1.0 * connected / nullif(base_connected, 0), reach / nullif(base_reach, 0)) AS ownership_side,
         100 * geometric_mean(ltv / nullif(base_ltv, 0), repurchase / nullif(base_repurchase, 0)) AS value_side,
         100 * geometric_mean(referral / nullif(base_referral, 0), related / nullif(base_related, 0)) AS referral_side
  FROM pair LIMIT 1)
SELECT connected, reach, ltv, repurchase, referral, related,
       ownership_side, value_side, referral_side,
       triangle_area(ownership_side, value_side, referral_side) AS area,
       100 * triangle_area(ownership_side, value_side, referral_side) / triangle_area(100, 100, 100) AS area_index,
       base_from, base_to, base_connected, base_reach, base_ltv, base_repurchase, base_referral,
       base_related
FROM sides;

DROP VIEW IF EXISTS kpi_value;
-- kpi_value: value of the period: GMV = effective customers × ARPPU
-- 周期销售价值
-- practice: white paper: sales value
-- needs: observed, order_rows, customer_rows
-- formula: gmv = money net of refunds; effective_customers: net > 0; arpu = gmv / customers, arppu = money of known customers / effective_customers, aov = gmv / orders, orders_per_customer = orders / buyers
CREATE VIEW kpi_value AS -- siyu
SELECT s.period_from, s.period_to, s.complete,
       (SELECT count(*) FROM customer_rows) AS customers,
       v.buyers, v.orders, v.gmv, v.refunds, v.effective_customers,
       v.gmv / nullif((SELECT count(*) FROM customer_rows), 0) AS arpu,
       v.gmv_of_customers / nullif(v.effective_customers, 0) AS arppu,
       v.gmv / nullif(v.orders, 0) AS aov,
       1.0 * v.orders_of_customers / nullif(v.buyers, 0) AS orders_per_customer,
       v.private_gmv,
       v.private_gmv / nullif(v.gmv, 0) AS private_share
FROM observed AS s CROSS JOIN (
  SELECT effective_customers(o.customer, 1) FILTER (WHERE is_order) AS buyers,
         count(*) FILTER (WHERE is_order) AS orders,
         count(*) FILTER (WHERE is_order AND o.customer IS NOT NULL) AS orders_of_customers,
         coalesce(gmv(o.amount), 0) / u.unit AS gmv,
         coalesce(gmv(o.amount) FILTER (WHERE o.customer IS NOT NULL), 0) / u.unit AS gmv_of_customers,
         -coalesce(gmv(o.amount) FILTER (WHERE NOT is_order), 0) / u.unit AS refunds,
         effective_customers(o.customer, o.amount) AS effective_customers,
         coalesce(gmv(o.amount) FILTER (WHERE o.source = 'private'), 0) / u.unit AS private_gmv
  FROM observed AS u LEFT JOIN order_rows AS o ON o.in_period) AS v;

DROP VIEW IF EXISTS kpi_wake_up;
-- kpi_wake_up: of the dormant and churned of 30 days ago, who has ordered since
-- 唤醒率
-- practice: Youzan triangle: dormancy
-- needs: kpi_transition
-- formula: wake_up_rate = woken / customers
CREATE VIEW kpi_wake_up AS -- siyu
SELECT from_stage,
       sum(customers) AS customers,
       coalesce(sum(customers) FILTER (WHERE to_stage IN ('growth', 'maturity')), 0) AS woken,
       total(customers) FILTER (WHERE to_stage IN ('growth', 'maturity')) / sum(customers) AS wake_up_rate
FROM kpi_transition WHERE from_stage IN ('dormant', 'churned')
GROUP BY from_stage;

DROP VIEW IF EXISTS observed;
-- observed: what every view obeys: end of observation, period, the periods it is compared with, zone, money
-- 观察截止、统计周期与对比周期
-- practice: all
-- needs: settings, orders, contacts, events, customers
-- formula: settings, or without them the day of the last order (else of the last event, contact, customer) and its month; a period cut short by as_of is compared with the same first days of the earlier ones
CREATE VIEW observed AS -- siyu: one row; LIMIT keeps a step from being computed anew for every row
WITH
  given AS (
    SELECT nullif(trim(as_of), '') AS as_of,
           nullif(trim(period_from), '') AS period_from,
           nullif(trim(period_to), '') AS period_to,
           coalesce(nullif(trim(tz), ''), '+00:00') AS tz,
           currency,
           coalesce(decimals, 2) AS decimals,
           weights
    FROM (SELECT max(as_of) AS as_of, max(period_from) AS period_from, max(period_to) AS period_to, max(tz) AS tz, max(currency) AS currency,
                 max(decimals) AS decimals, max(weights) AS weights FROM settings) LIMIT 1),   -- of several rows what each says
  -- everything is wall clock of tz from here on
  seen AS (
    SELECT coalesce(local_end(as_of, tz),
                    local_end((SELECT max(period_start('day', time, tz)) FROM orders)),
                    local_end((SELECT max(period_start('day', time, tz)) FROM events)),
                    local_end((SELECT max(period_start('day', added, tz)) FROM contacts)),
                    local_end((SELECT max(period_start('day', joined, tz)) FROM customers))) AS until,
           period_start('day', period_from, tz) AS given_from,
           substr(local_end(period_to, tz), 1, 10) AS given_to,
           tz, currency, decimals, weights
    FROM given LIMIT 1),
  whole AS (
    SELECT until,
           coalesce(given_from, date(coalesce(given_to, substr(until, 1, 10)), 'start of month')) AS first_day,
           coalesce(given_to, CASE WHEN given_from IS NULL THEN date(substr(until, 1, 10), 'start of month', '+1 month', '-1 day')
                                   ELSE substr(until, 1, 10) END) AS last_day,
           tz, currency, decimals, weights
    FROM seen),
  -- whole months are compared with as many months before, other spans with as many days
  spans AS (
    SELECT *,
           until >= local_end(last_day) AS complete,
           CASE WHEN first_day = date(first_day, 'start of month') AND last_day = date(last_day, 'start of month', '+1 month', '-1 day')
                THEN 12 * (substr(last_day, 1, 4) - substr(first_day, 1, 4)) + substr(last_day, 6, 2) - substr(first_day, 6, 2) + 1
           END AS months,
           CAST(julianday(last_day) - julianday(first_day) + 1 AS INTEGER) AS days,
           CAST(julianday(substr(until, 1, 10)) - julianday(first_day) AS INTEGER) AS days_seen
    FROM whole),
  earlier AS (
    SELECT *,
           coalesce(date(first_day, -months || ' months'), date(first_day, -days || ' days')) AS previous_from,
           date(first_day, '-1 day') AS previous_last,
           date(first_day, '-1 year') AS year_ago_from,
           date(last_day, '+1 day', '-1 year', '-1 day') AS year_ago_last
    FROM spans)
SELECT substr(until, 1, 10) AS as_of,
       until,
       first_day AS period_from,
       last_day AS period_to,
       min(until, local_end(last_day)) AS period_until,
       complete,
       previous_from,
       CASE WHEN complete THEN local_end(previous_last)
            ELSE min(local_end(previous_last), date(previous_from, days_seen || ' days') || substr(until, 11)) END AS previous_until,
       year_ago_from,
       CASE WHEN complete THEN local_end(year_ago_last)
            ELSE min(local_end(year_ago_last), date(year_ago_from, days_seen || ' days') || substr(until, 11)) END AS year_ago_until,
       tz, currency, decimals,
       CASE decimals WHEN 0 THEN 1.0 WHEN 1 THEN 10.0 WHEN 2 THEN 100.0 WHEN 3 THEN 1e3 WHEN 4 THEN 1e4 WHEN 5 THEN 1e5 ELSE 1e6 END AS unit,
       weights
-- SQLite takes what stands behind a chain of LIMITs for less than one row, and joins it without an index: GROUP BY
FROM earlier GROUP BY until;

-- order_flow: months of customers: new, retained, resurrected, dormant
-- 客户增减流
-- practice: Youzan triangle: life cycle
-- needs: order_rows
-- formula: an instance of lifecycle_flow over order_rows, so that views may read it
CREATE VIRTUAL TABLE IF NOT EXISTS order_flow USING lifecycle_flow(source=order_rows, customer_col=customer, time_col=at, amount_col=amount, grain=month);

-- order_periods: what customers did in each period; a month where nothing else is asked for
-- 客户分周期汇总
-- practice: Xingyun Youke: GMV per month, quarter, year
-- needs: order_rows
-- formula: an instance of period_summary over order_rows, so that views may read it
CREATE VIRTUAL TABLE IF NOT EXISTS order_periods USING period_summary(source=order_rows, customer_col=customer, time_col=at, amount_col=amount);

DROP VIEW IF EXISTS order_rows;
-- order_rows: the rows of orders that count, up to as_of, with local time
-- 有效订单与退款
-- practice: all
-- needs: observed, orders
-- formula: is_order: amount >= 0 or NULL; a refund is money only. Orders that never came about (closed, cancelled, unpaid) are out, by status
CREATE VIEW order_rows AS -- siyu
SELECT o.order_id,
       nullif(o.customer, '') AS customer,
       local_time(o.time, s.tz) AS at,
       o.amount,
       coalesce(o.amount + 0, 0) >= 0 AS is_order,
       CASE WHEN o.source >= '!' OR trim(o.source) <> '' THEN o.source END AS source,   -- blank is NULL; from '!' on none is
       CASE WHEN o.shop >= '!' OR trim(o.shop) <> '' THEN o.shop END AS shop,
       CASE WHEN o.store >= '!' OR trim(o.store) <> '' THEN o.store END AS store,
       CASE WHEN o.staff >= '!' OR trim(o.staff) <> '' THEN o.staff END AS staff,
       CASE WHEN o.channel >= '!' OR trim(o.channel) <> '' THEN o.channel END AS channel,
       CASE WHEN o.campaign >= '!' OR trim(o.campaign) <> '' THEN o.campaign END AS campaign,
       local_time(o.time, s.tz) BETWEEN s.period_from AND s.period_until AS in_period,
       local_time(o.time, s.tz) BETWEEN s.previous_from AND s.previous_until AS in_previous,
       local_time(o.time, s.tz) BETWEEN s.year_ago_from AND s.year_ago_until AS in_year_ago
FROM observed AS s CROSS JOIN orders AS o
WHERE local_time(o.time, s.tz) <= s.until
  AND coalesce(lower(trim(o.status)), '') NOT IN (
    '交易关闭', '已关闭', '已取消', '订单取消', '取消', '待付款', '等待买家付款', '未付款',
    'closed', 'cancelled', 'canceled', 'unpaid', 'pending', 'voided', 'failed', 'expired');

-- person_ids: customers who are one person, by the ids that they share
-- 身份归一
-- practice: Xingyun Youke: one ID
-- needs: customer_id_rows
-- formula: an instance of identity_cluster over customer_id_rows, so that views may read it
CREATE VIRTUAL TABLE IF NOT EXISTS person_ids USING identity_cluster(source=customer_id_rows, record_col=customer, id_type_col=id_type, id_value_col=id_value);

DROP VIEW IF EXISTS referral_rows;
-- referral_rows: referrals up to as_of, not of oneself; one referrer per customer, the earliest
-- 有效转介绍
-- practice: Youzan triangle: referral
-- needs: observed, referrals
-- formula: several referrers: the earliest, else the smallest
CREATE VIEW referral_rows AS -- siyu
SELECT customer, referrer, at, campaign
FROM (SELECT r.customer, r.referrer, r.campaign,
             local_time(r.time, s.tz) AS at,
             row_number() OVER (PARTITION BY r.customer ORDER BY local_time(r.time, s.tz) IS NULL, local_time(r.time, s.tz), r.referrer) AS nth
      FROM observed AS s CROSS JOIN referrals AS r
      WHERE nullif(r.customer, '') IS NOT NULL AND nullif(r.referrer, '') IS NOT NULL
        AND r.customer <> r.referrer
        AND coalesce(local_time(r.time, s.tz), '') <= s.until)
WHERE nth = 1;

DROP VIEW IF EXISTS spans;
-- spans: the period of the settings, the one before it and the same one a year ago
-- 本期、上期、去年同期
-- practice: all
-- needs: observed
-- formula: three rows
CREATE VIEW spans AS -- siyu: LIMIT keeps them from being computed anew for every row
SELECT n.column1 AS span,
       CASE n.column1 WHEN 'period' THEN s.period_from
                      WHEN 'previous' THEN s.previous_from
                      ELSE s.year_ago_from END AS first_day,
       CASE n.column1 WHEN 'period' THEN s.period_until
                      WHEN 'previous' THEN s.previous_until
                      ELSE s.year_ago_until END AS until,
       s.unit,
       s.tz
FROM observed AS s CROSS JOIN (VALUES ('period'), ('previous'), ('year_ago')) AS n
LIMIT 3;

DROP VIEW IF EXISTS staff_heads;
-- staff_heads: heads of staff at the end of the three spans
-- 各周期在职员工数
-- practice: Xingyun Youke: output per head
-- needs: spans, staff
-- formula: joined up to then (or not known), not left by then
CREATE VIEW staff_heads AS -- siyu
SELECT p.span,
       count(*) AS heads
FROM staff AS s CROSS JOIN spans AS p
WHERE coalesce(local_time(s.joined, p.tz), '') <= p.until
  AND coalesce(local_time(s.left_at, p.tz), '9999') > p.until
GROUP BY p.span;

-- stage_moves: customers by stage at two dates
-- 阶段迁移
-- practice: Youzan triangle: life cycle
-- needs: order_rows
-- formula: an instance of stage_transition over order_rows, so that views may read it
CREATE VIRTUAL TABLE IF NOT EXISTS stage_moves USING stage_transition(source=order_rows, customer_col=customer, time_col=at, amount_col=amount, order_col=order_id);

DROP VIEW IF EXISTS audience_about_to_slip;
-- audience_about_to_slip: later than their own rhythm, and not dormant yet
-- 流失预警
-- practice: Youzan triangle: warning before churn
-- needs: addressee, customer_cycle
-- formula: overdue > 1 and silent for at most 90 days: the dormant and the churned are other audiences'; priority 3 from 2 cycles on, 2 from 1.5, else 1; one in ten is control
CREATE VIEW audience_about_to_slip AS -- siyu
SELECT a.customer,
       'silent for ' || CAST(a.silent_days AS INTEGER) || ' days, a rhythm of ' || round(c.cycle_days, 1) || ' days' AS reason,
       CASE WHEN c.overdue >= 2 THEN 3 WHEN c.overdue >= 1.5 THEN 2 ELSE 1 END AS priority,
       a.suggested_time, a.channel, a.store,
       ab_group(a.customer, 'about_to_slip', 10) = 0 AS is_control,
       c.overdue,
       a.revenue / a.unit AS revenue,
       '已 ' || CAST(a.silent_days AS INTEGER) || ' 天未下单，自身周期 ' || round(c.cycle_days, 1) || ' 天' AS reason_zh
FROM addressee AS a JOIN customer_cycle AS c ON c.customer = +a.customer
WHERE c.overdue > 1 AND a.silent_days <= 90
ORDER BY priority DESC, revenue DESC, a.customer;

DROP VIEW IF EXISTS audience_birthday;
-- audience_birthday: birthdays of the coming 7 days
-- 生日关怀
-- practice: NetEase: birthday task
-- needs: addressee
-- formula: the next birthday after as_of, across the end of a year too; 29 February is 1 March in other years; suggested_time: that morning; priority 2 for members, else 1; one in ten is control
CREATE VIEW audience_birthday AS -- siyu
WITH dated AS (
  SELECT *, CASE WHEN date(substr(as_of, 1, 4) || substr(birthday, 5, 6)) > as_of
                 THEN date(substr(as_of, 1, 4) || substr(birthday, 5, 6), '+0 days')
                 ELSE date((substr(as_of, 1, 4) + 1) || substr(birthday, 5, 6), '+0 days') END AS next_birthday
  FROM addressee WHERE date(birthday) IS NOT NULL)
SELECT customer,
       'birthday on ' || next_birthday AS reason,
       CASE WHEN is_member THEN 2 ELSE 1 END AS priority,
       next_birthday || ' 10:00:00' AS suggested_time,
       channel, store,
       ab_group(customer, 'birthday', 10) = 0 AS is_control,
       next_birthday,
       '生日 ' || next_birthday AS reason_zh
FROM dated
WHERE next_birthday BETWEEN date(as_of, '+1 day') AND date(as_of, '+7 days')
ORDER BY next_birthday, priority DESC, customer;

DROP VIEW IF EXISTS audience_dormant_members;
-- audience_dormant_members: members without an order for 90 to 180 days
-- 休眠会员
-- practice: Youzan triangle: dormancy, wake-up
-- needs: addressee
-- formula: members, silent for more than 90 and at most 180 days; or never bought and joined as long ago; priority 2 for who has bought, else 1; one in ten is control
CREATE VIEW audience_dormant_members AS -- siyu
WITH quiet AS (
  SELECT *, coalesce(silent_days, julianday(as_of) - julianday(substr(joined_at, 1, 10))) AS days FROM addressee WHERE is_member)
SELECT customer,
       CASE WHEN orders > 0 THEN 'no order for ' ELSE 'a member without an order for ' END || CAST(days AS INTEGER) || ' days' AS reason,
       CASE WHEN orders > 0 THEN 2 ELSE 1 END AS priority,
       suggested_time, channel, store,
       ab_group(customer, 'dormant_members', 10) = 0 AS is_control,
       days,
       CASE WHEN orders > 0 THEN '' ELSE '入会 ' END || CAST(days AS INTEGER) || ' 天未下单' AS reason_zh
FROM quiet
WHERE days > 90 AND days <= 180
ORDER BY priority DESC, revenue DESC, customer;

DROP VIEW IF EXISTS audience_due;
-- audience_due: the next order falls into the coming 7 days
-- 到期复购提醒
-- practice: white paper: quarterly reminder; Xingyun Youke: before the milk is finished
-- needs: addressee, customer_cycle
-- formula: last order + own cycle within the 7 days after as_of, never in the past; suggested_time: the day before, not before tomorrow; priority 2 within 3 days, else 1; one in ten is control
CREATE VIEW audience_due AS -- siyu
SELECT a.customer,
       'next order due on ' || substr(c.due_at, 1, 10) || ', a rhythm of ' || round(c.cycle_days, 1) || ' days' AS reason,
       CASE WHEN substr(c.due_at, 1, 10) <= date(a.as_of, '+3 days') THEN 2 ELSE 1 END AS priority,
       max(a.suggested_time, date(substr(c.due_at, 1, 10), '-1 day') || ' 10:00:00') AS suggested_time,
       a.channel, a.store,
       ab_group(a.customer, 'due', 10) = 0 AS is_control,
       c.due_at,
       '预计 ' || substr(c.due_at, 1, 10) || ' 复购，自身周期 ' || round(c.cycle_days, 1) || ' 天' AS reason_zh
FROM addressee AS a JOIN customer_cycle AS c ON c.customer = +a.customer
WHERE c.due_at > a.until AND substr(c.due_at, 1, 10) <= date(a.as_of, '+7 days')
ORDER BY c.due_at, a.customer;

DROP VIEW IF EXISTS audience_no_second_order;
-- audience_no_second_order: bought once and not again within 90 days, by intent
-- 首购 90 天未复购
-- practice: NetEase: first-time buyers with no second order
-- needs: observed, addressee, events
-- formula: one order ever, more than 90 days ago. intent by what they did since that order, up to as_of: 2 events and more high, 1 middle, none low; priority 3, 2, 1; one in ten is control
CREATE VIEW audience_no_second_order AS -- siyu
WITH
  once AS (SELECT * FROM addressee WHERE orders = 1 AND days_since_first > 90),
  acts AS (
    SELECT o.customer,
           count(*) AS acts
    FROM observed AS s CROSS JOIN once AS o JOIN events AS e ON e.customer = o.customer
    WHERE local_time(e.time, s.tz) > o.first_at AND local_time(e.time, s.tz) <= s.until
    GROUP BY o.customer)
SELECT o.customer,
       'one order, ' || CAST(o.days_since_first AS INTEGER) || ' days ago, since then ' || coalesce(a.acts, 0) || ' visits and other events' AS reason,
       1 + min(coalesce(a.acts, 0), 2) AS priority,
       o.suggested_time, o.channel, o.store,
       ab_group(o.customer, 'no_second_order', 10) = 0 AS is_control,
       CASE min(coalesce(a.acts, 0), 2) WHEN 2 THEN 'high' WHEN 1 THEN 'middle' ELSE 'low' END AS intent,
       o.revenue / o.unit AS revenue,
       '首购后 ' || CAST(o.days_since_first AS INTEGER) || ' 天未复购，其间到店等行为 ' || coalesce(a.acts, 0) || ' 次' AS reason_zh
FROM once AS o LEFT JOIN acts AS a ON a.customer = +o.customer
ORDER BY priority DESC, revenue DESC, o.customer;

DROP VIEW IF EXISTS audience_recall;
-- audience_recall: members with an order in the last two years who are silent for more than 90 days
-- 沉默会员召回
-- practice: NetEase: recall
-- needs: addressee
-- formula: last order more than 90 days and at most two years before as_of; priority 3: a third order was made, 2: a second, 1: one; one in ten is control
CREATE VIEW audience_recall AS -- siyu
SELECT customer,
       'silent for ' || CAST(silent_days AS INTEGER) || ' days after ' || orders || CASE orders WHEN 1 THEN ' order' ELSE ' orders' END AS reason,
       min(orders, 3) AS priority,
       suggested_time, channel, store,
       ab_group(customer, 'recall', 10) = 0 AS is_control,
       silent_days,
       revenue / unit AS revenue,
       '购买 ' || orders || ' 单后沉默 ' || CAST(silent_days AS INTEGER) || ' 天' AS reason_zh
FROM addressee
WHERE is_member AND silent_days > 90 AND substr(last_at, 1, 10) >= date(as_of, '-2 years')
ORDER BY priority DESC, revenue DESC, customer;

DROP VIEW IF EXISTS audience_trial;
-- audience_trial: whom to invite to try something new, by category
-- 新品试用邀约
-- practice: white paper: cold start of a new product
-- needs: observed, addressee, order_rows, order_lines
-- formula: WHERE category = '…': customers with an order in the category within 365 days, and at least two orders in all; priority 3: 3 orders in the category and more, 2: two, 1: one; one in ten is control
CREATE VIEW audience_trial AS -- siyu
WITH
  bought AS (
    SELECT o.customer,
           trim(l.category) AS category,
           count(DISTINCT o.order_id) AS orders_in_category
    FROM observed AS s CROSS JOIN order_rows AS o
    CROSS JOIN order_lines AS l ON l.order_id = o.order_id
    WHERE o.is_order AND o.customer IS NOT NULL AND trim(l.category) <> ''
      AND substr(o.at, 1, 10) > date(s.as_of, '-365 days')
    GROUP BY o.customer, trim(l.category))
SELECT a.customer,
       b.orders_in_category || CASE b.orders_in_category WHEN 1 THEN ' order' ELSE ' orders' END || ' of ' || b.category || ' within a year' AS reason,
       min(b.orders_in_category, 3) AS priority,
       a.suggested_time, a.channel, a.store,
       ab_group(a.customer, 'trial', 10) = 0 AS is_control,
       b.category,
       a.revenue / a.unit AS revenue,
       '一年内购买 ' || b.category || ' ' || b.orders_in_category || ' 单' AS reason_zh
FROM addressee AS a CROSS JOIN bought AS b ON b.customer = +a.customer   -- in this order: an index over bought, made for it
WHERE a.orders >= 2
ORDER BY b.category, priority DESC, revenue DESC, a.customer;

RELEASE siyu_kpi;
