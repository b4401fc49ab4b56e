-- The headline questions printed for reading.
-- Chinese stands in the last column: the shell counts characters, not their width.
.mode column
.headers on

.width 36 -16 0
.print "1. What is the customer base worth?"
.print
SELECT figure, value, zh AS 中文 FROM printed WHERE section = 'value';

.print
.print "2. Does it grow? By quarter (effective: net spend > 0; repeat share: revenue that is not from first orders)"
.print
.width 0 -14 -10 -10 -8 -8 -13
SELECT quarter, gmv AS "GMV", effective, first_buys AS "first buys", arppu AS "ARPPU", aov AS "AOV", repeat_share AS "repeat share" FROM quarters;

.print
.print "3. Do customers come back? (within n days: of those whose n days have passed)"
.print
.width 36 -16 0
SELECT figure, value, zh AS 中文 FROM printed WHERE section = 'repurchase';

.print
.print "4. What is a customer worth over a lifetime? (left: silent for more than 180 days)"
.print
SELECT figure, value, zh AS 中文 FROM printed WHERE section = 'ltv';
.mode list
.headers off
SELECT char(10) || 'No LTV yet: it divides by the customers who have left, and nobody has been silent for more than 180 days.' FROM ltv_now WHERE ltv IS NULL;
.mode column
.headers on

.print
.print "5. Where do customers stand today?"
.print
.width 36 -16 -8 0
SELECT stage, printf('%,d', customers) AS customers, printf('%.1f %%', share * 100) AS share, stage_zh AS 中文
FROM kpi_stage;

.print
.print "6. Do customers bring customers?"
.print
.width 36 -16 0
SELECT figure, value, zh AS 中文 FROM printed
WHERE section = 'referral' AND EXISTS (SELECT 1 FROM referrals)
UNION ALL
SELECT 'no referrals in this data', '', '' WHERE NOT EXISTS (SELECT 1 FROM referrals);

.print
.print "7. Whom can staff reach?"
.print
SELECT figure, value, zh AS 中文 FROM printed
WHERE section = 'contact' AND EXISTS (SELECT 1 FROM contacts)
UNION ALL
SELECT 'no staff contacts in this data', '', '' WHERE NOT EXISTS (SELECT 1 FROM contacts);
