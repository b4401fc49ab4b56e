-- kpi_generation: K by generation
-- 各代裂变系数
-- practice: Youzan triangle: second and n-th spread
-- needs: customer_network
-- formula: k = brought / customers of the generation; generation 0 came alone; circles are left out
CREATE VIEW kpi_generation AS -- siyu
SELECT depth AS generation,
       count(*) AS customers,
       sum(direct) AS brought,
       1.0 * sum(direct) / count(*) AS k
FROM customer_network WHERE root IS NOT NULL
GROUP BY depth ORDER BY depth;
