-- customer_ids_customer: index of customer_ids by customer
-- 标识索引
-- practice: all
-- needs: customer_ids
-- formula: without it the views over customer_ids read all of it for each customer
CREATE INDEX IF NOT EXISTS customer_ids_customer ON customer_ids(customer);
