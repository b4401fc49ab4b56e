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
