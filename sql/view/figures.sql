-- figures: the figures of the three spans side by side
-- 各周期指标总表
-- practice: all
-- needs: spans, orders, costs, events, figures_orders, figures_buyers, figures_customers, figures_contacts, figures_costs, figures_service, figures_events, connected_buyers
-- formula: three rows; NULL where a table is empty, 0 where it has rows but none in the span
CREATE VIEW figures AS -- siyu: LIMIT keeps them from being computed anew
SELECT p.span, p.first_day, p.until,
       coalesce(o.gmv, no_order) AS gmv,
       coalesce(o.orders, no_order) AS orders,
       o.orders_of_customers,
       coalesce(o.buyers, no_order) AS buyers,
       o.effective_customers, o.gmv_of_customers, o.referred_gmv,
       b.buyers_ever, b.repeat_buyers, b.mature_90, b.again_90,
       b.money_365 / nullif(b.mature_365, 0) AS ltv_365,
       b.new_buyers, b.living_buyers, b.dormant_buyers, b.churned_buyers,
       c.customers, c.new_customers, c.members, c.distributors, c.tagged, c.tiered,
       c.referred_customers, c.related_customers, c.new_referred, c.referrers,
       k.people, k.people_now, k.people_reachable, k.contacts_added, k.contacts_deleted,
       coalesce(m.cost, no_cost) AS cost,
       v.response_seconds, v.answered_3_min,
       coalesce(e.visits, no_event) AS visits,
       coalesce(e.contents, no_event) AS contents,
       coalesce(e.shares, no_event) AS shares,
       t.connected_buyers
FROM spans AS p
CROSS JOIN (SELECT (SELECT 0 FROM orders LIMIT 1) AS no_order, (SELECT 0 FROM costs LIMIT 1) AS no_cost, (SELECT 0 FROM events LIMIT 1) AS no_event)
LEFT JOIN figures_orders AS o ON o.span = p.span
LEFT JOIN figures_buyers AS b ON b.span = p.span
LEFT JOIN figures_customers AS c ON c.span = p.span
LEFT JOIN figures_contacts AS k ON k.span = p.span
LEFT JOIN figures_costs AS m ON m.span = p.span
LEFT JOIN figures_service AS v ON v.span = p.span
LEFT JOIN figures_events AS e ON e.span = p.span
LEFT JOIN connected_buyers AS t ON t.span = p.span
LIMIT 3;
