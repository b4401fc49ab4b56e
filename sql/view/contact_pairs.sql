-- contact_pairs: who is connected with which member of staff, one row per pair
-- 好友关系（去重）
-- practice: Xingyun Youke: retention of contacts
-- needs: observed, contacts
-- formula: a contact that was deleted and added again is one pair, there as long as one of its rows is
CREATE VIEW contact_pairs AS -- siyu
SELECT c.customer, c.staff,
       min(local_time(c.added, s.tz)) AS added_at,
       max(coalesce(local_time(c.deleted, s.tz), '9999') > s.until) AS still_there,
       max(CASE WHEN local_time(c.deleted, s.tz) <= s.until THEN local_time(c.deleted, s.tz) END) AS deleted_at
FROM observed AS s CROSS JOIN contacts AS c
WHERE nullif(c.customer, '') IS NOT NULL
  AND coalesce(local_time(c.added, s.tz), '') <= s.until
GROUP BY c.customer, c.staff;
