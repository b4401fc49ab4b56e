-- title: 全部指标（环比、同比） | All figures, against the period before and a year ago
-- section: headline
-- says: 每个比率都列出分子与分母；缺数据的写明缺哪张表 | Every rate shows what it divides; a figure without data names the tables it needs
-- functions: siyu_kpi
-- needs: figures_orders, figures_buyers, figures_customers, figures_contacts, figures_costs, figures_messages, figures_service, figures_events, figures_coupons
-- column figure: 代码 | code | code
-- column practice: 体系 | practice | practices
-- column title_zh: 指标 | figure (zh) | text
-- column title_en: 指标（英） | figure | text
-- column unit: 单位 | unit | units
-- column value: 本期 | this period | unit
-- column numerator: 分子 | numerator | number
-- column denominator: 分母 | denominator | number
-- column previous: 上期 | period before | unit
-- column change: 环比 | change | change
-- column year_ago: 去年同期 | year ago | unit
-- column change_year: 同比 | on the year | change
-- column complete: 完整 | complete | flag
-- column formula: 口径（英） | formula | text
-- column formula_zh: 口径 | formula (zh) | text
-- column needs: 需要的表 | needs | code
-- column status: 状态 | status | status
SELECT figure, practice, title_zh, title_en, unit, value, numerator, denominator, previous, change, year_ago, change_year,
       complete, formula, formula_zh, needs, status
FROM siyu_kpi
LEFT JOIN (SELECT figure, formula AS formula_zh FROM siyu_kpi WHERE kept = 'temp' AND lang = 'zh' LIMIT -1) USING (figure)
WHERE kept = 'temp'
