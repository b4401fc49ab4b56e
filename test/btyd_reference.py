#!/usr/bin/python3
"""Writes test/data/btyd_grid.csv: the buy-till-you-die functions in 50-digit arithmetic.

Usage: btyd_reference.py [output]   (needs python3-mpmath; some minutes on two cores)

The formulas are not those of the C code.  BG/NBD uses the literature's 2F1 (Fader, Hardie,
Lee 2005; taken at a +- 1e-30 with more digits where it has a pole), Pareto/NBD the
difference of two 2F1 (Fader, Hardie 2005 note), mixtures plain numerical integration.
Every input is the double nearest to the text in the file.

Columns: quantity, model, four parameters, x, tx, T, h, extra, value.
  alive      P(alive | x, tx, T)            expected  E(purchases in h | x, tx, T)
  loglik     ln L(x, tx, T)                 new       E(X(h))
  prob       P(X(h) = x)                    spend     Gamma-Gamma (p q v), x, mean tx
  discounted expected purchases in h, discounted at `extra` a year, unit of 7 days
"""
import math
import multiprocessing
import random
import sys

import mpmath as mp
from mpmath import mpf

DIGITS = 50
GUARD = 70           # digits carried, so that 50 survive a difference
POLE = 100           # digits carried beside a pole
STEP = mpf(10) ** -30
TERMS = 10 ** 6      # of a hypergeometric series at most


def lbeta(a, b):
    return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)


def coins(model, x):
    return x + 1 if model == 'mbgnbd' else x


# ---- BG/NBD, MBG/NBD -------------------------------------------------------------------

def bg_terms(model, p, x, tx, T):
    """ln of the two terms of L: still there, left at tx (None when no coin was tossed)"""
    r, al, a, b = p
    c = coins(model, x)
    head = mp.loggamma(r + x) - mp.loggamma(r) + r * mp.log(al) - lbeta(a, b)
    there = head + lbeta(a, b + c) - (r + x) * mp.log(al + T)
    left = head + lbeta(a + 1, b + c - 1) - (r + x) * mp.log(al + tx) if c else None
    return there, left


def bg_alive(model, p, x, tx, T):
    there, left = bg_terms(model, p, x, tx, T)
    return mpf(1) if left is None else 1 / (1 + mp.exp(left - there))


def bg_loglik(model, p, x, tx, T):
    there, left = bg_terms(model, p, x, tx, T)
    return there if left is None else mp.log(mp.exp(there) + mp.exp(left))


def bg_mean_at(R, z, a, b):
    """mean over p ~ Beta(a, b) of (1 - (1 + p z)^-R)/p, the 2F1 form"""
    f = mp.hyp2f1(R, b, a + b - 1, z / (1 + z), maxterms=TERMS) * mp.exp(-R * mp.log1p(z))
    return (a + b - 1) / (a - 1) * (1 - f)


def bg_mean(R, z, a, b):
    near = abs(a - 1) < mpf(10) ** -12
    c = a + b - 1
    near = near or (c < mpf('0.5') and abs(c - mp.nint(c)) < mpf(10) ** -12)
    if not near:
        return bg_mean_at(R, z, a, b)
    with mp.workdps(POLE):                          # the error is of order STEP^2
        return (bg_mean_at(R, z, a + STEP, b) + bg_mean_at(R, z, a - STEP, b)) / 2


def bg_expected(model, p, x, tx, T, h):
    r, al, a, b = p
    return bg_alive(model, p, x, tx, T) * bg_mean(r + x, h / (al + T), a, b + coins(model, x))


def bg_new(model, p, h):
    r, al, a, b = p
    if model == 'mbgnbd':
        return b / (a + b) * bg_mean(r, h / al, a, b + 1)
    return bg_mean(r, h / al, a, b)


def nbd_mass(r, al, n, t):
    return mp.exp(mp.loggamma(r + n) - mp.loggamma(r) - mp.loggamma(n + 1)
                  + r * mp.log(al / (al + t)) + n * mp.log(t / (al + t)))


def bg_prob(model, p, n, t):
    r, al, a, b = p
    c = coins(model, n)
    total = mp.exp(lbeta(a, b + c) - lbeta(a, b)) * nbd_mass(r, al, n, t)
    if c:
        tail = mp.betainc(n, r, 0, t / (al + t), regularized=True) if n else mpf(1)
        total += mp.exp(lbeta(a + 1, b + c - 1) - lbeta(a, b)) * tail
    return total


def bg_discounted(model, p, x, tx, T, h, k):
    r, al, a, b = p
    R, A, b = r + x, al + T, b + coins(model, x)

    def rate(u):
        return mp.exp(-k * u) * R / A * mp.hyp2f1(R + 1, a, a + b, -u / A, maxterms=TERMS)
    with mp.workdps(22):
        ends = [h * mpf(2) ** -i for i in range(12, -1, -1)]
        return bg_alive(model, p, x, tx, T) * mp.quad(rate, [0] + ends)


