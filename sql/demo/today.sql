-- One screen: the figures with their changes, the triangle, whom to act on today, what to type next.
-- Names stand in the last column: the shell counts characters, not their width.  Chinese where
-- temp.said(lang) is 'zh'.
.mode list
.headers off
.separator " "
CREATE TEMP TABLE word(code, en, zh);
INSERT INTO word VALUES
  ('gmv', 'GMV, refunds taken off', '成交总额（减退款）'), ('aov', 'money per order', '客单价（每单）'),
  ('triangle', 'THE TRIANGLE', '私域三角'), ('people', 'TO ACT ON TODAY', '今天该联系谁'), ('next', 'NEXT', '接下来'),
  ('connected', 'people connected', '可触达好友人数'), ('reach', 'of customers, may be written to', '可触达率'), ('ltv', 'value in the first year', '一年期客户价值'),
  ('repurchase', 'second order within 90 days', '90 天复购率'), ('referral', 'of customers, brought others', '顾客推荐率'), ('related', 'of customers, brought by distributors or partners', '分销与异业带来占比'),
  ('audience_about_to_slip', 'about to slip', '流失预警'), ('audience_birthday', 'birthday', '生日关怀'), ('audience_dormant_members', 'dormant member', '休眠会员'),
  ('audience_due', 'due', '到期复购'), ('audience_no_second_order', 'no second order', '首购未复购'), ('audience_recall', 'recall', '沉默召回'), ('audience_trial', 'trial', '新品试用');

CREATE TEMP TABLE report AS SELECT rowid AS place, * FROM siyu_kpi;
CREATE TEMP TABLE setting AS SELECT * FROM observed;
-- A number as it is read; a change with its sign.
CREATE TEMP VIEW shown AS
SELECT place, figure, title_zh, title_en,
       CASE WHEN value IS NULL THEN '-'
            WHEN unit = 'money' AND value >= 100000 THEN printf('%,d', CAST(round(value) AS INTEGER))
            WHEN unit = 'money' THEN printf('%,d.%02d', CAST(value * 100 + 0.5 AS INTEGER) / 100, CAST(value * 100 + 0.5 AS INTEGER) % 100)
            WHEN unit = 'share' THEN printf('%.1f %%', 100 * value)
            WHEN unit = 'number' THEN printf('%.2f', value)
            WHEN unit = 'seconds' THEN printf('%d s', value)
            ELSE printf('%,d', value) END AS number,
       -- a share changes by points: 2.9 % to 4.4 % is +1.5, and not half as much again
       CASE WHEN change IS NULL THEN ''
            WHEN unit = 'share' THEN printf('%+.1f pt', 100 * (value - previous))
            ELSE printf('%+.1f %%', 100 * change) END AS change,
       CASE WHEN change_year IS NULL THEN ''
            WHEN unit = 'share' THEN printf('%+.1f pt', 100 * (value - year_ago))
            ELSE printf('%+.1f %%', 100 * change_year) END AS change_year
FROM report;

SELECT CASE lang WHEN 'zh' THEN printf('演示品牌：%,d 位客户，%,d 笔订单，截至 %s', customers, orders, as_of)
                 ELSE printf('A generated brand: %,d customers, %,d orders, up to %s', customers, orders, as_of) END
FROM temp.said CROSS JOIN setting
CROSS JOIN (SELECT count(*) AS customers FROM customers) CROSS JOIN (SELECT count(*) AS orders FROM orders WHERE amount >= 0 AND status <> '交易关闭');
SELECT CASE lang WHEN 'zh' THEN '本期 ' || period_from || ' 至 ' || period_to || '，环比 ' || previous_from || ' 起，同比 ' || year_ago_from || ' 起'
                 ELSE 'The period is ' || period_from || ' to ' || period_to || ', compared with those from ' || previous_from || ' and ' || year_ago_from END
FROM temp.said CROSS JOIN setting;
SELECT char(10) || CASE lang WHEN 'zh' THEN '          本期      环比      同比   指标（比率的增减为百分点 pt）' ELSE '         value  on month   on year   figure (shares change by points, pt)' END FROM temp.said;
SELECT printf('%14s %9s %9s  ', number, change, change_year), CASE lang WHEN 'zh' THEN title_zh ELSE title_en END
FROM temp.said CROSS JOIN shown
WHERE figure IN ('gmv', 'refund_share', 'buyers', 'arppu', 'aov', 'orders_per_customer', 'private_share', 'staff_share', 'visits', 'contents', 'response_seconds', 'roi',
                 'customers', 'connected_people', 'member_share', 'ltv_365', 'repurchase_90', 'referrer_rate', 'referred_revenue_share', 'new_customers', 'cac', 'people_retention', 'new_buyer_share', 'answer_rate')
ORDER BY place;

