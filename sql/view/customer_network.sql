-- customer_network: the tree of referrals, a row per customer
-- 转介绍关系树
-- practice: Youzan triangle: second and later generations
-- needs: customer_referrers
-- formula: an instance of referral_tree, so that views may read it
CREATE VIRTUAL TABLE IF NOT EXISTS customer_network USING referral_tree(source=customer_referrers, customer_col=customer, referrer_col=referrer);
