-- kpi_contact: connected customers: pairs and people, kept and lost, cost of one
-- 好友留存与加粉成本
-- practice: Xingyun Youke: early phase
-- needs: observed, contact_pairs, costs
-- formula: contacts: pairs of customer and staff, a re-added one counts once; people_retention = people_now / people; added and deleted in the period; cost_per_contact = staff and marketing costs of the period / added
CREATE VIEW kpi_contact AS -- siyu
WITH counts AS (
  SELECT count(p.customer) AS contacts,
         count(p.customer) FILTER (WHERE still_there) AS contacts_now,
         count(DISTINCT p.customer) AS people,
         count(DISTINCT p.customer) FILTER (WHERE still_there) AS people_now,
         count(*) FILTER (WHERE added_at BETWEEN s.period_from AND s.period_until) AS added,
         count(*) FILTER (WHERE NOT still_there AND deleted_at BETWEEN s.period_from AND s.period_until) AS deleted
  FROM observed AS s LEFT JOIN contact_pairs AS p),
money AS (
  SELECT sum(c.amount) / s.unit AS cost
  FROM observed AS s LEFT JOIN costs AS c
    ON c.kind IN ('staff', 'marketing') AND local_time(c.time, s.tz) BETWEEN s.period_from AND s.period_until)
SELECT contacts, contacts_now,
       1.0 * contacts_now / nullif(contacts, 0) AS contact_retention,
       people, people_now,
       1.0 * people_now / nullif(people, 0) AS people_retention,
       added, deleted, cost,
       cost / nullif(added, 0) AS cost_per_contact
FROM counts CROSS JOIN money;
