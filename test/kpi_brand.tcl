# A small brand with everything that once made a figure wrong, its views set up: make_brand; and
# the settings: observe.  Tables p (orders), pc (customers), pk (contacts), pr (referrals) hold
# what is known by construction, n the settings as plain numbers.

# What is known of each row by construction: table p of orders that count, times as local text.
proc form {t} {                                 # wall clock of +08:00, in one of its forms
  switch [rnd 4] {
    0 {return $t}
    1 {return [clock format [clock scan $t -gmt 1] -format {%Y/%m/%d %H:%M:%S} -gmt 1]}
    2 {return [clock format [expr {[clock scan $t -gmt 1] - 28800}] -format {%Y-%m-%d %H:%M:%SZ} -gmt 1]}
    3 {return [expr {[clock scan $t -gmt 1] - 28800}]}
  }
}
proc moment {from days} {
  clock format [expr {[clock scan $from -gmt 1] + [rnd $days]*86400 + [rnd 86400]}] -format {%Y-%m-%d %H:%M:%S} -gmt 1
}
proc make_brand {} {
  rnd_seed kpi
  execsql {
    SELECT siyu_setup('kpi');
    CREATE TABLE p(order_id, customer, t, amount, ord, source);
    CREATE TABLE pc(customer, t);
    CREATE TABLE pk(customer, staff, a, d);
    CREATE TABLE pr(customer, referrer, t);
  }
  set order 0
  for {set c 1} {$c <= 90} {incr c} {
    set joined [expr {$c % 11 ? [moment 2023-01-01 520] : ""}]
    set stored [expr {$joined eq "" ? "" : [form $joined]}]
    set member [expr {$c % 3 == 0}]
    execsql {INSERT INTO customers(customer, joined, is_fan, is_member, is_distributor, tags)
             VALUES ('c' || $c, nullif($stored, ''), $c % 4 <> 0, $member, $c % 10 = 0, CASE WHEN $c % 5 = 0 THEN '["a"]' END);
             INSERT INTO pc VALUES ('c' || $c, nullif($joined, ''))}
    for {set n [rnd 9]} {$n > 0} {incr n -1} {
      set t [moment 2023-01-01 540]
      set amount [expr {[rnd 90000]}]
      set closed [expr {[rnd 12] == 0 ? [lindex {交易关闭 Cancelled {待付款}} [rnd 3]] : [lindex {{} 交易成功} [rnd 2]]}]
      set who [expr {[rnd 20] == 0 ? "" : "c$c"}]
      set source [lindex {private public store} [rnd 3]]
      set stored [form $t]
      incr order
      execsql {INSERT INTO orders(order_id, customer, time, amount, status, source)
               VALUES ($order, nullif($who, ''), $stored, $amount, $closed, $source)}
      if {$closed ni {{} 交易成功}} continue
      execsql {INSERT INTO p VALUES ($order, nullif($who, ''), $t, $amount, 1, $source)}
      if {[rnd 6] == 0} {
        set later [clock format [expr {[clock scan $t -gmt 1] + [rnd 40]*86400 + 60}] -format {%Y-%m-%d %H:%M:%S} -gmt 1]
        set back [expr {[rnd 2] ? $amount : $amount / 3}]
        if {$back == 0} continue
        set stored [form $later]
        execsql {INSERT INTO orders(order_id, customer, time, amount, source) VALUES ($order, nullif($who, ''), $stored, -$back, $source);
                 INSERT INTO p VALUES ($order, nullif($who, ''), $later, -$back, 0, $source)}
      }
    }
    for {set n [rnd 4]} {$n > 0} {incr n -1} {
      set added [moment 2023-01-01 500]
      set gone [expr {[rnd 3] == 0 ? [clock format [expr {[clock scan $added -gmt 1] + [rnd 90]*86400 + 5}] -format {%Y-%m-%d %H:%M:%S} -gmt 1] : ""}]
      set staff s[rnd 2]
      set sa [form $added]
      set sd [expr {$gone eq "" ? "" : [form $gone]}]
      execsql {INSERT INTO contacts(customer, staff, added, deleted) VALUES ('c' || $c, $staff, $sa, nullif($sd, ''));
               INSERT INTO pk VALUES ('c' || $c, $staff, $added, nullif($gone, ''))}
    }
    for {set n [rnd 3]} {$n > 0} {incr n -1} {
      set t [moment 2023-01-01 500]
      set by c[expr {1 + [rnd 90]}]
      set stored [form $t]
      execsql {INSERT INTO referrals(customer, referrer, time) VALUES ('c' || $c, $by, $stored); INSERT INTO pr VALUES ('c' || $c, $by, $t)}
    }
  }
  execsql {
    UPDATE customers SET consent = CASE substr(customer, 2) % 7 WHEN 0 THEN 0 WHEN 1 THEN 1 END, tier = CASE WHEN substr(customer, 2) % 6 = 0 THEN 'gold' END;
    INSERT INTO staff(staff, joined, left_at) VALUES ('s0', '2023-01-01', NULL), ('s1', '2023-06-01', '2024-03-10'), ('s2', NULL, NULL), ('s3', '2025-01-01', NULL);
    INSERT INTO costs(time, kind, amount) VALUES ('2024-03-10', 'staff', 100000), ('2024-03-31 23:59:59', 'marketing', 50000),
      ('2022-12-01', 'staff', 1), ('2024-04-01', 'staff', 7), ('2024-03-05', 'coupon', 9);
    CREATE TABLE n(as_of, f, u, pf, pu, yf, yu);
  }
}
# The settings, and the same as plain numbers.
proc observe {as_of from to pf pu yf yu} {
  execsql {DELETE FROM settings; INSERT INTO settings(as_of, period_from, period_to, tz, decimals) VALUES ($as_of, $from, $to, '+08:00', 2);
           DELETE FROM n; INSERT INTO n VALUES ($as_of || ' 24', $from, min($to, $as_of) || ' 24', $pf, $pu || ' 24', $yf, $yu || ' 24')}
}
