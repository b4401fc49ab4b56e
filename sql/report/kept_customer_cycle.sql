-- keeps: customer_cycle
-- needs: buyer
-- says: 来自 buyer_figures | From buyer_figures
CREATE TEMP VIEW customer_cycle AS SELECT customer, cycle_days, due_at, overdue FROM buyer_figures WHERE orders > 0;
