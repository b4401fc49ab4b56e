-- keeps: audience_no_second_order.acts
-- says: 首购后的行为，只数一遍 | What they did since, counted once
CREATE TEMP TABLE second_acts AS
SELECT o.customer, count(*) AS acts
FROM observed AS s CROSS JOIN addressee_people AS o JOIN events AS e ON e.customer = o.customer
WHERE o.orders = 1 AND o.days_since_first > 90 AND local_time(e.time, s.tz) > o.first_at AND local_time(e.time, s.tz) <= s.until
GROUP BY o.customer;

CREATE INDEX temp.second_acts_customer ON second_acts(customer);

  acts AS (SELECT customer, acts FROM second_acts)
