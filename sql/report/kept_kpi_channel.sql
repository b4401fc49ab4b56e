-- keeps: kpi_channel.back
-- says: 回本：逐个渠道读其客户的历史 | Payback: channel by channel the histories of its customers
CREATE TEMP TABLE channel_people AS
SELECT nullif(trim(c.channel), '') AS channel, p.first_id, p.last_id
FROM order_people AS p LEFT JOIN customer_rows AS c ON c.customer = +p.customer;

CREATE INDEX temp.channel_people_channel ON channel_people(channel, first_id, last_id);

  back AS (
    SELECT c.channel,
           (SELECT payback_days(at, amount)
            FROM (SELECT h.at, h.amount
                  FROM channel_people AS p CROSS JOIN order_history AS h ON h.id BETWEEN p.first_id AND p.last_id
                  WHERE p.channel IS c.channel
                  UNION ALL
                  SELECT at, amount FROM order_nobody WHERE c.channel IS NULL
                  UNION ALL
                  SELECT date(substr(s.at, 1, 10), 'start of month'), -s.amount FROM spent AS s WHERE s.channel IS c.channel)) AS day
    FROM cost AS c WHERE c.cost > 0),
