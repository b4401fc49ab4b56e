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
