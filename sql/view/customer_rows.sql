-- customer_rows: customers whom the brand had by as_of
-- 已有客户
-- practice: all
-- needs: observed, customers
-- formula: joined up to as_of, or at a time that is not known
CREATE VIEW customer_rows AS -- siyu
SELECT c.*,
       local_time(c.joined, s.tz) AS joined_at
FROM observed AS s CROSS JOIN customers AS c
WHERE coalesce(local_time(c.joined, s.tz), '') <= s.until;
