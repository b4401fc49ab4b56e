-- messages_customer: index of messages by customer, time
-- 消息索引
-- practice: all
-- needs: messages
-- formula: without it the views over messages read all of it for each customer
CREATE INDEX IF NOT EXISTS messages_customer ON messages(customer, time);
