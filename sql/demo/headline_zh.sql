-- The headline questions printed for reading, in Chinese, names in the last column: the shell counts
-- characters, not their width.
.mode column
.headers on

.width -16 0
.print "1. 客户群值多少钱？"
.print
SELECT CASE value WHEN 'none' THEN '暂无' ELSE value END AS 数值, zh AS 指标 FROM printed WHERE section = 'value';

.print
.print "2. 在增长吗？按季度（有效：净消费大于 0 的客户；老客占比：不是首单的收入）"
.print
.width -14 -10 -10 -10 -8 -10 0
SELECT gmv AS 成交额, effective AS 有效客户, first_buys AS 首单, arppu AS 每付费用户, aov AS 每单, repeat_share AS 老客占比, quarter AS 季度 FROM quarters;

.print
.print "3. 客户会回来吗？（n 天复购率：只算首单已满 n 天的客户）"
.print
.width -16 0
SELECT CASE value WHEN 'none' THEN '暂无' ELSE value END AS 数值, zh AS 指标 FROM printed WHERE section = 'repurchase';

.print
.print "4. 一位客户一生值多少？（流失：沉默超过 180 天）"
.print
SELECT CASE value WHEN 'none' THEN '暂无' ELSE value END AS 数值, zh AS 指标 FROM printed WHERE section = 'ltv';
.mode list
.headers off
SELECT char(10) || '暂无终身价值：它要除以已流失的客户数，而还没有人沉默超过 180 天。' FROM ltv_now WHERE ltv IS NULL;
.mode column
.headers on

.print
.print "5. 客户现在处在哪个阶段？"
.print
.width -16 -8 0
SELECT printf('%,d', customers) AS 客户数, printf('%.1f %%', share * 100) AS 占比, stage_zh AS 阶段
FROM kpi_stage;

.print
.print "6. 老客带新客吗？"
.print
.width -16 0
SELECT CASE value WHEN 'none' THEN '暂无' ELSE value END AS 数值, zh AS 指标 FROM printed
WHERE section = 'referral' AND EXISTS (SELECT 1 FROM referrals)
UNION ALL
SELECT '', '这份数据里没有转介绍' WHERE NOT EXISTS (SELECT 1 FROM referrals);

.print
.print "7. 员工能触达多少人？"
.print
SELECT CASE value WHEN 'none' THEN '暂无' ELSE value END AS 数值, zh AS 指标 FROM printed
WHERE section = 'contact' AND EXISTS (SELECT 1 FROM contacts)
UNION ALL
SELECT '', '这份数据里没有好友关系' WHERE NOT EXISTS (SELECT 1 FROM contacts);
