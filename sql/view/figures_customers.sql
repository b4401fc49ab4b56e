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
