-- title: 生命周期分布 | Customers by stage
-- section: customers
-- chart: stages
-- says: 90 天未下单为休眠，180 天为流失，三单起为成熟 | Dormant after 90 silent days, churned after 180, mature from the third order on
-- reads: kpi_stage, customer_stage
-- functions: lifecycle_stage
-- column stage: 阶段 | stage | stage
-- column customers: 客户数 | customers | count
-- column share: 占比 | share | share
SELECT stage, customers, share FROM kpi_stage