# ---- Pareto/NBD ------------------------------------------------------------------------

def pareto_terms(p, x, tx, T):
    """ln head, still there, left between tx and T"""
    r, al, s, be = p
    R = r + x
    head = mp.loggamma(R) - mp.loggamma(r) + r * mp.log(al) + s * mp.log(be)
    there = mp.exp(-R * mp.log(al + T) - s * mp.log(be + T))
    second = s + 1 if al >= be else R
    top = max(al, be)

    def part(y):
        return (mp.hyp2f1(R + s, second, R + s + 1, abs(al - be) / (top + y), maxterms=TERMS)
                * mp.exp(-(R + s) * mp.log(top + y)))
    with mp.workdps(POLE):
        left = s / (R + s) * (part(tx) - part(T)) if T > tx else mpf(0)
    return head, there, left


def pareto_alive(p, x, tx, T):
    _, there, left = pareto_terms(p, x, tx, T)
    return there / (there + left)


def pareto_loglik(p, x, tx, T):
    head, there, left = pareto_terms(p, x, tx, T)
    return head + mp.log(there + left)


def pareto_mean(R, A, s, B, h):
    if s == 1:
        return R / A * B * mp.log1p(h / B)
    return R * B / (A * (s - 1)) * (1 - mp.exp((s - 1) * mp.log(B / (B + h))))


def pareto_expected(p, x, tx, T, h):
    r, al, s, be = p
    return pareto_alive(p, x, tx, T) * pareto_mean(r + x, al + T, s, be + T, h)


def pareto_prob(p, n, t):
    r, al, s, be = p

    def f(y):
        return nbd_mass(r, al, n, y) * s / be * mp.exp(-(s + 1) * mp.log1p(y / be))
    # in w = ln y, in pieces of four widths of the peak (at the end t when that comes first)
    end, piece = mp.log(t), 4 / mp.sqrt(n + 1)
    first = min(end, mp.log((n + 1) * min(al, be) / 4)) - 60 * piece
    marks = [first + i * piece for i in range(int((end - first) / piece) + 1)] + [end]
    with mp.workdps(30):
        largest = max(f(mp.exp(w)) * mp.exp(w) for w in marks)    # quad's tolerance is absolute
        left = largest * mp.quad(lambda w: f(mp.exp(w)) * mp.exp(w) / largest, marks)
    return nbd_mass(r, al, n, t) * mp.exp(-s * mp.log1p(t / be)) + left


def pareto_discounted(p, x, tx, T, h, k):
    r, al, s, be = p

    def rate(u):
        return mp.exp(-k * u) * (r + x) / (al + T) * mp.exp(-s * mp.log1p(u / (be + T)))
    ends = [h * mpf(2) ** -i for i in range(12, -1, -1)]
    return pareto_alive(p, x, tx, T) * mp.quad(rate, [0] + ends)


# ---- all -------------------------------------------------------------------------------

def nbd_loglik(p, x, T):
    r, al = p[:2]
    return mp.loggamma(r + x) - mp.loggamma(r) + r * mp.log(al) - (r + x) * mp.log(al + T)


def value_of(row):
    quantity, model = row[0], row[1]
    p = [mpf(float(v)) for v in row[2:6]]
    x, tx, T, h, extra = (mpf(float(v)) for v in row[6:11])
    bg = model in ('bgnbd', 'mbgnbd')
    k = mp.log1p(extra) * 7 / mpf('365.25')
    if quantity == 'spend':
        return p[0] * (p[2] + x * tx) / (p[0] * x + p[1] - 1)
    if quantity == 'alive':
        return bg_alive(model, p, x, tx, T) if bg else pareto_alive(p, x, tx, T)
    if quantity == 'loglik':
        if model == 'nbd':
            return nbd_loglik(p, x, T)
        return bg_loglik(model, p, x, tx, T) if bg else pareto_loglik(p, x, tx, T)
    if quantity == 'expected':
        if model == 'nbd':
            return (p[0] + x) * h / (p[1] + T)
        return bg_expected(model, p, x, tx, T, h) if bg else pareto_expected(p, x, tx, T, h)
    if quantity == 'new':
        return bg_new(model, p, h) if bg else pareto_mean(p[0], p[1], p[2], p[3], h)
    if quantity == 'prob':
        if model == 'nbd':
            return nbd_mass(p[0], p[1], x, h)
        return bg_prob(model, p, x, h) if bg else pareto_prob(p, x, h)
    if quantity == 'discounted':
        if model == 'nbd':
            return (p[0] + x) / (p[1] + T) * -mp.expm1(-k * h) / k
        return (bg_discounted if bg else lambda m, *a: pareto_discounted(*a))(model, p, x, tx, T, h, k)
    raise ValueError(quantity)


