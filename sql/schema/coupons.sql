-- coupons: coupons
-- 优惠券
-- practice: NetEase: redemption (核销率)
-- needs:
-- formula: a table to fill
CREATE TABLE IF NOT EXISTS coupons(
  coupon         TEXT CHECK (coupon IS NULL OR trim(coupon) <> ''),
  customer       TEXT CHECK (customer IS NULL OR trim(customer) <> ''),
  issued         TEXT,
  redeemed       TEXT,   -- NULL: not yet
  order_id       TEXT,
  cost           INTEGER CHECK (cost IS NULL OR typeof(cost) IN ('integer', 'real'))   -- minor units
);
