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
