-- contacts_customer: index of contacts by customer
-- 好友索引
-- practice: all
-- needs: contacts
-- formula: without it the views over contacts read all of it for each customer
CREATE INDEX IF NOT EXISTS contacts_customer ON contacts(customer);
