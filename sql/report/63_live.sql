-- title: 直播：预约、观看、下单 | Lives: booked, watched, ordered
-- section: growth
-- chart: live
-- says: 最近 12 场；下单 = 观看后一天内 | The last twelve; ordered: within a day of watching
-- reads: kpi_live
-- column live: 直播 | live | text
-- column booked: 预约 | booked | count
-- column watched: 观看 | watched | count
-- column ordered: 下单 | ordered | count
-- column conversion: 转化率 | conversion | share
-- column gmv: 成交额 | GMV | money
SELECT live, booked, watched, ordered, conversion, gmv
FROM (SELECT * FROM kpi_live WHERE watched > 0 OR booked > 0 ORDER BY begins DESC, live LIMIT 12) ORDER BY begins, live
