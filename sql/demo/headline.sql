-- What the headline questions ask of the views over all orders of a file: the tables that headline_en.sql
-- and headline_zh.sql print.
-- What every table below shows: a figure, its value, its Chinese name.
CREATE TEMP TABLE line(section, figure, value, kind, zh);
CREATE TEMP VIEW printed AS
SELECT section, figure,
  CASE WHEN value IS NULL THEN 'none'
       WHEN kind = 'count'   THEN printf('%,d', value)
       WHEN kind = 'money'   THEN printf('%s%,d.%02d', CASE WHEN value <= -0.005 THEN '-' ELSE '' END,
                                         CAST(round(abs(value) * 100) AS INTEGER) / 100,
                                         CAST(round(abs(value) * 100) AS INTEGER) % 100)
       WHEN kind = 'percent' THEN printf('%.1f %%', value * 100)
       WHEN kind = 'number'  THEN printf('%.2f', value)
       ELSE value END AS value, zh
FROM line;

CREATE TEMP TABLE value_now AS   -- of the customers who are known
SELECT customers, orders, gmv, effective_customers, arppu, gmv / nullif(customers, 0) AS arpu, gmv / nullif(orders, 0) AS aov
FROM (SELECT (SELECT count(*) FROM customer_rows) AS customers, count(*) FILTER (WHERE is_order) AS orders, gmv(amount) / 100.0 AS gmv,
             effective_customers(customer, amount) AS effective_customers, arppu(customer, amount) / 100 AS arppu
      FROM order_rows WHERE customer IS NOT NULL);
INSERT INTO line
SELECT 'value', 'observed until', as_of, 'text', '观察截止' FROM observed UNION ALL
SELECT 'value', 'customers', customers, 'count', '客户数' FROM value_now UNION ALL
SELECT 'value', 'orders', orders, 'count', '订单数' FROM value_now UNION ALL
SELECT 'value', 'GMV, refunds taken off', gmv, 'money', '成交总额' FROM value_now UNION ALL
SELECT 'value', 'effective customers (net spend > 0)', effective_customers, 'count', '有效购买客户数' FROM value_now UNION ALL
SELECT 'value', 'ARPU, per customer', arpu, 'money', '每用户平均收入' FROM value_now UNION ALL
SELECT 'value', 'ARPPU, per effective customer', arppu, 'money', '每付费用户平均收入' FROM value_now UNION ALL
SELECT 'value', 'effective customers x ARPPU = GMV', effective_customers * arppu, 'money', '有效客户 × 客均' FROM value_now UNION ALL
SELECT 'value', 'AOV, per order', aov, 'money', '客单价（每单）' FROM value_now;

INSERT INTO line
SELECT 'repurchase', 'customers who ordered', buyers, 'count', '购买客户数' FROM kpi_repurchase UNION ALL
SELECT 'repurchase', 'ordered again, ever', repurchase_rate, 'percent', '复购率' FROM kpi_repurchase UNION ALL
SELECT 'repurchase', 'again within 30 days', within_30_days, 'percent', '30 天复购率' FROM kpi_repurchase UNION ALL
SELECT 'repurchase', 'again within 60 days', within_60_days, 'percent', '60 天复购率' FROM kpi_repurchase UNION ALL
SELECT 'repurchase', 'again within 90 days', within_90_days, 'percent', '90 天复购率' FROM kpi_repurchase;

CREATE TEMP TABLE ltv_now AS
SELECT ltv,
       json_extract(parts, '$.lifespan_years') AS lifespan_years,
       json_extract(parts, '$.aov') / 100 AS aov,
       json_extract(parts, '$.orders_per_year') AS orders_per_year,
       json_extract(parts, '$.repurchases_per_year') AS repurchases_per_year,
       json_extract(parts, '$.churned') AS churned
FROM kpi_ltv;
INSERT INTO line
SELECT 'ltv', 'expected years as a customer', lifespan_years, 'number', '生命周期（年）' FROM ltv_now UNION ALL
SELECT 'ltv', 'x AOV', aov, 'money', '客单价' FROM ltv_now UNION ALL
SELECT 'ltv', 'x orders per year', orders_per_year, 'number', '年购买次数' FROM ltv_now UNION ALL
SELECT 'ltv', '= LTV', ltv, 'money', '用户终身价值' FROM ltv_now UNION ALL
SELECT 'ltv', 'of it repurchases per year', repurchases_per_year, 'number', '年复购次数' FROM ltv_now UNION ALL
SELECT 'ltv', 'customers who have left', churned, 'count', '已流失客户数' FROM ltv_now;

INSERT INTO line
SELECT 'referral', 'customers who were referred', referral_rate, 'percent', '被推荐率' FROM kpi_referral UNION ALL
SELECT 'referral', 'customers who referred another', referrer_rate, 'percent', '顾客推荐率' FROM kpi_referral UNION ALL
SELECT 'referral', 'revenue from referred customers', referred_revenue_share, 'percent', '转介绍占总业绩' FROM kpi_referral;

INSERT INTO line
SELECT 'contact', 'staff contacts ever added', contacts, 'count', '累计加粉量' FROM kpi_contact UNION ALL
SELECT 'contact', 'contacts still there', contacts_now, 'count', '现有好友数' FROM kpi_contact UNION ALL
SELECT 'contact', 'people ever added', people, 'count', '累计加粉人数' FROM kpi_contact UNION ALL
SELECT 'contact', 'people still there', people_retention, 'percent', '好友留存率' FROM kpi_contact;

CREATE TEMP VIEW quarters AS
SELECT substr(quarter, 1, 4) || ' Q' || ((substr(quarter, 6, 2) + 2) / 3) AS quarter,
       printf('%,d', gmv(amount) / 100)                      AS gmv,
       effective_customers(customer, amount)                 AS effective,
       count(*) FILTER (WHERE first AND is_order)            AS first_buys,
       printf('%.2f', arppu(customer, amount) / 100)         AS arppu,
       printf('%.2f', aov(amount) / 100)                     AS aov,
       printf('%.1f %%', 100 * revenue_share(amount, NOT first) FILTER (WHERE known)) AS repeat_share
FROM (SELECT *, period_start('quarter', at) AS quarter,
             -- the rows of a customer's first order ever, its refund too
             order_id = first_value(order_id) OVER (PARTITION BY customer ORDER BY is_order DESC, at, order_id) AS first,
             -- a refund under a number of its own is of nobody knows which order
             max(is_order) OVER (PARTITION BY order_id) AS known
      FROM order_rows)
GROUP BY quarter ORDER BY quarter;
