-- kpi_identity: persons who are several customers, and whose levels contradict each other
-- 一人多号与等级冲突
-- practice: Xingyun Youke: same person, two shops, two levels
-- needs: person_ids, customers
-- formula: customers that share an id are one person; conflicting: their levels differ, one without a level against one with
CREATE VIEW kpi_identity AS -- siyu
SELECT p.one_id AS person,
       count(*) AS customers,
       count(DISTINCT coalesce(c.tier, '')) AS tiers,
       min(c.tier) AS one_tier,
       max(coalesce(c.tier, '')) AS other_tier,
       count(DISTINCT coalesce(c.tier, '')) > 1 AS conflicting
FROM person_ids AS p LEFT JOIN customers AS c ON c.customer = p.record
GROUP BY p.one_id HAVING count(*) > 1
ORDER BY conflicting DESC, p.one_id;
