-- staff_heads: heads of staff at the end of the three spans
-- 各周期在职员工数
-- practice: Xingyun Youke: output per head
-- needs: spans, staff
-- formula: joined up to then (or not known), not left by then
CREATE VIEW staff_heads AS -- siyu
SELECT p.span,
       count(*) AS heads
FROM staff AS s CROSS JOIN spans AS p
WHERE coalesce(local_time(s.joined, p.tz), '') <= p.until
  AND coalesce(local_time(s.left_at, p.tz), '9999') > p.until
GROUP BY p.span;
