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
