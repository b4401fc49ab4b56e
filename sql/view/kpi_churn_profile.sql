-- kpi_churn_profile: which traits the churned have more often than all buyers
-- 流失客户画像（TGI）
-- practice: NetEase: where and why they left; traits (TGI)
-- needs: customer_stage, customer_rows
-- formula: of customers with an order: tgi = share of the trait among the churned / its share among all × 100; churn_rate = churned with the trait / all with the trait; value NULL: not known
CREATE VIEW kpi_churn_profile AS -- siyu
WITH
  buyers AS (
    SELECT g.stage = 'churned' AS churned,
           c.channel, c.city, c.gender, c.tier, c.store
    FROM customer_stage AS g LEFT JOIN customer_rows AS c ON c.customer = +g.customer WHERE g.orders > 0),
  traits AS (
    SELECT 'channel' AS trait, nullif(trim(channel), '') AS value, churned FROM buyers
    UNION ALL SELECT 'city', nullif(trim(city), ''), churned FROM buyers
    UNION ALL SELECT 'gender', nullif(trim(gender), ''), churned FROM buyers
    UNION ALL SELECT 'tier', nullif(trim(tier), ''), churned FROM buyers
    UNION ALL SELECT 'store', nullif(trim(store), ''), churned FROM buyers)
SELECT trait, value,
       count(*) AS customers,
       sum(churned) AS churned,
       1.0 * sum(churned) / count(*) AS churn_rate,
       100.0 * sum(churned) / count(*) * (SELECT count(*) FROM buyers) / nullif((SELECT sum(churned) FROM buyers), 0) AS tgi
FROM traits GROUP BY trait, value
ORDER BY trait, tgi DESC, value;
