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
