-- events_customer: index of events by customer, time
-- 事件索引
-- practice: all
-- needs: events
-- formula: without it the views over events read all of it for each customer
CREATE INDEX IF NOT EXISTS events_customer ON events(customer, time);
