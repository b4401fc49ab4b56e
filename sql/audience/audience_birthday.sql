-- audience_birthday: birthdays of the coming 7 days
-- 生日关怀
-- practice: NetEase: birthday task
-- needs: addressee
-- formula: the next birthday after as_of, across the end of a year too; 29 February is 1 March in other years; suggested_time: that morning; priority 2 for members, else 1; one in ten is control
CREATE VIEW audience_birthday AS -- siyu
WITH dated AS (
  SELECT *, CASE WHEN date(substr(as_of, 1, 4) || substr(birthday, 5, 6)) > as_of
                 THEN date(substr(as_of, 1, 4) || substr(birthday, 5, 6), '+0 days')
                 ELSE date((substr(as_of, 1, 4) + 1) || substr(birthday, 5, 6), '+0 days') END AS next_birthday
  FROM addressee WHERE date(birthday) IS NOT NULL)
SELECT customer,
       'birthday on ' || next_birthday AS reason,
       CASE WHEN is_member THEN 2 ELSE 1 END AS priority,
       next_birthday || ' 10:00:00' AS suggested_time,
       channel, store,
       ab_group(customer, 'birthday', 10) = 0 AS is_control,
       next_birthday,
       '生日 ' || next_birthday AS reason_zh
FROM dated
WHERE next_birthday BETWEEN date(as_of, '+1 day') AND date(as_of, '+7 days')
ORDER BY next_birthday, priority DESC, customer;
