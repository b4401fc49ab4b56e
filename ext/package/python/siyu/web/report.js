/* The report draws what the JSON holds; it adds nothing up that SQL has not added up. */
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const meta = data.meta || {};
  const root = document.documentElement;
  const store = { get(k) { try { return localStorage.getItem(k); } catch (e) { return null; } }, set(k, v) { try { localStorage.setItem(k, v); } catch (e) { /* a page of a file */ } } };
  let zh = root.lang.startsWith('zh');
  const asked = matchMedia('(prefers-color-scheme: dark)');
  let theme = new URLSearchParams(location.search).get('theme') || store.get('siyu-theme') || (asked.matches ? 'dark' : 'light');
  root.dataset.theme = theme;

  /* ---- words and numbers ---- */
  const pick = (pair) => (Array.isArray(pair) ? pair[zh ? 0 : 1] : pair && pair[zh ? 'zh' : 'en']) || '';
  const say = (key, ...values) => values.reduce((text, v) => text.replace('{}', v), pick(WORDS[key]));
  const code = (list, value) => (CODES[list] && CODES[list][value] ? pick(CODES[list][value]) : value === null || value === undefined || value === '' ? '–' : String(value));
  const byName = Object.fromEntries(data.charts.map((c) => [c.name, c]));
  const records = (name) => {
    const c = byName[name];
    return c ? c.rows.map((row) => Object.fromEntries(c.columns.map((column, i) => [column.name, row[i]]))) : [];
  };
  const SIGNS = { CNY: '¥', RMB: '¥', USD: '$', EUR: '€', GBP: '£', JPY: '¥', HKD: 'HK$', TWD: 'NT$' };
  const sign = meta.currency ? SIGNS[meta.currency.toUpperCase()] || meta.currency + ' ' : '';
  const fixed = (v, digits) => (!isNumber(v) ? '–' : v.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  const minus = (text) => text.replace('-', '−');
  const isNumber = (v) => typeof v === 'number' && Number.isFinite(v);
  const money = (v) => (v < 0 ? '−' : '') + sign + fixed(Math.abs(v), meta.decimals === 0 ? 0 : 2);
  /* 1.23 万, 4.56 亿; 12.3K, 4.56M: three digits or four */
  function short(v, prefix = '') {
    const a = Math.abs(v);
    const steps = zh ? [[1e8, '亿'], [1e4, '万']] : [[1e9, 'B'], [1e6, 'M'], [1e4, 'K', 1e3]];
    for (const [from, unit, by] of steps) {
      if (a >= from) {
        const x = a / (by || from);
        return [(v < 0 ? '−' : '') + prefix + fixed(x, x >= 1000 ? 0 : x >= 100 ? 1 : 2), unit];
      }
    }
    return [(v < 0 ? '−' : '') + prefix + fixed(a, a >= 1000 || Number.isInteger(a) ? 0 : a >= 100 ? 1 : 2), ''];
  }
  const shortText = (v, prefix = '') => (isNumber(v) ? short(v, prefix).join('') : '–');
  const shortMoney = (v) => shortText(v, sign);
  const axisMoney = (v) => { const [a, b] = short(v, sign); return a.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') + b; };
  const axisCount = (v) => { const [a, b] = short(v); return a.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '') + b; };
  function duration(v) {
    if (v < 120) return fixed(v, 0) + ' ' + say('seconds');
    if (v < 7200) return fixed(v / 60, 1) + ' ' + say('minutes');
    if (v < 172800) return fixed(v / 3600, 1) + ' ' + say('hours');
    return fixed(v / 86400, 1) + ' ' + say('days');
  }
  const share = (v) => (isNumber(v) ? minus(fixed(100 * v, 1)) + ' %' : '–');
  const signed = (v) => (isNumber(v) ? (v > 0 ? '+' : '') + minus(fixed(100 * v, 1)) + ' %' : '–');
  const plain = (v) => minus(Number.isInteger(v) ? fixed(v, 0) : fixed(v, Math.abs(v) >= 1000 ? 1 : 2));
  function unitText(v, unit) {
    if (!isNumber(v)) return v === null || v === undefined ? '–' : String(v);
    return unit === 'money' ? money(v) : unit === 'share' ? share(v) : unit === 'count' ? minus(fixed(v, 0)) : unit === 'seconds' ? duration(v) : plain(v);
  }
  const quarter = (day) => day.slice(0, 4) + ' Q' + (1 + Math.floor((Number(day.slice(5, 7)) - 1) / 3));
  const figures = Object.fromEntries(records('figures').map((f) => [f.figure, f]));
  const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const figureName = (name) => (figures[name] ? (zh ? figures[name].title_zh : upper(figures[name].title_en)) : code('figure', name));
  const MIXED = { connected: 'count', reach: 'share', ltv: 'money', repurchase: 'share', referral: 'share', related: 'share' };

  /* A cell as people read it. */
  function cell(column, value, row) {
    switch (column.kind) {
      case 'unit': return unitText(value, row.unit);
      case 'mixed': return unitText(value, MIXED[row.value_name]);
      case 'money': return isNumber(value) ? money(value) : '–';
      case 'count': return isNumber(value) ? minus(fixed(value, 0)) : '–';
      case 'share': return share(value);
      case 'change': return signed(value);
      case 'index': return isNumber(value) ? minus(fixed(value, 1)) : '–';
      case 'number': return isNumber(value) ? plain(value) : '–';
      case 'seconds': return isNumber(value) ? duration(value) : '–';
      case 'flag': return value ? say('yes') : say('no');
      case 'month': return value ? value.slice(0, 7) : '–';
      case 'quarter': return value ? quarter(value) : '–';
      case 'time': return value ? value.slice(0, 16) : '–';
      case 'figure': return figureName(value);
      case 'blank': return value || '–';
      default: return CODES[column.kind] ? code(column.kind, value) : value === null || value === undefined ? '–' : String(value);
    }
  }
  const NUMBERS = new Set(['unit', 'mixed', 'money', 'count', 'share', 'change', 'index', 'number', 'seconds']);

  /* ---- pieces of the page ---- */
  function el(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [k, v] of Object.entries(attributes)) {
      if (v === null || v === undefined || v === false) continue;
      if (k === 'class') made.className = v;
      else if (k.startsWith('on')) made.addEventListener(k.slice(2), v);
      else made.setAttribute(k, v === true ? '' : v);
    }
    made.append(...children.filter((c) => c !== null && c !== undefined));
    return made;
  }
  /* Columns that are one thing in two languages. */
  const ONLY = { title_en: 'en', title_zh: 'zh', question_zh: 'zh', question_en: 'en', reason: 'en', reason_zh: 'zh', formula: 'en', formula_zh: 'zh' };
  function tableOf(chart, keep = () => true, hidden = []) {
    const shown = chart.columns.map((c, i) => [c, i]).filter(([c]) => !hidden.includes(c.name) && !(ONLY[c.name] && ONLY[c.name] !== (zh ? 'zh' : 'en')));
    /* A column of short texts stays on one line, one of long texts keeps a width to be read at. */
    const wide = (text) => [...text].reduce((n, c) => n + (c > '\u2e80' ? 2 : 1), 0);
    const dress = new Map(shown.map(([c, i]) => {
      if (NUMBERS.has(c.kind)) return [c, 'n'];
      const longest = Math.max(0, ...chart.rows.map((values) => wide(cell(c, values[i], {}))));
      return [c, longest <= 22 ? 'short' : c.name.startsWith('formula') ? 'words long' : 'words'];
    }));
    const body = el('tbody');
    for (const values of chart.rows) {
      const row = Object.fromEntries(chart.columns.map((c, i) => [c.name, values[i]]));
      if (!keep(row)) continue;
      body.append(el('tr', {}, ...shown.map(([c, i]) => el('td', { class: dress.get(c), 'data-column': c.name }, cell(c, values[i], row)))));
    }
    return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': pick(chart.title) }, el('table', { 'data-table': chart.name }, el('caption', {}, pick(chart.title)),
      el('thead', {}, el('tr', {}, ...shown.map(([c]) => el('th', { scope: 'col', 'data-column': c.name, class: NUMBERS.has(c.kind) ? 'n' : null }, zh ? c.zh : c.en)))), body));
  }
  function block(text) {
    const button = el('button', { type: 'button', class: 'copy' }, say('copy'));
    button.addEventListener('click', () => {
      const done = () => { button.textContent = say('copied'); setTimeout(() => { button.textContent = say('copy'); }, 1500); };
      if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, () => {});
    });
    return el('div', {}, button, el('pre', { tabindex: '0' }, text));
  }
  function formulaPanel(chart) {
    const parts = [];
    for (const name of chart.reads) {
      const s = data.sources[name];
      if (s && s.formula) parts.push(el('h4', {}, pick(s) + ' ', el('code', {}, say('view') + ' ' + name)), el('p', {}, s.formula));
    }
    for (const name of chart.functions) {
      const f = data.functions[name];
      if (!f) continue;
      parts.push(el('h4', {}, (zh ? f.title_zh : f.title_en) + ' ', el('code', {}, name + '()')), el('p', {}, f.formula));
      if (f.nulls) parts.push(el('p', {}, say('nulls') + ': ' + f.nulls));
      if (f.refunds) parts.push(el('p', {}, say('refunds') + ': ' + f.refunds));
    }
    return parts;
  }
  const sqlPanel = (chart) => [el('h4', {}, say('query')), block(chart.sql),
    ...chart.reads.filter((name) => data.sources[name]).flatMap((name) => [el('h4', {}, pick(data.sources[name]) + ' ', el('code', {}, name)), block(data.sources[name].sql.trim())])];
  /* What is one click away from a chart. */
  function links(chart, without) {
    const panel = el('div', { class: 'panel', hidden: true, id: 'panel-' + chart.name });
    const kinds = [['table', () => [tableOf(chart)]], ['formula', () => formulaPanel(chart)], ['sql', () => sqlPanel(chart)]];
    const buttons = kinds.filter(([k]) => k !== without).map(([kind, make]) => el('button', {
      type: 'button', 'aria-expanded': 'false', 'aria-controls': panel.id, 'data-open': kind,
      onclick(event) {
        const open = event.currentTarget.getAttribute('aria-expanded') === 'true';
        buttons.forEach((b) => b.setAttribute('aria-expanded', 'false'));
        panel.hidden = open;
        panel.replaceChildren(...(open ? [] : make()));
        event.currentTarget.setAttribute('aria-expanded', String(!open));
      },
    }, say(kind)));
    return [el('div', { class: 'links' }, ...buttons), panel];
  }

  /* ---- colours ---- */
  const css = (name) => getComputedStyle(root).getPropertyValue('--' + name).trim();
  let colour = {};
  function readColours() {
    for (const name of ['paper', 'card', 'ink', 'soft', 'faint', 'line', 'grid', 'teal', 'teal-soft', 'coral', 'coral-soft', 'gold', 'navy', 'plum', 'sage', 'sky', 'stone', 'sans', 'serif']) colour[name] = css(name);
  }
  const mix = (a, b, t) => {
    const rgb = (h) => [1, 3, 5].map((i) => parseInt(h.slice(i, i + 2), 16));
    const [x, y] = [rgb(a), rgb(b)];
    return '#' + x.map((v, i) => Math.round(v + (y[i] - v) * t).toString(16).padStart(2, '0')).join('');
  };
  const ramp = () => [mix(colour.card, colour.teal, 0.06), mix(colour.card, colour.teal, 0.35), mix(colour.card, colour.teal, 0.68), theme === 'dark' ? mix(colour.teal, '#ffffff', 0.25) : mix(colour.teal, '#000000', 0.25)];
  const onRamp = (t) => { const r = ramp(); const x = Math.max(0, Math.min(0.9999, t)) * 3; return mix(r[Math.floor(x)], r[Math.floor(x) + 1], x % 1); };
  const dim = (hex) => { const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16) / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const inkOn = (hex) => (dim(hex) > 0.22 ? '#1d1c1a' : '#ffffff');

  /* ---- charts ---- */
  const axisText = () => ({ color: colour.faint, fontSize: 11.5, fontFamily: colour.sans });
  const category = (values, more = {}) => ({ type: 'category', data: values, axisLine: { lineStyle: { color: colour.line } }, axisTick: { show: false }, axisLabel: { ...axisText(), ...(more.axisLabel || {}) }, ...Object.fromEntries(Object.entries(more).filter(([k]) => k !== 'axisLabel')) });
  const valueAxis = (format, more = {}) => ({ type: 'value', axisLabel: { ...axisText(), formatter: format, hideOverlap: true }, splitLine: { lineStyle: { color: colour.grid } }, axisLine: { show: false }, ...more });
  const tip = (formatter, trigger = 'axis') => ({ trigger, axisPointer: { type: trigger === 'axis' ? 'shadow' : 'none', shadowStyle: { color: colour.grid, opacity: 0.5 } }, backgroundColor: colour.card, borderColor: colour.line, textStyle: { color: colour.ink, fontFamily: colour.sans, fontSize: 13 }, confine: true, formatter });
  const lines = (title, pairs) => '<b>' + escape(title) + '</b><br>' + pairs.filter(Boolean).map(([k, v]) => escape(k) + ' <b>' + escape(v) + '</b>').join('<br>');
  const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }[c]));
  const legend = (more = {}) => ({ bottom: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 8, textStyle: { color: colour.soft, fontFamily: colour.sans }, ...more });
  const label = (more = {}) => ({ color: colour.soft, fontFamily: colour.sans, fontSize: 12, ...more });
  const grid = (more = {}) => ({ left: 8, right: 16, top: 24, bottom: 36, containLabel: true, ...more });
  const columnName = (chart, name) => { const c = byName[chart].columns.find((x) => x.name === name); return zh ? c.zh : c.en; };
  const events = {};
  const eventColour = (name) => { const list = [colour.teal, colour.navy, colour.gold, colour.plum, colour.sky, colour.sage, colour.stone]; if (name === 'order') return colour.coral; if (!(name in events)) events[name] = Object.keys(events).length; return list[events[name] % list.length]; };

  const DRAW = {
    bridge(rows, wide) {
      const marks = [];
      let at = 0;
      rows.forEach((r) => {
        const whole = r.step === 'previous_gmv' || r.step === 'gmv';
        const from = whole ? 0 : at;
        at = whole ? r.amount : at + r.amount;
        if (r.step !== 'by_other' || Math.abs(r.amount) > 0.005) marks.push({ ...r, from, to: at, whole });
      });
      const levels = marks.flatMap((m) => (m.whole ? [m.to] : [m.from, m.to]));
      const [low, high] = [Math.min(...levels), Math.max(...levels)];
      const cut = low > 0 && high - low < 0.4 * high ? low - 0.9 * (high - low || low * 0.1) : 0;
      const base = Math.max(0, cut);
      const names = marks.map((m) => code('step', m.step));
      const brief = (name) => (wide < 480 && name === 'frequency' ? 'freq.' : name);
      return {
        grid: grid({ top: base ? 46 : 30, bottom: 12 }), tooltip: tip((p) => { const m = marks[p[0].dataIndex]; return lines(names[p[0].dataIndex], [[m.whole ? '' : say('change'), m.whole ? money(m.amount) : (m.amount > 0 ? '+' : '') + money(m.amount)], isNumber(m.now) && [say('now'), plain(m.now)], isNumber(m.was) && [say('before'), plain(m.was)]]); }),
        xAxis: category(names, { axisLabel: { interval: 0, fontSize: wide < 430 ? 10 : 12, width: Math.max(42, (wide - 66) / names.length - 2), overflow: 'break', formatter: brief } }), yAxis: valueAxis((v) => axisMoney(v), { min: base || null, splitNumber: 4, name: base ? say('axisCut') : '', nameGap: 22, nameTextStyle: { color: colour.faint, fontSize: 11, align: 'left', padding: [0, 0, 0, -40] }, axisLabel: { ...axisText(), formatter: (v) => (base && v === base ? '' : axisMoney(v)), hideOverlap: true } }),
        series: [{
          type: 'custom', data: marks.map((m, i) => [i, m.from, m.to]), encode: { x: 0, y: [1, 2] },
          renderItem(params, api) {
            const m = marks[params.dataIndex];
            const wide = Math.min(api.size([1, 0])[0] * 0.62, 96);
            const [x, y0] = api.coord([params.dataIndex, Math.max(m.from, base)]);
            const y1 = api.coord([params.dataIndex, m.to])[1];
            const fill = m.whole ? colour.navy : m.amount >= 0 ? colour.teal : colour.coral;
            const children = [
              { type: 'rect', shape: { x: x - wide / 2, y: Math.min(y0, y1), width: wide, height: Math.max(2, Math.abs(y1 - y0)), r: 3 }, style: { fill } },
              { type: 'text', style: { text: (m.whole || m.amount <= 0 ? '' : '+') + (wide < 430 ? shortText(m.amount) : shortMoney(m.amount)), x, y: Math.min(y0, y1) - 6, textAlign: 'center', textVerticalAlign: 'bottom', fill: colour.ink, font: '600 ' + (wide < 430 ? 11 : 13) + 'px ' + colour.sans } },
            ];
            if (params.dataIndex < marks.length - 1) {
              const next = api.coord([params.dataIndex + 1, m.to]);
              children.push({ type: 'line', shape: { x1: x + wide / 2, y1, x2: next[0] - wide / 2, y2: y1 }, style: { stroke: colour.stone, lineDash: [3, 3] } });
            }
            return { type: 'group', children };
          },
        }],
      };
    },
    months(rows) {
      const pale = (r, c) => ({ value: r, itemStyle: { opacity: c ? 1 : 0.42 } });
      return {
        grid: grid({ top: 34, bottom: 34 }), legend: legend(), tooltip: tip((p) => { const r = rows[p[0].dataIndex]; return lines(r.month.slice(0, 7) + (r.complete ? '' : ' · ' + say('notOver')), [[columnName('months', 'gmv'), money(r.gmv)], [columnName('months', 'new_revenue'), money(r.new_revenue)], [columnName('months', 'repeat_revenue'), money(r.repeat_revenue)], [say('change'), signed(r.change)], [say('year'), signed(r.change_year)]]); }),
        xAxis: category(rows.map((r) => r.month.slice(0, 7))), yAxis: [valueAxis((v) => axisMoney(v), { splitNumber: 4 }), /* the first year grows from next to nothing: what is above 200 % is out of the picture */
          valueAxis((v) => minus(fixed(100 * v, 0)) + ' %', { splitLine: { show: false }, splitNumber: 4, max: (v) => (v.max > 2 ? 2 : null), name: say('year'), nameTextStyle: { color: colour.faint } })],
        series: [
          { type: 'bar', stack: 'a', name: columnName('months', 'repeat_revenue'), color: colour.teal, data: rows.map((r) => pale(r.repeat_revenue, r.complete)), barMaxWidth: 34 },
          { type: 'bar', stack: 'a', name: columnName('months', 'new_revenue'), color: colour.gold, data: rows.map((r) => pale(r.new_revenue, r.complete)), barMaxWidth: 34, itemStyle: { borderRadius: [3, 3, 0, 0] } },
          { type: 'line', name: say('year'), yAxisIndex: 1, color: colour.coral, symbolSize: 5, connectNulls: false, data: rows.map((r) => (r.complete ? r.change_year : null)), lineStyle: { width: 2 } },
        ],
      };
    },
    triangle(rows, wide) {
      const good = rows.map((r) => (isNumber(r.index) ? r.index : null));
      const top = Math.max(110, ...good.map((v) => v || 0)) * 1.03;
      const low = Math.max(0, Math.min(90, ...good.filter(isNumber)) - 25);
      return {
        legend: legend(), tooltip: tip(() => lines(pick(byName.triangle.title), rows.map((r) => [code('triangle', r.value_name), unitText(r.now, MIXED[r.value_name]) + '  (' + (isNumber(r.index) ? fixed(r.index, 1) : '–') + ')'])), 'item'),
        radar: { indicator: rows.map((r) => ({ name: code('triangle', r.value_name) + '\n' + unitText(r.now, MIXED[r.value_name] === 'money' ? 'money' : MIXED[r.value_name]), max: top, min: low })), radius: wide < 430 ? '52%' : '66%', center: ['50%', '47%'], splitNumber: 4, axisName: { color: colour.ink, fontSize: 12.5, lineHeight: 17, fontFamily: colour.sans }, splitArea: { show: false }, splitLine: { lineStyle: { color: colour.grid } }, axisLine: { lineStyle: { color: colour.grid } } },
        series: [{ type: 'radar', data: [
          { name: say('base') + ' = 100', value: rows.map(() => 100), symbol: 'none', lineStyle: { color: colour.stone, type: 'dashed', width: 1.5 }, itemStyle: { color: colour.stone } },
          { name: say('now'), value: good.map((v) => (v === null ? low : v)), symbolSize: 6, lineStyle: { color: colour.teal, width: 2.5 }, itemStyle: { color: colour.teal }, areaStyle: { color: colour.teal, opacity: 0.18 } },
        ] }],
      };
    },
    scores(rows) {
      const some = rows.filter((r) => isNumber(r.score)).reverse();
      const tint = { sales: colour.teal, marketing: colour.gold, service: colour.navy };
      return {
        grid: grid({ top: 8, bottom: 34, right: 54 }), tooltip: tip((p) => { const r = some[p[0].dataIndex]; return lines(figureName(r.figure), [[code('three', r.value), fixed(r.score, 1)], [say('now'), plain(r.amount)], [say('before'), plain(r.previous)]]); }),
        yAxis: category(some.map((r) => figureName(r.figure)), { axisLabel: { width: 130, overflow: 'break' } }), xAxis: valueAxis((v) => v, { max: 200, splitNumber: 4 }),
        legend: legend({ selectedMode: false }),
        series: ['sales', 'marketing', 'service'].map((k) => ({ type: 'bar', stack: 'a', name: code('three', k), color: tint[k], barMaxWidth: 18, itemStyle: { borderRadius: 3 }, data: some.map((r) => (r.value === k ? r.score : null)), label: label({ show: true, position: 'insideRight', color: colour.card, fontWeight: 600, formatter: (p) => (isNumber(p.value) ? fixed(p.value, 0) : '') }), markLine: { silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: colour.ink, type: 'dashed' }, data: [{ xAxis: 100 }], z: 1 } })),
      };
    },
    cohorts(rows, wide) {
      const cohorts = [...new Set(rows.filter((r) => r.period >= 1).map((r) => r.cohort))];
      const far = wide > 760 ? 17 : wide > 520 ? 12 : 7;
      const cells = rows.filter((r) => r.period >= 1 && r.period <= far && isNumber(r.retention));
      const top = Math.max(0.01, ...cells.filter((r) => r.complete).map((r) => r.retention));
      const size = Object.fromEntries(rows.map((r) => [r.cohort, r.cohort_size]));
      return {
        grid: grid({ top: 26, bottom: 4, left: 4, right: 4 }), tooltip: tip((p) => { const r = cells[p.dataIndex]; return lines(r.cohort.slice(0, 7) + ' · ' + say('monthN', r.period), [[columnName('cohorts', 'retention'), share(r.retention)], [columnName('cohorts', 'customers'), fixed(r.customers, 0) + ' / ' + fixed(r.cohort_size, 0)], isNumber(r.ltv) && [columnName('cohorts', 'ltv'), money(r.ltv)], !r.complete && [say('notOver'), '']]); }, 'item'),
        xAxis: category(Array.from({ length: far }, (_, i) => String(i + 1)), { position: 'top', axisLine: { show: false }, axisLabel: { interval: 0 } }), yAxis: category(cohorts.map((c) => c.slice(0, 7) + (wide > 520 ? '  (' + fixed(size[c], 0) + ')' : '')), { inverse: true, axisLine: { show: false }, axisLabel: { interval: 0 } }),
        series: [{ type: 'heatmap', data: cells.map((r) => { const fill = mix(colour.card, onRamp(r.retention / top), r.complete ? 1 : 0.55); return { value: [r.period - 1, cohorts.indexOf(r.cohort), r.retention], itemStyle: { color: fill, borderColor: colour.card, borderWidth: 2, borderRadius: 4 }, label: { color: inkOn(fill) } }; }), label: { show: wide / (far + 3) > 32, fontSize: 11, fontFamily: colour.sans, formatter: (p) => fixed(100 * p.value[2], 0) + (cells[p.dataIndex].complete ? '' : '*') } }],
        visualMap: { show: false, min: 0, max: top, inRange: { color: ['#000', '#000'] }, seriesIndex: [] },
      };
    },
    ltv(rows, wide) {
      const cohorts = [...new Set(rows.map((r) => r.cohort))];
      const periods = Math.max(...rows.map((r) => r.period));
      return {
        grid: grid({ top: 16, bottom: wide > 520 ? 76 : 56, right: 20 }), legend: legend({ type: wide > 520 ? 'plain' : 'scroll', pageTextStyle: { color: colour.soft }, pageIconColor: colour.teal }), tooltip: tip((p) => lines(say('quarterN', p[0].axisValue), p.filter((x) => isNumber(x.value)).map((x) => [x.seriesName, money(x.value)]))),
        xAxis: category(Array.from({ length: periods + 1 }, (_, i) => String(i)), { boundaryGap: false, name: columnName('ltv', 'period'), nameLocation: 'middle', nameGap: 24, nameTextStyle: { color: colour.faint } }), yAxis: valueAxis((v) => axisMoney(v), { splitNumber: 4 }),
        series: cohorts.map((c, i) => ({ type: 'line', name: quarter(c), symbolSize: 5, color: mix(theme === 'dark' ? '#4a5a78' : '#b7c3d9', colour.teal, cohorts.length > 1 ? i / (cohorts.length - 1) : 1), lineStyle: { width: 2.2 }, data: Array.from({ length: periods + 1 }, (_, k) => { const r = rows.find((x) => x.cohort === c && x.period === k && x.complete); return r ? r.ltv : null; }) })),
      };
    },
    flow(rows) {
      const pale = (v, c) => ({ value: v, itemStyle: { opacity: c ? 1 : 0.42 } });
      const bar = (name, c, sign2 = 1) => ({ type: 'bar', stack: 'a', name: columnName('flow', name), color: c, barMaxWidth: 34, data: rows.map((r) => pale(sign2 * r[name], r.complete)) });
      return {
        grid: grid({ top: 16, bottom: 34 }), legend: legend(), tooltip: tip((p) => { const r = rows[p[0].dataIndex]; return lines(r.period.slice(0, 7) + (r.complete ? '' : ' · ' + say('notOver')), ['active', 'new', 'retained', 'resurrected', 'dormant'].map((k) => [columnName('flow', k), fixed(r[k], 0)])); }),
        xAxis: category(rows.map((r) => r.period.slice(0, 7)), { axisLabel: { hideOverlap: true } }), yAxis: valueAxis((v) => axisCount(Math.abs(v)), { splitNumber: 5 }),
        series: [bar('retained', colour.teal), bar('resurrected', colour.sky), bar('new', colour.gold), bar('dormant', colour.coral, -1)],
      };
    },
    moves(rows) {
      const tint = { introduction: colour.sky, growth: colour.gold, maturity: colour.teal, dormant: colour.plum, churned: colour.stone, gained: colour.sage };
      const order = ['gained', 'introduction', 'growth', 'maturity', 'dormant', 'churned'];
      const name = (s) => (s === 'gained' ? say('gained') : code('stage', s));
      const from = order.filter((s) => rows.some((r) => (r.from_stage || 'gained') === s));
      const to = order.filter((s) => rows.some((r) => r.to_stage === s));
      return {
        tooltip: tip((p) => (p.dataType === 'edge' ? lines(name(p.data.source.slice(2)) + ' → ' + name(p.data.target.slice(2)), [[fixed(p.data.value, 0) + ' ' + say('people'), share(p.data.part)]]) : lines(name(p.name.slice(2)), [[fixed(p.value, 0), say('people')]])), 'item'),
        series: [{ type: 'sankey', left: 6, right: 96, top: 10, bottom: 10, nodeGap: 12, nodeWidth: 14, layoutIterations: 0, emphasis: { focus: 'adjacency' }, lineStyle: { color: 'source', opacity: 0.32, curveness: 0.5 },
          label: { color: colour.ink, fontFamily: colour.sans, fontSize: 12, formatter: (p) => name(p.name.slice(2)) + '  ' + shortText(p.value) },
          data: from.map((s) => ({ name: 'a|' + s, depth: 0, itemStyle: { color: tint[s] } })).concat(to.map((s) => ({ name: 'b|' + s, depth: 1, itemStyle: { color: tint[s] } }))),
          links: rows.map((r) => ({ source: 'a|' + (r.from_stage || 'gained'), target: 'b|' + r.to_stage, value: r.customers, part: r.share })) }],
      };
    },
    stages(rows) {
      const tint = { introduction: colour.sky, growth: colour.gold, maturity: colour.teal, dormant: colour.plum, churned: colour.stone };
      const shown = rows.slice().reverse();
      return {
        grid: grid({ top: 8, bottom: 8, right: 96 }), tooltip: tip((p) => { const r = shown[p[0].dataIndex]; return lines(code('stage', r.stage), [[fixed(r.customers, 0), share(r.share)]]); }),
        yAxis: category(shown.map((r) => code('stage', r.stage)), { axisLine: { show: false }, axisLabel: { color: colour.ink, fontSize: 13 } }), xAxis: { type: 'value', show: false },
        series: [{ type: 'bar', barMaxWidth: 26, data: shown.map((r) => ({ value: r.customers, itemStyle: { color: tint[r.stage], borderRadius: 4 } })), label: label({ show: true, position: 'right', formatter: (p) => fixed(p.value, 0) + '  ' + share(shown[p.dataIndex].share) }) }],
      };
    },
    ladder(rows) {
      const tint = rows.map((_, i) => mix(mix(colour.card, colour.teal, 0.45), theme === 'dark' ? colour.teal : mix(colour.teal, '#000000', 0.2), rows.length > 1 ? i / (rows.length - 1) : 1));
      const top = Math.max(1, ...rows.map((r) => r.reached));
      return {
        tooltip: tip((p) => { const r = rows[p.dataIndex]; return lines(code('rung', r.rung), [[columnName('ladder', 'reached'), fixed(r.reached, 0)], [columnName('ladder', 'heads'), fixed(r.heads, 0)], [columnName('ladder', 'conversion'), share(r.conversion)], isNumber(r.median_days) && [columnName('ladder', 'median_days'), plain(r.median_days)]]); }, 'item'),
        series: [{ type: 'custom', coordinateSystem: 'none', data: rows.map((r) => r.reached),
          renderItem(params, api) {
            const i = params.dataIndex; const [w, h] = [api.getWidth(), api.getHeight()];
            const step = (h - 12) / rows.length; const bar = Math.min(step * 0.66, 50); const left = Math.min(110, w * 0.24); const room = w - left - 120;
            const wide = Math.max(4, room * (rows[i].reached / top)); const y = 6 + i * step;
            const children = [
              { type: 'rect', shape: { x: left + (room - wide) / 2, y, width: wide, height: bar, r: 4 }, style: { fill: tint[i] } },
              { type: 'text', style: { x: 2, y: y + bar / 2, text: code('rung', rows[i].rung), fill: colour.ink, font: '600 13px ' + colour.sans, textVerticalAlign: 'middle' } },
              { type: 'text', style: { x: w - 112, y: y + bar / 2, text: fixed(rows[i].reached, 0), fill: colour.ink, font: '600 14px ' + colour.sans, textVerticalAlign: 'middle' } },
            ];
            if (i && isNumber(rows[i].conversion)) children.push({ type: 'text', style: { x: w - 4, y: y + bar / 2, textAlign: 'right', text: share(rows[i].conversion), fill: colour.faint, font: '12.5px ' + colour.sans, textVerticalAlign: 'middle' } });
            if (i) children.push({ type: 'polygon', shape: { points: (() => { const above = Math.max(4, room * (rows[i - 1].reached / top)); const c = left + room / 2; return [[c - above / 2, y - step + bar], [c + above / 2, y - step + bar], [c + wide / 2, y], [c - wide / 2, y]]; })() }, style: { fill: tint[i], opacity: 0.22 } });
            return { type: 'group', children };
          } }],
      };
    },
    reach(rows) {
      const shown = rows.slice().reverse();
      return {
        grid: grid({ top: 8, bottom: 34, right: 62 }), legend: legend(), tooltip: tip((p) => { const r = shown[p[0].dataIndex]; return lines(code('reach', r.step), [[columnName('reach', 'customers'), fixed(r.customers, 0) + '  ' + share(r.share)], isNumber(r.unbroken) && [columnName('reach', 'unbroken'), fixed(r.unbroken, 0) + '  ' + share(r.unbroken_share)]]); }),
        yAxis: category(shown.map((r) => code('reach', r.step)), { axisLine: { show: false }, axisLabel: { color: colour.ink, fontSize: 12.5 } }), xAxis: { type: 'value', show: false, max: 1 },
        series: [
          { type: 'bar', name: columnName('reach', 'customers'), barGap: '-100%', barMaxWidth: 24, color: mix(colour.card, colour.teal, 0.28), data: shown.map((r) => r.share), itemStyle: { borderRadius: 4 }, label: label({ show: true, position: 'right', formatter: (p) => share(p.value) }) },
          { type: 'bar', name: columnName('reach', 'unbroken'), barMaxWidth: 24, color: colour.teal, data: shown.map((r) => r.unbroken_share), itemStyle: { borderRadius: 4 }, z: 3 },
        ],
      };
    },
    path(rows, wide) {
      const far = wide > 560 ? 3 : 2;
      const some = rows.filter((r) => r.step < far);
      const nodes = new Map();
      const node = (step, event) => { const id = step + '|' + event; if (!nodes.has(id)) nodes.set(id, { name: id, depth: step - 1, itemStyle: { color: eventColour(event) } }); return id; };
      const flows = some.map((r) => ({ source: node(r.step, r.from_event), target: node(r.step + 1, r.to_event), value: r.customers, part: r.share, seconds: r.median_seconds }));
      const name = (id) => code('event', id.split('|')[1]);
      return {
        tooltip: tip((p) => (p.dataType === 'edge' ? lines(name(p.data.source) + ' → ' + name(p.data.target), [[fixed(p.data.value, 0) + ' ' + say('people'), share(p.data.part)], isNumber(p.data.seconds) && [columnName('path', 'median_seconds'), duration(p.data.seconds)]]) : lines(name(p.name), [[fixed(p.value, 0), say('people')]])), 'item'),
        series: [{ type: 'sankey', left: 4, right: 96, top: 8, bottom: 8, nodeGap: 13, nodeWidth: 12, emphasis: { focus: 'adjacency' }, lineStyle: { color: document.body.classList.contains('printing') ? 'source' : 'gradient', opacity: 0.3, curveness: 0.5 }, label: { color: colour.ink, fontFamily: colour.sans, fontSize: 11.5, formatter: (p) => name(p.name) }, data: [...nodes.values()], links: flows }],
      };
    },
    pareto(rows) {
      const points = [[0, 0], ...rows.map((r) => [r.top, r.share])];
      const mark = rows.find((r) => r.top === 20);
      return {
        grid: grid({ top: 24, bottom: 30, right: 24 }), tooltip: tip((p) => { const r = rows[p[0].dataIndex - 1]; return r ? lines('≤ ' + r.top + ' %', [[columnName('pareto', 'share'), share(r.share)], [columnName('pareto', 'customers'), fixed(r.customers, 0)], [columnName('pareto', 'revenue'), money(r.revenue)]]) : ''; }),
        xAxis: valueAxis((v) => v + ' %', { max: 100, splitLine: { show: false }, name: columnName('pareto', 'top'), nameLocation: 'middle', nameGap: 24, nameTextStyle: { color: colour.faint } }), yAxis: valueAxis((v) => fixed(100 * v, 0) + ' %', { max: 1, interval: 0.25 }),
        series: [
          { type: 'line', color: colour.teal, smooth: 0.15, symbol: 'none', lineStyle: { width: 2.6 }, areaStyle: { opacity: 0.14 }, data: points,
            markPoint: mark ? { symbol: 'circle', symbolSize: 11, itemStyle: { color: colour.coral }, label: { show: true, position: 'right', distance: 10, color: colour.ink, fontFamily: colour.sans, fontSize: 13, fontWeight: 600, formatter: '20 % → ' + share(mark.share) }, data: [{ coord: [20, mark.share] }] } : undefined },
          { type: 'line', symbol: 'none', silent: true, tooltip: { show: false }, lineStyle: { color: colour.stone, type: 'dashed', width: 1.2 }, data: [[0, 0], [100, 1]] },
        ],
      };
    },
    rfm(rows) {
      const five = [1, 2, 3, 4, 5];
      const top = Math.max(1, ...rows.map((r) => r.per_customer || 0));
      return {
        grid: grid({ top: 6, bottom: 30, left: 30, right: 8 }), tooltip: tip((p) => { const r = rows[p.dataIndex]; return lines('R ' + r.r + ' · F ' + r.f, [[columnName('rfm', 'customers'), fixed(r.customers, 0)], isNumber(r.per_customer) && [columnName('rfm', 'per_customer'), money(r.per_customer)], isNumber(r.revenue) && [columnName('rfm', 'revenue'), money(r.revenue)]]); }, 'item'),
        xAxis: category(five.map(String), { name: columnName('rfm', 'r') + ' →', nameLocation: 'middle', nameGap: 22, nameTextStyle: { color: colour.faint }, axisLine: { show: false } }), yAxis: category(five.map(String), { name: columnName('rfm', 'f') + ' →', nameLocation: 'middle', nameGap: 22, nameTextStyle: { color: colour.faint }, axisLine: { show: false } }),
        series: [{ type: 'heatmap', data: rows.map((r) => { const fill = onRamp((r.per_customer || 0) / top); return { value: [r.r - 1, r.f - 1, r.customers], itemStyle: { color: fill, borderColor: colour.card, borderWidth: 3, borderRadius: 6 }, label: { color: inkOn(fill) } }; }), label: { show: true, fontSize: 13, fontWeight: 600, fontFamily: colour.sans, formatter: (p) => shortText(p.value[2]) } }],
        visualMap: { show: false, min: 0, max: 1, seriesIndex: [] },
      };
    },
    segments(rows) {
      const shown = rows.slice().reverse();
      const bar = (name, c) => ({ type: 'bar', name: columnName('segments', name), color: c, barMaxWidth: 11, barGap: '20%', data: shown.map((r) => r[name]), itemStyle: { borderRadius: 3 }, label: label({ show: true, position: 'right', fontSize: 11, formatter: (p) => share(p.value) }) });
      return {
        grid: grid({ top: 4, bottom: 34, right: 56 }), legend: legend(), tooltip: tip((p) => { const r = shown[p[0].dataIndex]; return lines(code('segment', r.segment), [[columnName('segments', 'customers'), fixed(r.customers, 0) + '  ' + share(r.customers_share)], [columnName('segments', 'revenue'), money(r.revenue) + '  ' + share(r.revenue_share)]]); }),
        yAxis: category(shown.map((r) => code('segment', r.segment)), { axisLine: { show: false }, axisLabel: { color: colour.ink } }), xAxis: { type: 'value', show: false },
        series: [bar('revenue_share', colour.teal), bar('customers_share', colour.gold)],
      };
    },
    channels(rows, wide) {
      const shown = rows.filter((r) => isNumber(r.ltv_cac_90)).reverse();
      return {
        grid: grid({ top: 18, bottom: 24, right: wide < 430 ? 48 : 120 }), tooltip: tip((p) => { const r = shown[p[0].dataIndex]; return lines(r.channel || say('unnamed'), ['ltv_cac_90', 'ltv_90', 'cac', 'cost_per_contact', 'payback_day', 'gmv'].map((k) => [columnName('channels', k), cell(byName.channels.columns.find((c) => c.name === k), r[k], r)])); }),
        yAxis: category(shown.map((r) => r.channel || say('unnamed')), { axisLine: { show: false }, axisLabel: { color: colour.ink, fontSize: 12.5 } }), xAxis: valueAxis((v) => v + '×', { splitNumber: 4 }),
        series: [{ type: 'bar', barMaxWidth: 22, data: shown.map((r) => ({ value: r.ltv_cac_90, itemStyle: { color: r.ltv_cac_90 >= 3 ? colour.teal : colour.coral, borderRadius: 4 } })), label: label({ show: true, position: 'right', formatter: (p) => fixed(p.value, 1) + '×' + (wide >= 430 && isNumber(shown[p.dataIndex].payback_day) ? '  ' + say('payback') + ' ' + fixed(shown[p.dataIndex].payback_day, 0) + ' ' + say('days') : '') }), markLine: { silent: true, symbol: 'none', lineStyle: { color: colour.ink, type: 'dashed' }, label: { formatter: '3×', color: colour.soft, position: 'end' }, data: [{ xAxis: 3 }] } }],
      };
    },
    campaigns(rows) {
      const shown = rows.slice().reverse();
      const verdict = (r) => (r.low > 0 ? colour.teal : r.high < 0 ? colour.coral : colour.stone);
      return {
        grid: grid({ top: 10, bottom: 36, right: 20 }), tooltip: tip((p) => { const r = shown[p[0].dataIndex]; return lines(r.campaign, [[say('added'), money(r.incremental)], [say('interval'), money(r.low) + ' … ' + money(r.high)], [say('cost'), money(r.cost)], [columnName('campaigns', 'net'), money(r.net)], ['p', fixed(r.p_value, 3)], [say(r.low > 0 ? 'proven' : r.high < 0 ? 'worse' : 'unproven'), '']]); }),
        yAxis: category(shown.map((r) => r.campaign), { axisLine: { show: false }, axisLabel: { color: colour.ink } }), xAxis: valueAxis((v) => axisMoney(v), { splitNumber: 4 }),
        series: [{ type: 'custom', data: shown.map((r, i) => [r.low, r.incremental, r.high, r.cost, i]), encode: { x: [0, 1, 2, 3], y: 4 },
          renderItem(params, api) {
            const r = shown[params.dataIndex]; const i = params.dataIndex;
            const [x0, y] = api.coord([r.low, i]); const x1 = api.coord([r.incremental, i])[0]; const x2 = api.coord([r.high, i])[0]; const xc = api.coord([r.cost, i])[0];
            return { type: 'group', children: [
              { type: 'line', shape: { x1: x0, y1: y, x2, y2: y }, style: { stroke: verdict(r), lineWidth: 3 } },
              { type: 'line', shape: { x1: x0, y1: y - 6, x2: x0, y2: y + 6 }, style: { stroke: verdict(r), lineWidth: 2 } }, { type: 'line', shape: { x1: x2, y1: y - 6, x2, y2: y + 6 }, style: { stroke: verdict(r), lineWidth: 2 } },
              { type: 'circle', shape: { cx: x1, cy: y, r: 6 }, style: { fill: verdict(r), stroke: colour.card, lineWidth: 2 } },
              { type: 'line', shape: { x1: xc, y1: y - 9, x2: xc, y2: y + 9 }, style: { stroke: colour.gold, lineWidth: 3 } },
            ] };
          },
          markLine: { silent: true, symbol: 'none', label: { show: false }, lineStyle: { color: colour.ink, type: 'solid', width: 1 }, data: [{ xAxis: 0 }] } },
        { type: 'bar', name: say('cost'), data: [], color: colour.gold }, { type: 'bar', name: say('proven'), data: [], color: colour.teal }, { type: 'bar', name: say('unproven'), data: [], color: colour.stone }],
        legend: legend({ selectedMode: false }),
      };
    },
    touch(rows) {
      const names = ['answer_rate', 'order_rate', 'deletion_rate'];
      const tints = [colour.teal, colour.gold, colour.coral];
      return {
        grid: grid({ top: 18, bottom: 34 }), legend: legend(), tooltip: tip((p) => { const r = rows[p[0].dataIndex]; return lines(r.channel || say('unnamed'), [[columnName('touch', 'messages'), fixed(r.messages, 0)], ...names.map((k) => [columnName('touch', k), share(r[k])])]); }),
        xAxis: category(rows.map((r) => r.channel || say('unnamed')), { axisLabel: { interval: 0 } }), yAxis: valueAxis((v) => fixed(100 * v, 0) + ' %', { splitNumber: 4 }),
        series: names.map((k, i) => ({ type: 'bar', name: columnName('touch', k), color: tints[i], barMaxWidth: 26, data: rows.map((r) => r[k]), itemStyle: { borderRadius: [3, 3, 0, 0] }, label: label({ show: rows.length < 6, position: 'top', fontSize: 10.5, formatter: (p) => (isNumber(p.value) ? fixed(100 * p.value, 0) : '') }) })),
      };
    },
    live(rows) {
      return {
        grid: grid({ top: 20, bottom: 34 }), legend: legend(), tooltip: tip((p) => { const r = rows[p[0].dataIndex]; return lines(r.live, ['booked', 'watched', 'ordered'].map((k) => [columnName('live', k), fixed(r[k], 0)]).concat([[columnName('live', 'conversion'), share(r.conversion)], [columnName('live', 'gmv'), money(r.gmv)]])); }),
        xAxis: category(rows.map((r) => r.live.replace(/^live 20/, '')), { axisLabel: { hideOverlap: true } }), yAxis: [valueAxis((v) => axisCount(v), { splitNumber: 4 }), valueAxis((v) => fixed(100 * v, 0) + ' %', { splitLine: { show: false }, splitNumber: 4 })],
        series: [
          { type: 'bar', name: columnName('live', 'watched'), color: mix(colour.card, colour.navy, 0.5), barMaxWidth: 20, data: rows.map((r) => r.watched), itemStyle: { borderRadius: [3, 3, 0, 0] } },
          { type: 'bar', name: columnName('live', 'ordered'), color: colour.teal, barMaxWidth: 20, data: rows.map((r) => r.ordered), itemStyle: { borderRadius: [3, 3, 0, 0] } },
          { type: 'line', name: columnName('live', 'conversion'), yAxisIndex: 1, color: colour.coral, data: rows.map((r) => r.conversion), symbolSize: 5 },
        ],
      };
    },
    staff(rows, wide) {
      const shown = rows.slice(0, 15).reverse();
      /* The number beside the bar, or beyond the mark of the target where that would cross it. */
      const number = (r) => shortMoney(r.gmv) + (wide > 480 && isNumber(r.target_rate) ? '  ' + fixed(100 * r.target_rate, 0) + ' %' : '');
      function beside(params, api) {
        const r = shown[params.dataIndex];
        const [end, y] = api.coord([Math.max(r.gmv || 0, 0), params.dataIndex]);
        const mark = isNumber(r.target) ? api.coord([r.target, 0])[0] : -1;
        const x = mark > end - 4 && mark < end + 10 + 7 * number(r).length ? mark + 7 : end + 6;
        return { type: 'text', style: { text: number(r), x, y, textVerticalAlign: 'middle', fill: colour.soft, font: '12px ' + colour.sans } };
      }
      return {
        grid: grid({ top: 8, bottom: 24, right: wide > 480 ? 96 : 60 }), tooltip: tip((p) => { const r = shown[p[0].dataIndex]; return lines((r.name || r.staff) + (r.store ? ' · ' + r.store : ''), [[columnName('staff', 'gmv'), money(r.gmv)], isNumber(r.target) && [say('target'), money(r.target)], [columnName('staff', 'orders'), fixed(r.orders, 0)], [columnName('staff', 'added'), fixed(r.added, 0)]]); }),
        yAxis: category(shown.map((r) => r.name || r.staff), { axisLine: { show: false }, axisLabel: { color: colour.ink } }), xAxis: valueAxis((v) => axisMoney(v), { splitNumber: 4 }),
        series: [{ type: 'bar', barMaxWidth: 16, data: shown.map((r) => ({ value: r.gmv, itemStyle: { color: isNumber(r.target_rate) && r.target_rate < 1 ? colour.gold : colour.teal, borderRadius: 3 } })) },
          { type: 'custom', silent: true, z: 4, data: shown.map((r, i) => [r.gmv || 0, i]), encode: { x: 0, y: 1 }, renderItem: beside },
          { type: 'scatter', name: say('target'), symbol: 'rect', symbolSize: [3, 18], itemStyle: { color: colour.ink }, silent: true, data: shown.map((r, i) => [r.target, i]).filter((d) => isNumber(d[0])) }],
      };
    },
    stores(rows) {
      const shown = rows.slice(0, 12).reverse();
      const bar = (k, c) => ({ type: 'bar', stack: 'a', name: columnName('stores', k), color: c, barMaxWidth: 18, data: shown.map((r) => r[k]) });
      return {
        grid: grid({ top: 8, bottom: 36, right: 20 }), legend: legend(), tooltip: tip((p) => { const r = shown[p[0].dataIndex]; return lines(r.name || r.store, ['gmv', 'counter_gmv', 'online_gmv', 'gmv_per_metre', 'visits', 'change_year'].map((k) => [columnName('stores', k), cell(byName.stores.columns.find((c) => c.name === k), r[k], r)])); }),
        yAxis: category(shown.map((r) => r.name || r.store), { axisLine: { show: false }, axisLabel: { color: colour.ink } }), xAxis: valueAxis((v) => axisMoney(v), { splitNumber: 4 }),
        series: [bar('counter_gmv', colour.navy), bar('online_gmv', colour.teal)],
      };
    },
  };

  const isTriangle = (rows) => { const [a, b, c] = ['ownership', 'value', 'referral'].map((k) => (rows.find((r) => r.side === k) || {}).index); return [a, b, c].every(isNumber) && a < b + c && b < a + c && c < a + b; };
  /* Three sides as a triangle: that of the base, and that of the period. */
  function triangleFigure(rows) {
    const side = Object.fromEntries(rows.map((r) => [r.side, r.index]));
    const ns = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(ns, 'svg');
    svg.setAttribute('viewBox', '0 0 420 330');
    svg.setAttribute('class', 'triangle-figure');
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', rows.map((r) => code('side', r.side) + ' ' + (isNumber(r.index) ? fixed(r.index, 1) : '–')).join(', '));
    const add = (tag, attributes, text) => { const e = document.createElementNS(ns, tag); for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v); if (text !== undefined) e.textContent = text; svg.append(e); return e; };
    const corners = (a, b, c) => { const x = (a * a + b * b - c * c) / (2 * a); const y = Math.sqrt(Math.max(0, b * b - x * x)); return [[0, 0], [a, 0], [x, y]]; };
    const place = (points) => { const scale = 225 / 100; const cx = points.reduce((s, p) => s + p[0], 0) / 3; const cy = points.reduce((s, p) => s + p[1], 0) / 3; return points.map(([x, y]) => [210 + (x - cx) * scale * shrink, 188 - (y - cy) * scale * shrink]); };
    const shrink = Math.min(1, 118 / Math.max(...['ownership', 'value', 'referral'].map((k) => side[k] || 0), 100));
    const path = (points) => points.map((p, i) => (i ? 'L' : 'M') + p.map((v) => v.toFixed(1)).join(' ')).join('') + 'Z';
    add('path', { d: path(place(corners(100, 100, 100))), fill: 'none', stroke: colour.stone, 'stroke-dasharray': '5 5', 'stroke-width': 1.5 });
    /* base: ownership; right: value; left: referral */
    const now = place(corners(side.ownership, side.referral, side.value));
    add('path', { d: path(now), fill: colour.teal, 'fill-opacity': 0.16, stroke: colour.teal, 'stroke-width': 3, 'stroke-linejoin': 'round' });
    const say2 = (x, y, anchor, key) => { add('text', { x, y, 'text-anchor': anchor }, code('side', key)); add('text', { x, y: y + 19, 'text-anchor': anchor, class: 'value' }, fixed(side[key], 1)); };
    const middle = (p, q) => [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2];
    say2(middle(now[0], now[1])[0], Math.max(now[0][1], place(corners(100, 100, 100))[0][1]) + 22, 'middle', 'ownership');
    say2(middle(now[1], now[2])[0] + 22, middle(now[1], now[2])[1] - 12, 'start', 'value');
    say2(middle(now[0], now[2])[0] - 22, middle(now[0], now[2])[1] - 12, 'end', 'referral');
    add('text', { x: 210, y: 206, 'text-anchor': 'middle', class: 'big' }, isNumber(side.area) ? fixed(side.area, 1) : '–');
    add('text', { x: 210, y: 226, 'text-anchor': 'middle' }, say('area'));
    return svg;
  }
  function spark(values, tint, height) {
    const good = values.filter(isNumber);
    if (good.length < 3) return null;
    const [w, h] = [300, height]; const top = Math.max(...good, 1e-9); const bar = w / values.length;
    const ns = 'http://www.w3.org/2000/svg';
    const svg = document.createElementNS(ns, 'svg');
    svg.setAttribute('viewBox', '0 0 ' + w + ' ' + h); svg.setAttribute('preserveAspectRatio', 'none'); svg.setAttribute('aria-hidden', 'true'); svg.setAttribute('width', '100%'); svg.setAttribute('height', '100%');
    values.forEach((v, i) => { const r = document.createElementNS(ns, 'rect'); const tall = Math.max(1, (Math.max(v || 0, 0) / top) * h); for (const [k, x] of Object.entries({ x: i * bar + bar * 0.14, y: h - tall, width: bar * 0.72, height: tall, rx: 1.5, fill: i === values.length - 1 ? tint : mix(colour.card, tint, 0.36) })) r.setAttribute(k, x); svg.append(r); });
    return svg;
  }

  /* ---- sections ---- */
  const SHAPE = {     // chart: width in the grid, height
    bridge: ['five', ''], months: ['seven', ''], triangle: ['', ''], sides: ['', ''], three_value: ['wide', ''], cohorts: ['wide', 'tall'], ltv: ['', ''], flow: ['', ''], moves: ['seven', ''], stages: ['five', ''],
    ladder: ['five', ''], reach: ['seven', ''], path: ['wide', 'tall'], referral: ['wide', ''], pareto: ['five', ''], rfm: ['seven', ''], segments: ['wide', ''], channels: ['', ''], campaigns: ['', ''], touch: ['five', ''], live: ['seven', ''],
    staff: ['', 'tall'], stores: ['', 'tall'], audiences: ['wide', ''], people: ['wide', ''], diagnosis: ['wide', ''], left_out: ['wide', ''], figures: ['wide', ''],
  };
  const SECTIONS = ['headline', 'triangle', 'customers', 'relations', 'money', 'growth', 'team', 'act', 'check'];
  const sectionName = (s) => say(s === 'customers' ? 'customersSection' : s);
  /* What there is to see: a chart without one number says nothing. */
  const PROOF = { triangle: 'index', sides: 'index', three_value: 'score', channels: 'ltv_cac_90', reach: 'share', stages: 'share', diagnosis: 'value', ladder: 'conversion', bridge: 'amount', audiences: 'to_send' };
  function hasData(chart) {
    if (!chart.rows.length || chart.error) return false;
    const key = PROOF[chart.name];
    return !key || records(chart.name).some((r) => isNumber(r[key]) && (key !== 'to_send' || r[key] > 0));
  }
  const drawn = [];
  let chosen = null;

  /* What is a cost, or a loss: more of it is no good news. */
  const LESS_IS_BETTER = new Set(['refunds', 'refund_share', 'response_seconds', 'cost', 'cac', 'cost_per_contact', 'contacts_deleted', 'dormant_buyers', 'churned_buyers']);
  /* A share changes by points: 2.9 % to 4.4 % is 1.5 pt, and not half as much again. */
  function delta(f, key) {
    const then = key === 'change' ? f.previous : f.year_ago;
    const points = f.unit === 'share';
    const v = !points ? (key === 'change' ? f.change : f.change_year) : isNumber(f.value) && isNumber(then) ? f.value - then : null;
    const way = !isNumber(v) || Math.abs(v) <= 0.0005 ? 0 : v > 0 ? 1 : -1;
    const good = LESS_IS_BETTER.has(f.figure) ? -way : way;
    return el('span', {}, say(key) + ' ', el('b', { class: good > 0 ? 'up' : good < 0 ? 'down' : 'flat', title: points ? say('points') : null },
      !isNumber(v) ? '–' : (way > 0 ? '▲ ' : way < 0 ? '▼ ' : '') + fixed(Math.abs(100 * v), 1) + (points ? ' pt' : ' %')));
  }
  /* Whom to write to today, one line, the way to the lists. */
  function today() {
    const rows = records('audiences').filter((r) => r.urgent > 0).sort((a, b) => b.urgent - a.urgent);
    const people = rows.reduce((n, r) => n + r.urgent, 0);
    if (!rows.length) return null;
    return el('a', { class: 'today', href: '#act' }, el('b', {}, say('todayPeople', fixed(people, 0))), ' ' + rows.slice(0, 3).map((r) => code('audience', r.audience) + ' ' + fixed(r.urgent, 0)).join(' · '));
  }
  function numberOf(f, tag) {
    let text = ['–', ''];
    if (isNumber(f.value)) {
      if (f.unit === 'money') text = short(f.value, sign);
      else if (f.unit === 'share') text = [minus(fixed(100 * f.value, 1)), ' %'];
      else if (f.unit === 'count') text = short(f.value);
      else if (f.unit === 'seconds') { const d = duration(f.value).split(' '); text = [d[0], ' ' + d[1]]; } else text = [minus(fixed(f.value, 2)), ''];
    }
    return el(tag, { class: 'number', 'data-figure': f.figure, title: unitText(f.value, f.unit) }, text[0], text[1] ? el('small', {}, text[1]) : null);
  }
  function hero() {
    const gmv = figures.gmv;
    const order = ['effective_customers', 'arppu', 'aov', 'orders_per_customer', 'repurchase_90', 'ltv_365', 'new_customers', 'connected_people', 'referred_revenue_share', 'people_retention', 'roi', 'repurchase_rate', 'orders', 'buyers', 'refund_share', 'living_buyers'];
    const shown = order.map((name) => figures[name]).filter((f) => f && f.status !== 'no_data').slice(0, 12);
    while (shown.length % 4 && shown.length > 4) shown.pop();
    const months = records('months');
    const left = el('div', { class: 'heroic' });
    if (gmv) {
      left.append(el('p', { class: 'name' }, zh ? gmv.title_zh : gmv.title_en), numberOf(gmv, 'p'), el('p', { class: 'deltas' }, delta(gmv, 'change'), delta(gmv, 'year')));
      const bars = spark(months.map((m) => m.gmv), colour.teal, 90);
      if (bars) left.append(el('div', { class: 'spark' }, bars));
      const who = today();
      if (who) left.append(who);
    }
    const tiles = el('div', { class: 'tiles' }, ...shown.map((f) => el('div', { class: 'tile' }, el('p', { class: 'name' }, zh ? f.title_zh : f.title_en), numberOf(f, 'p'), el('p', { class: 'deltas' }, delta(f, 'change'), delta(f, 'year')),
      isNumber(f.denominator) && f.unit === 'share' ? el('p', { class: 'of' }, shortText(f.numerator) + ' / ' + shortText(f.denominator)) : null)));
    return el('div', { class: 'hero' }, left, tiles);
  }
  /* In words: which part moved GMV most, and what stood against it. */
  function story() {
    const rows = Object.fromEntries(records('bridge').map((r) => [r.step, r.amount]));
    if (!isNumber(rows.gmv) || !rows.previous_gmv) return '';
    const all = rows.gmv - rows.previous_gmv;
    const parts = ['by_users', 'by_frequency', 'by_order_value', 'by_other'].map((k) => [k, rows[k]]).filter((p) => isNumber(p[1])).sort((a, b) => (all >= 0 ? b[1] - a[1] : a[1] - b[1]));
    const text = (v) => (v > 0 ? '+' : '') + shortMoney(v);
    let words = Math.abs(all / rows.previous_gmv) < 0.0005 ? say('steady') : say(all > 0 ? 'rose' : 'fell', share(Math.abs(all / rows.previous_gmv)));
    if (parts.length) words += say('mostly', code('step', parts[0][0]), text(parts[0][1]));
    const against = parts[parts.length - 1];
    if (against && against[1] * all < 0 && Math.abs(against[1]) > 0.1 * Math.abs(parts[0][1])) words += say('offset', code('step', against[0]), shortMoney(Math.abs(against[1])));
    return words + (zh ? '。' : '.');
  }
  function audiences(chart) {
    const rows = records('audiences');
    const box = el('div', { class: 'audiences' });
    const list = byName.people;
    const below = el('div');
    const fill = () => below.replaceChildren(list && list.rows.length ? tableOf(list, (r) => !chosen || r.audience === chosen, chosen ? ['audience'] : []) : '');
    rows.forEach((r) => box.append(el('button', { type: 'button', 'aria-pressed': String(chosen === r.audience), onclick(e) { chosen = chosen === r.audience ? null : r.audience; [...box.children].forEach((b) => b.setAttribute('aria-pressed', 'false')); e.currentTarget.setAttribute('aria-pressed', String(chosen === r.audience)); fill(); } },
      el('span', {}, code('audience', r.audience)), el('span', { class: 'number', 'data-audience': r.audience }, fixed(r.to_send, 0)), el('span', { class: 'small' }, el('span', {}, say('toSend')), r.control ? el('span', {}, ' · ' + say('control') + ' ' + fixed(r.control, 0)) : null, r.urgent ? el('span', {}, ' · ' + say('urgent') + ' ' + fixed(r.urgent, 0)) : null))));
    fill();
    return [box, below];
  }
  function diagnosis() {
    const rows = records('diagnosis');
    const signs = { yes: '✓', no: '✕', unknown: '?' };
    return [el('div', { class: 'checks' }, ...['ownership', 'value', 'referral'].map((side) => el('div', {}, el('h4', {}, code('side', side)), ...rows.filter((r) => r.side === side).map((r) => {
      const unit = r.figure === 'fission_campaigns' ? 'count' : 'share';
      return el('div', { class: 'check' }, el('span', { class: 'sign ' + r.verdict, role: 'img', 'aria-label': code('verdict', r.verdict) }, signs[r.verdict]), el('div', {}, zh ? r.question_zh : r.question_en, el('div', { class: 'small' }, figureName(r.figure) + ' ' + unitText(r.value, unit) + ' · ' + say('threshold') + ' ' + unitText(r.threshold, unit))));
    }))))];
  }
  function card(chart) {
    const shape = SHAPE[chart.name] || ['', ''];
    const box = el('article', { class: 'card ' + shape[0], id: 'chart-' + chart.name }, el('h3', {}, pick(chart.title)), el('p', { class: 'says' }, pick(chart.says)));
    let without = null;
    if (chart.name === 'audiences') box.append(...audiences(chart));
    else if (chart.name === 'diagnosis') box.append(...diagnosis());
    else if (chart.name === 'sides' && isTriangle(records('sides'))) { box.append(triangleFigure(records('sides'))); } else if (DRAW[chart.chart]) {
      const plot = el('div', { class: 'plot ' + shape[1], role: 'img', 'aria-label': pick(chart.title) + '. ' + pick(chart.says), 'data-chart': chart.name });
      if (['staff', 'stores', 'campaigns', 'segments', 'channels'].includes(chart.name)) plot.style.minHeight = Math.max(210, 70 + (chart.name === 'segments' ? 40 : 27) * Math.min(15, chart.rows.length)) + 'px';
      if (chart.name === 'cohorts') plot.style.minHeight = Math.max(160, 36 + 23 * new Set(chart.rows.map((r) => r[0])).size) + 'px';
      box.append(plot);
      drawn.push({ chart, plot, instance: null });
    } else { without = 'table'; box.append(tableOf(chart)); }
    box.append(...links(chart, without));
    return box;
  }
  function lacking() {
    const missing = data.charts.filter((c) => c.name !== 'people' && !hasData(c));
    const lost = Object.values(figures).filter((f) => f.status === 'no_data');
    if (!missing.length && !lost.length) return null;
    const needs = (c) => [...new Set(c.reads.flatMap((name) => ((data.sources[name] || {}).needs || '').split(',')).map((x) => x.trim()).filter(Boolean))];
    return el('section', { id: 'lacking' }, el('h2', {}, say('lacking')), el('p', { class: 'says' }, say('lackingSays')), el('ul', { class: 'lacking' },
      ...missing.map((c) => el('li', {}, pick(c.title), el('small', {}, needs(c).join(', ')))), ...lost.map((f) => el('li', {}, zh ? f.title_zh : f.title_en, el('small', {}, f.needs)))));
  }

  /* ---- the page ---- */
  const observer = 'IntersectionObserver' in window ? new IntersectionObserver((seen) => seen.forEach((s) => { if (s.isIntersecting) document.querySelectorAll('#nav a').forEach((a) => a.classList.toggle('here', a.hash === '#' + s.target.id)); }), { rootMargin: '-30% 0px -60% 0px' }) : null;
  function build() {
    readColours();
    drawn.splice(0).forEach((d) => d.instance && d.instance.dispose());
    root.lang = zh ? 'zh-CN' : 'en';
    document.querySelector('.skip').textContent = say('skip');
    const nav = document.getElementById('nav');
    nav.setAttribute('aria-label', say('contents'));
    for (const id of ['lang', 'theme', 'print']) { const b = document.getElementById(id); b.textContent = say(id); b.title = say(id + 'Title'); b.setAttribute('aria-label', say(id + 'Title')); }
    const main = document.getElementById('main');
    const sections = [];
    let number = 0;
    for (const name of SECTIONS) {
      const shown = data.charts.filter((c) => c.section === name && c.name !== 'figures' && c.name !== 'people' && hasData(c));
      if (!shown.length && name !== 'headline') continue;
      number += 1;
      const box = el('section', { id: name, 'aria-labelledby': 'h-' + name });
      if (name === 'headline') {
        const brand = document.getElementById('brand').textContent;
        box.append(el('p', { class: 'kicker' }, (meta.from || '') + ' – ' + (meta.until || '') + (meta.complete ? '' : ' · ' + say('notOver')) + ' · ' + say('against') + ' ' + (meta.previous_from || '') + ' – ' + (meta.previous_to || '')),
          el('h1', { id: 'h-headline' }, brand + (zh ? ' ' : ' · ') + say('report')), el('p', { class: 'dek' }, [story(), isNumber(meta.customers) ? fixed(meta.customers, 0) + ' ' + say('customers') + (zh ? '，' : ', ') + fixed(meta.orders, 0) + ' ' + say('orders') + (zh ? '。' : '.') : ''].filter(Boolean).join(' ')), hero(), el('h2', { class: 'unseen' }, sectionName(name)), el('div', { style: 'height:22px' }));
      } else box.append(el('h2', { id: 'h-' + name }, el('span', { class: 'no', 'aria-hidden': 'true' }, String(number).padStart(2, '0')), sectionName(name)));
      const cards = el('div', { class: 'grid' }, ...shown.map(card));
      if (name === 'check' && byName.figures) cards.append(card(byName.figures));
      box.append(cards);
      sections.push(box);
    }
    const rest = lacking();
    if (rest) sections.push(rest);
    main.replaceChildren(...sections);
    nav.replaceChildren(...sections.map((s) => el('a', { href: '#' + s.id }, s.id === 'lacking' ? say('lacking') : sectionName(s.id))));
    document.getElementById('foot').textContent = say('made', data.version);
    if (observer) { observer.disconnect(); sections.forEach((s) => observer.observe(s)); }
    draw();
  }
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  function draw() {
    for (const d of drawn) {
      const wide = d.plot.clientWidth;
      d.plot.removeAttribute('data-ready');
      if (!d.instance) d.instance = echarts.init(d.plot, null, { renderer: 'svg' });
      else d.instance.resize();
      d.instance.off('finished');
      d.instance.on('finished', () => d.plot.setAttribute('data-ready', '1'));
      d.instance.setOption({ textStyle: { fontFamily: colour.sans }, animation: !still.matches && !document.body.classList.contains('printing'), animationDuration: 500, ...DRAW[d.chart.chart](records(d.chart.name), wide) }, true);
    }
  }
  function switchTheme(next) { theme = next; root.dataset.theme = next; build(); }
  document.getElementById('lang').addEventListener('click', () => { zh = !zh; build(); });
  document.getElementById('theme').addEventListener('click', () => { switchTheme(theme === 'dark' ? 'light' : 'dark'); store.set('siyu-theme', theme); });
  document.getElementById('print').addEventListener('click', () => window.print());
  let before = null;
  const toPaper = () => { if (before) return; before = theme; document.body.classList.add('printing'); switchTheme('light'); };
  const fromPaper = () => { if (!before) return; document.body.classList.remove('printing'); const back = before; before = null; switchTheme(back); };
  window.addEventListener('beforeprint', toPaper);
  window.addEventListener('afterprint', fromPaper);
  let timer = null; let width = window.innerWidth;
  window.addEventListener('resize', () => { clearTimeout(timer); timer = setTimeout(() => { if (window.innerWidth !== width && !before) { width = window.innerWidth; draw(); } }, 150); });
  build();
})();