-- A TEMP table stands before the view of its name: what many views read is read once.
CREATE TEMP TABLE order_rows AS SELECT * FROM main.order_rows;
CREATE TEMP TABLE customer_rows AS SELECT * FROM main.customer_rows;
CREATE TEMP TABLE referral_rows AS SELECT * FROM main.referral_rows;
CREATE TEMP TABLE buyer AS SELECT * FROM main.buyer;
.output made.log
SELECT siyu_setup('kpi_triangle', 'temp');
.output
CREATE TEMP TABLE triangle AS SELECT * FROM temp.kpi_triangle;
SELECT char(10) || CASE lang WHEN 'zh' THEN printf('私域三角：面积指数 %.1f（上期 = 100），产权力 %.1f，单客价值 %.1f，推荐 %.1f', area_index, ownership_side, value_side, referral_side)
                 ELSE printf('THE TRIANGLE: area %.1f (the period before = 100); sides: ownership %.1f, value %.1f, referral %.1f', area_index, ownership_side, value_side, referral_side) END
FROM temp.said CROSS JOIN triangle;
WITH six(place, code, now, base, kind) AS (
  SELECT 1, 'connected', connected, base_connected, 'count' FROM triangle UNION ALL SELECT 2, 'reach', reach, base_reach, 'share' FROM triangle
  UNION ALL SELECT 3, 'ltv', ltv, base_ltv, 'money' FROM triangle UNION ALL SELECT 4, 'repurchase', repurchase, base_repurchase, 'share' FROM triangle
  UNION ALL SELECT 5, 'referral', referral, base_referral, 'share' FROM triangle UNION ALL SELECT 6, 'related', related, base_related, 'share' FROM triangle)
SELECT printf('%14s %9s            ', CASE kind WHEN 'count' THEN printf('%,d', now) WHEN 'share' THEN printf('%.1f %%', 100 * now) ELSE printf('%.2f', now) END,
              coalesce(CASE kind WHEN 'share' THEN printf('%+.1f pt', 100.0 * (now - base)) ELSE printf('%+.1f %%', 100.0 * now / base - 100) END, '')), CASE lang WHEN 'zh' THEN w.zh ELSE w.en END
FROM temp.said CROSS JOIN six JOIN word AS w ON w.code = six.code ORDER BY place;

-- The audiences, over one reading of who may be written to.
.output made.log
SELECT siyu_setup('addressee', 'temp');
.output
CREATE TEMP TABLE person AS SELECT * FROM temp.addressee;
DROP VIEW temp.addressee;
CREATE TEMP TABLE addressee AS SELECT * FROM person;
CREATE TEMP TABLE customer_cycle AS SELECT * FROM main.customer_cycle;
CREATE INDEX temp.cycle_customer ON customer_cycle(customer);
.output made.log
SELECT siyu_setup('audience_about_to_slip', 'temp'); SELECT siyu_setup('audience_due', 'temp'); SELECT siyu_setup('audience_no_second_order', 'temp');
SELECT siyu_setup('audience_recall', 'temp'); SELECT siyu_setup('audience_dormant_members', 'temp'); SELECT siyu_setup('audience_birthday', 'temp');
.output
CREATE TEMP TABLE task AS
SELECT 1 AS place, 'audience_about_to_slip' AS audience, customer, reason, reason_zh, priority, suggested_time, channel, store, is_control, revenue FROM temp.audience_about_to_slip
UNION ALL SELECT 2, 'audience_due', customer, reason, reason_zh, priority, suggested_time, channel, store, is_control, 0 FROM temp.audience_due
UNION ALL SELECT 3, 'audience_no_second_order', customer, reason, reason_zh, priority, suggested_time, channel, store, is_control, revenue FROM temp.audience_no_second_order
UNION ALL SELECT 4, 'audience_recall', customer, reason, reason_zh, priority, suggested_time, channel, store, is_control, revenue FROM temp.audience_recall
UNION ALL SELECT 5, 'audience_dormant_members', customer, reason, reason_zh, priority, suggested_time, channel, store, is_control, days FROM temp.audience_dormant_members
UNION ALL SELECT 6, 'audience_birthday', customer, reason, reason_zh, priority, suggested_time, channel, store, is_control, 0 FROM temp.audience_birthday;
CREATE TEMP TABLE first_two AS
SELECT *, count(*) FILTER (WHERE NOT is_control) OVER (PARTITION BY audience) AS people,
       row_number() OVER (PARTITION BY audience ORDER BY is_control, priority DESC, revenue DESC, suggested_time, customer) AS nth
FROM task;
SELECT char(10) || CASE lang WHEN 'zh' THEN '今天该联系谁（每类前两位；已留出十分之一作对照）' ELSE 'TO ACT ON TODAY: the first two of each audience (a tenth is kept as control)' END FROM temp.said;
SELECT printf('%-8s %-12s %-5s  ', customer, coalesce(channel, '-'), coalesce(store, '-')),
       CASE lang WHEN 'zh' THEN w.zh || printf('（%,d 人）：', people) || reason_zh ELSE w.en || printf(' (%,d people): ', people) || reason END
FROM temp.said CROSS JOIN first_two JOIN word AS w ON w.code = audience WHERE nth <= 2 ORDER BY place, nth;
