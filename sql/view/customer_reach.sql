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
