-- keeps: report_summary
-- needs: buyer
-- says: 来自 buyer_figures | From buyer_figures
CREATE TEMP VIEW report_summary AS SELECT r, f, segment, revenue FROM buyer_figures WHERE orders > 0;