def line_of(row):
    mp.mp.dps = GUARD
    v = value_of(row)
    text = '0' if v != 0 and abs(v) < mpf('1e-300') else mp.nstr(v, 17)
    return ','.join(str(c) for c in row) + ',' + text


def log_uniform(rng, lo, hi):
    return '%.4g' % math.exp(rng.uniform(math.log(lo), math.log(hi)))


EDGES = {                      # parameters at which naive formulas fail
    'bgnbd': [('.243', '4.414', '.793', '2.426'), ('.25', '4', '1', '2.5'), ('.3', '5', '.2', '.3'),
              ('.5', '7', '.5', '.5'), ('.1', '2', '.01', '.05'), ('2', '10', '2', '1'), ('1', '1', '1', '1'),
              ('15', '3', '30', '40'), ('.8', '.05', '3', '.01'), ('.7', '400', '.9999999', '1.5')],
    'paretonbd': [('.5533', '10.5777', '.6062', '11.6687'), ('.55', '10', '1', '11'), ('.5', '8', '.7', '8'),
                  ('.5143', '2.8845', '.2856', '14.1087'), ('10.465', '.00798565', '3.0516', '2.82'),
                  ('2', '3', '1.0000001', '3'), ('.05', '.01', '20', '500'), ('12', '900', '.02', '.01'),
                  ('.9', '6', '1', '6')],
    'nbd': [('.385', '12.07', '1', '1'), ('5', '.1', '1', '1')],
}
EDGES['mbgnbd'] = EDGES['bgnbd'] + [('.525', '6.183', '.891', '1.614')]
FREQUENCIES = [0, 0, 1, 1, 2, 3, 4, 5, 7, 10, 15, 26, 40, 100, 221, 500, 1500, 4000]
HISTORIES = {'bgnbd': 560, 'mbgnbd': 300, 'paretonbd': 520, 'nbd': 20}


def parameters(rng, model, i):
    edges = EDGES[model]
    if i % 2 == 0:
        return edges[(i // 2) % len(edges)]
    third = log_uniform(rng, .02, 40)
    fourth = log_uniform(rng, .02, 40) if model != 'paretonbd' else log_uniform(rng, .02, 800)
    return (log_uniform(rng, .05, 20), log_uniform(rng, .02, 800), third, fourth)


def history(rng):
    x = rng.choice(FREQUENCIES)
    T = log_uniform(rng, 1, 1500)
    if x == 0:
        return x, '0', T
    share = rng.choice([1, .999, .97, .9, .8, .5, .1, .01]) * rng.uniform(.98, 1)
    tx = '%.6g' % (float(T) * min(1, share))
    return x, (T if float(tx) > float(T) else tx), T


def grid():
    rng = random.Random(20050901)
    rows = []
    for model, histories in HISTORIES.items():
        for i in range(histories):
            p = parameters(rng, model, i)
            h = history(rng)
            rows.append(('loglik', model) + p + h + (0, 0))
            if model != 'nbd':
                rows.append(('alive', model) + p + h + (0, 0))
            for _ in range(2):
                rows.append(('expected', model) + p + h + (log_uniform(rng, .05, 800), 0))
        for i in range(80):
            p = parameters(rng, model, i)
            if model != 'nbd':
                rows.append(('new', model) + p + (0, 0, 0, log_uniform(rng, .05, 800), 0))
            n = rng.choice([0, 1, 2, 3, 5, 10, 20, 50, 300, 2000])
            rows.append(('prob', model) + p + (n, 0, 0, log_uniform(rng, .05, 800), 0))
        for i in range(24):
            p = parameters(rng, model, i)
            rows.append(('discounted', model) + p + history(rng)
                        + (log_uniform(rng, 4, 300), rng.choice(['.1', '.15', '.02', '1', '-.05'])))
    for i in range(60):
        p = (log_uniform(rng, .2, 30), log_uniform(rng, 1.05, 30), log_uniform(rng, .5, 500), '1')
        rows.append(('spend', 'gamma_gamma') + p + (i % 20, log_uniform(rng, 1, 900), 0, 0, 0))
    return rows


def main():
    out = sys.argv[1] if len(sys.argv) > 1 else 'test/data/btyd_grid.csv'
    with multiprocessing.Pool() as pool:
        lines = pool.map(line_of, grid(), chunksize=8)
    with open(out, 'w') as f:
        f.write('quantity,model,p1,p2,p3,p4,x,tx,T,h,extra,value\n')
        f.write('\n'.join(lines) + '\n')


if __name__ == '__main__':
    main()
