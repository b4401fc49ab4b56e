-- referrals_referrer: index of referrals by referrer
-- 转介绍索引
-- practice: all
-- needs: referrals
-- formula: without it the views over referrals read all of it for each customer
CREATE INDEX IF NOT EXISTS referrals_referrer ON referrals(referrer);
