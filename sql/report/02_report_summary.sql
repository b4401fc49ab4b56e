-- makes: report_summary
-- says: 每位客户的 RFM 得分与客群 | The RFM scores and the segment of each customer
SELECT c.r, c.f, c.segment, c.revenue
FROM observed AS o CROSS JOIN customer_summary('order_rows', 'customer', 'at', 'amount') AS c
WHERE c.as_of = o.until AND c.orders > 0
