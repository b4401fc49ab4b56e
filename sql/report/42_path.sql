-- title: 客户接下来做什么 | What customers do next
-- section: relations
-- chart: path
-- says: 近 90 天，两次行为间隔不超过 14 天算同一条路径；每步只画人数最多的走向 | The last 90 days; a pause of more than 14 days begins a new path; of each step the most common moves
-- reads: report_steps
-- functions: path_flow
-- column step: 第几步 | step | count
-- column from_event: 从 | from | event
-- column to_event: 到 | to | event
-- column customers: 客户数 | customers | count
-- column share: 占比 | share | share
-- column median_seconds: 用时中位数 | median time | seconds
SELECT step, from_event, to_event, customers, share, median_seconds
FROM (SELECT *, row_number() OVER (PARTITION BY step ORDER BY customers DESC, from_event, to_event) AS nth
      FROM path_flow('report_steps', 'customer', 'at', 'event')
      WHERE depth = 4 AND gap = '14 days' AND collapse = 1 AND to_event IS NOT NULL)
WHERE nth <= 14
ORDER BY step, customers DESC, from_event, to_event
