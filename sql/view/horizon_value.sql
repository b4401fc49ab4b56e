-- horizon_value: what a customer is worth in the first 365 days, at the end of the three spans
-- 一年期客户价值（固定期限）
-- practice: Youzan triangle: value per customer
-- needs: spans, order_rows
-- formula: net money within 365 days of the first order / customers whose 365 days have passed: comparable between dates, as ltv() on a young base is not
CREATE VIEW horizon_value AS -- siyu
SELECT p.span,
       effective_customers(o.customer, 1) AS mature_365,
       gmv(o.amount) FILTER (WHERE o.at BETWEEN o.first_at AND o.by_365) / p.unit AS money_365,
       1.0 * gmv(o.amount) FILTER (WHERE o.at BETWEEN o.first_at AND o.by_365) / p.unit / effective_customers(o.customer, 1) AS value_365
FROM (SELECT customer, at, amount, first_at, date(substr(first_at, 1, 10), '+365 days') || substr(first_at, 11) AS by_365
      FROM (SELECT customer, at, amount, min(CASE WHEN is_order THEN at END) OVER (PARTITION BY customer) AS first_at
            FROM order_rows WHERE customer IS NOT NULL)) AS o
CROSS JOIN spans AS p
WHERE o.by_365 <= p.until
GROUP BY p.span;
