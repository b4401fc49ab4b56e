#!/usr/bin/env python3
"""Expected values of uplift_interval and uplift_p_value, by another way than the extension.

    python3 test/uplift_reference.py > test/uplift_cases.tcl

50 digits (mpmath): the p-value of a proportion test is the upper tail of chi-squared with
1 degree of freedom, from the textbook's observed-minus-expected table; Welch's is a numeric
integral of the density of t, its quantile a root of that integral.  Where scipy is there,
ttest_ind(equal_var=False) and chi2_contingency(correction=False) must agree to 1e-9.
"""
import math
import random
import sys

from mpmath import erfc, exp, findroot, gamma, inf, log, loggamma, mp, mpf, nstr, pi, quad, sqrt

mp.dps = 50
random.seed(20240601)


def normal_quantile():
    return findroot(lambda z: erfc(z / sqrt(2)) - mpf('0.05'), 1.96)


def proportions(x1, n1, x0, n0):
    x1, n1, x0, n0 = map(mpf, (x1, n1, x0, n0))
    p1, p0, pool = x1 / n1, x0 / n0, (x1 + x0) / (n1 + n0)
    table = [(x1, n1 * pool), (n1 - x1, n1 * (1 - pool)), (x0, n0 * pool), (n0 - x0, n0 * (1 - pool))]
    p = None
    if 0 < pool < 1:
        statistic = sum((o - e) ** 2 / e for o, e in table)
        p = erfc(sqrt(statistic / 2))
    width = normal_quantile() * sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0)
    return p1 - p0, max(p1 - p0 - width, mpf(-1)), min(p1 - p0 + width, mpf(1)), p


def two_sided(t, df):
    """2 * integral of the density of Student's t from t to infinity, s = t + u."""
    front = exp(loggamma((df + 1) / 2) - loggamma(df / 2)) / sqrt(df * pi)
    step = 1 / (1 + t)
    cuts = [t] + [t + step * 2 ** k for k in range(0, 40)] + [inf]
    return 2 * quad(lambda s: front * exp(-(df + 1) / 2 * log(1 + s * s / df)), cuts)


def welch(a, b):
    a, b = [mpf(v) for v in a], [mpf(v) for v in b]
    means, parts = [], []
    for sample in (a, b):
        mean = sum(sample) / len(sample)
        means.append(mean)
        parts.append(sum((v - mean) ** 2 for v in sample) / (len(sample) - 1) / len(sample))
    difference, error = means[0] - means[1], sqrt(sum(parts))
    df = sum(parts) ** 2 / (parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1))
    p = two_sided(abs(difference / error), df)
    start = math.exp(0.7 + 2.6 / float(df))
    quantile = findroot(lambda t: log(two_sided(t, df)) - log(mpf('0.05')), start, tol=mpf(10) ** -40)
    return difference, difference - quantile * error, difference + quantile * error, p


def check_with_scipy(name, expected, kind, data):
    try:
        from scipy import stats
    except ImportError:
        return
    if kind == 'welch':
        p = stats.ttest_ind([float(v) for v in data[0]], [float(v) for v in data[1]], equal_var=False).pvalue
    else:
        x1, n1, x0, n0 = data
        if x1 + x0 in (0, n1 + n0):
            return
        p = stats.chi2_contingency([[x1, n1 - x1], [x0, n0 - x0]], correction=False)[1]
    if abs(p / float(expected[3]) - 1) > 1e-9:
        print(f'# scipy differs in {name}: {p!r}', file=sys.stderr)


def put(name, kind, data, expected):
    check_with_scipy(name, expected, kind, data)
    values = ['NULL' if v is None else nstr(v, 17, strip_zeros=False, min_fixed=-5) for v in expected]
    if kind == 'welch':
        words = '{%s} {%s}' % tuple(' '.join(str(v) for v in sample) for sample in data)
    else:
        words = ' '.join(str(v) for v in data)
    print(f'  {{{kind} {name} {{{words}}} {{{" ".join(values)}}}}}')


def proportion_cases():
    yield 'even', (15, 50, 25, 50)
    yield 'campaign', (530, 1000, 480, 1000)
    yield 'unequal', (45, 350, 120, 1400)
    yield 'rare', (3, 2000, 1, 2500)
    yield 'tail', (900, 1000, 100, 1000)
    yield 'same', (7, 20, 14, 40)
    yield 'none_treated', (0, 30, 5, 30)
    yield 'cut_at_one', (1, 1, 0, 2)
    yield 'all_zero', (0, 12, 0, 9)
    yield 'all_one', (12, 12, 9, 9)
    yield 'one_row_each', (1, 1, 0, 1)
    for i in range(6):
        n1, n0 = random.randint(2, 400), random.randint(2, 400)
        yield f'random{i}', (random.randint(0, n1), n1, random.randint(1, n0), n0)


def welch_cases():
    yield 'sleep', ('0.7 -1.6 -0.2 -1.2 -0.1 3.4 3.7 0.8 0.0 2.0'.split(), '1.9 0.8 1.1 0.1 -0.1 4.4 5.5 1.6 4.6 3.4'.split())
    yield 'mtcars', ('24.4 22.8 19.2 17.8 16.4 17.3 15.2 10.4 10.4 14.7 21.5 15.5 15.2 13.3 19.2 21.4 18.7 18.1 14.3'.split(),
                     '21 21 22.8 32.4 30.4 33.9 27.3 26 30.4 15.8 19.7 15 21.4'.split())
    yield 'two_each', ((1, 4), (2, 9))
    yield 'df_one', ((5, 9), (3, 3, 3, 3))
    yield 'small', ((10, 14, 12), (8, 9, 10))
    yield 'large_mean', tuple([10 ** 9 + v for v in s] for s in ((3, 1, 4, 1, 5), (9, 2, 6, 5, 3, 5, 8)))
    yield 'huge_integers', tuple([9 * 10 ** 18 + v for v in s] for s in ((300, 100, 401, 105), (900, 207, 603, 500, 303)))
    yield 'far_apart', (tuple(range(1, 40)), tuple(range(1000, 1030)))
    yield 'refunds', ((-30, 0, 250, 0, 90), (0, 0, -15, 40, 10, 0))
    for i in range(6):
        n1, n0 = random.randint(2, 60), random.randint(2, 60)
        yield f'random{i}', ([random.randint(0, 900) for _ in range(n1)], [random.randint(0, 1100) for _ in range(n0)])
    yield 'many', ([random.randint(0, 99) for _ in range(900)], [random.randint(0, 101) for _ in range(1100)])


print('# Made by test/uplift_reference.py.  {test name data {difference low high p}}:')
print('# proportion: treated ones, treated rows, control ones, control rows; welch: both samples.')
print('set uplift_cases {')
for name, data in proportion_cases():
    put(name, 'proportion', data, proportions(*data))
for name, data in welch_cases():
    put(name, 'welch', data, welch(*data))
print('}')
