-- campaign_people: who is in which campaign, treated or control, and the span in which their orders count
-- 活动人群与窗口
-- practice: NetEase: PDCA
-- needs: observed, campaigns, assignments
-- formula: begins: campaigns.starts; ends: window_days after it, else the end of campaigns.ends, else 30 days after it, never later than as_of; treated once is treated
CREATE VIEW campaign_people AS -- siyu
WITH spans AS (
  SELECT c.campaign,
         local_time(c.starts, s.tz) AS begins,
         min(s.until,
             coalesce(datetime(substr(local_time(c.starts, s.tz), 1, 19), c.window_days || ' days', '-1 second') || '.999999',
                      local_end(c.ends, s.tz),
                      datetime(substr(local_time(c.starts, s.tz), 1, 19), '+30 days', '-1 second') || '.999999')) AS ends
  FROM observed AS s CROSS JOIN campaigns AS c
  WHERE local_time(c.starts, s.tz) <= s.until)
SELECT p.campaign, p.begins, p.ends, a.customer,
       max(a.treated) AS treated
FROM spans AS p JOIN assignments AS a ON a.campaign = p.campaign
WHERE nullif(a.customer, '') IS NOT NULL AND a.treated IS NOT NULL
GROUP BY p.campaign, p.begins, p.ends, a.customer;
