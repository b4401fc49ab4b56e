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
