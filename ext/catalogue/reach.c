/* Catalogue: reach: whom a message may go to, when, and by which channel. */
#include "metric/reach/reach.h"
#include "metric/reach/send_plan.h"
#include "sql/catalogue.h"

#define VALUE_STANDARD "Xingyun Youke: private-domain value standard"

const CatalogueEntry CATALOGUE_REACH[] = {
  {
    .name = "within_cap", .kind = ENTRY_AGGREGATE, .family = "reach",
    .titleEn = "may this message go, under a cap on their frequency", .titleZh = "触达频次上限",
    .formula = "1 if fewer than max allowed messages lie in the window before this one, else 0; a message held back takes no room. "
               "cap_window '7 days': from 7 days before, inclusive; '1 calendar day@+08:00' (week, month; N of them): the "
               "calendar day of the message in that zone, where times without a zone are wall clock. sent: a row whose flag is true tells of a "
               "message that went; it takes room in any case, and its own figure is NULL. OVER (PARTITION BY customer ORDER BY time, message_id ROWS UNBOUNDED "
               "PRECEDING)",
    .nulls = "rows without a time are skipped: they take no room and show the decision before them; rows out of order are an "
             "error; without OVER: the decision on the last row; no rows: NULL",
    .refunds = "", .practice = VALUE_STANDARD " (do not disturb: at most so many messages a day)",
    .memory = "16 bytes per message and 8 per allowed one, at most max of these",
    .example = "WITH m(t) AS (VALUES ('2024-03-01 09:00'), ('2024-03-01 12:00'), ('2024-03-01 23:00'), ('2024-03-02 09:30'))\n"
               "SELECT t, within_cap(t, 2, '1 day') OVER (ORDER BY t ROWS UNBOUNDED PRECEDING) FROM m",
    .output = "2024-03-01 09:00|1\n2024-03-01 12:00|1\n2024-03-01 23:00|0\n2024-03-02 09:30|1", .since = "0.1.0",
    .overload = { { "time, max, cap_window", &METRIC_WITHIN_CAP, 0 }, { "time, max, cap_window, sent", &METRIC_WITHIN_CAP_SENT, 0 } }
  },
  {
    .name = "send_plan", .kind = ENTRY_TABLE, .family = "reach",
    .titleEn = "when each message of a queue goes, or why it does not", .titleZh = "发送计划（触达排期）",
    .formula = "a row per message of the queue, planned customer by customer in order of priority (1 before 2, none last), wanted_at, "
               "message_id. decision 'send': at wanted_at; 'moved': at the first moment within horizon that is not quiet (quiet_from, "
               "quiet_to on the clock of tz), keeps min_gap to every other message of the customer and the cap (fewer than max in the "
               "window before it, as within_cap(); a message planned before keeps its place); 'held': not at all. reason: what stood in the "
               "way at wanted_at ('quiet', 'cap', 'gap'), or 'no_consent', 'control', 'duplicate' (a message_id that the customer has had "
               "or will have). What the history (customer, time, message_id) says was sent always counts",
    .nulls = "rows without a customer or wanted_at are skipped; with consent_col anything but true is held; control NULL: no control; "
             "send_at is NULL for what is held; without max and window no cap, without quiet_from no quiet hours",
    .refunds = "", .practice = "Xingyun Youke: private-domain value standard (do not disturb, several audiences)",
    .memory = "72 bytes per message of the queue, 16 per message of the history",
    .example = "CREATE TEMP TABLE q AS SELECT column1 AS customer, column2 AS message_id, column3 AS wanted_at, column4 AS priority FROM (VALUES\n"
               "  ('ann', 1, '2024-03-01 10:00', 2), ('ann', 2, '2024-03-01 23:00', 1), ('bo', 3, '2024-03-01 10:00', 1));\n"
               "CREATE TEMP TABLE sent AS SELECT 'bo' AS customer, '2024-03-01 09:30' AS time;\n"
               "SELECT customer, message_id, send_at, decision, reason FROM send_plan('q', 'sent')\n"
               " WHERE max = 1 AND window = '1 calendar day' AND quiet_from = '22:00' AND quiet_to = '08:00' AND priority_col = 'priority'",
    .output = "ann|2|2024-03-02 08:00:00|moved|quiet\nann|1|2024-03-01 10:00:00|send|NULL\nbo|3|2024-03-02 08:00:00|moved|cap", .since = "0.2.0",
    .overload = { { "queue [, history, max, window:cap_window, quiet_from, quiet_to], tz=+00:00, horizon:plan_horizon=7, min_gap, "
                    "customer_col=customer, message_col=message_id, audience_col=audience, channel_col=channel, time_col=wanted_at, priority_col, "
                    "consent_col, control_col, history_customer_col=customer, history_message_col=message_id, history_time_col=time", 0, 0 } },
    .table = &METRIC_SEND_PLAN
  },
  {
    .name = "best_channel", .kind = ENTRY_AGGREGATE, .family = "reach",
    .titleEn = "the channel that is answered most surely", .titleZh = "最佳触达渠道",
    .formula = "the channel with the greatest lower bound of Wilson's 95 % interval of answered / sent, so that 1 of 1 does not beat 90 of "
               "100; equal ones: the smallest",
    .nulls = "rows without a channel are skipped; answered NULL: not answered; NULL when nobody answered anything", .refunds = "",
    .practice = "NetEase: PDCA (channel of touch chosen by what the customer answers to); Wilson 1927", .memory = "28 to 40 bytes per channel",
    .example = "WITH m(channel, answered) AS (VALUES ('sms', 1), ('call', 1), ('call', 1), ('call', 0), ('call', 1), ('wecom', 0))\n"
               "SELECT best_channel(channel, answered) FROM m",
    .output = "call", .since = "0.2.0",
    .overload = { { "channel:sending, answered", &METRIC_BEST_CHANNEL, 0 } }
  },
  { .name = 0 }
};
