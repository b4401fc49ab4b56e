-- From the user's lines (view line) to the tables of sql/schema.sql.  Lines of one order
-- are added up; an order whose sum is negative is a refund.  Money becomes minor units.

-- A time or an amount that is none stops here, with the value in the message.
CREATE TABLE checked AS
SELECT count(*) AS rows, gmv(amount) AS amounts, gmv(quantity) AS quantities,
       count(period_start('day', time)) AS times,
       count(*) FILTER (WHERE trim(customer) <> '' AND trim(time) <> '') AS used
FROM line;

CREATE TABLE whole_order AS
SELECT CASE WHEN trim(coalesce(order_id, '')) = '' THEN 'row ' || row ELSE order_id END AS order_id,
       customer, min(time) AS time, max(referrer) AS referrer,
       CAST(round(sum(CAST(amount AS REAL) * CAST(quantity AS REAL)) * 100) AS INTEGER) AS amount
FROM line WHERE trim(customer) <> '' AND trim(time) <> ''
GROUP BY 1, 2;

INSERT INTO customers(customer, joined) SELECT customer, min(time) FROM whole_order GROUP BY 1;
INSERT INTO orders SELECT order_id, customer, time, amount FROM whole_order ORDER BY time, order_id;
INSERT INTO referrals
SELECT customer, min(referrer) FROM whole_order WHERE trim(referrer) <> '' GROUP BY 1;

.mode list
.headers off
SELECT printf('%,d rows read, %,d with a customer and a time.', rows, used) FROM checked;
SELECT printf('Columns: %s.', group_concat(role || ' = ' || name, ', ')) FROM mapping
WHERE role NOT IN ('quantity', 'price') OR NOT EXISTS (SELECT 1 FROM mapping WHERE role = 'amount');
.print
