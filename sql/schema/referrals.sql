-- referrals: who brought whom
-- 转介绍
-- practice: Youzan triangle: referral
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS referrals(
  customer       TEXT CHECK (customer IS NULL OR trim(customer) <> ''),
  referrer       TEXT CHECK (referrer IS NULL OR trim(referrer) <> ''),
  time           TEXT,
  campaign       TEXT   -- NULL: of their own accord
);
