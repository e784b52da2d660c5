"""The same computations in numpy and scipy, written as one writes them there: name, seconds, result."""

import time

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.optimize import brentq, minimize
from scipy.special import erfcx, log_ndtr, ndtr, roots_hermitenorm

A = np.pi / (np.pi - 1)
VARIANCE = 0.5 - 0.5 / np.pi


def kernel(q):
    return (np.sqrt(1 - q * q) + q * (np.pi / 2 + np.arcsin(q)) - 1) / (np.pi - 1)


def slope(q):
    return (np.pi / 2 + np.arcsin(q)) / (2 * np.pi * VARIANCE)


def hazard(x):
    return np.sqrt(2 / np.pi) / erfcx(x / np.sqrt(2))


def nodes(count):
    x, w = roots_hermitenorm(count)
    return x, w / w.sum()


def report(name, body, repetitions=1):
    start = time.perf_counter()
    for _ in range(repetitions):
        result = body()
    print(f"{name}\t{(time.perf_counter() - start) / repetitions}\t{result}", flush=True)


def sinh_rule(scale, step=0.125):
    last = np.arcsinh(9 / scale)
    u = np.arange(-last, last, step)
    z = scale * np.sinh(u)
    return z, step * scale * np.cosh(u) * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)


def innermost(x, xi, rest):
    s = np.sqrt(rest)
    v = 1 + xi * rest / A
    left = log_ndtr(-x / (s * np.sqrt(v))) - 0.5 * np.log(v) - xi * x * x / (2 * A * v)
    return np.logaddexp(log_ndtr(x / s), left) / xi


def load(variables, rule):
    k = len(variables) // 2
    rest = np.cumprod(1 / (1 + np.exp(-variables[:k])))
    xi = np.cumsum(np.exp(variables[k:]))
    q = 1 - rest
    g, entropy = 1.0, 0.0
    for i in reversed(range(k)):
        after = rest[i + 1] if i + 1 < k else 0
        before = g + xi[i] * (rest[i] - after)
        entropy += np.log(before / g) / xi[i]
        g = before
    entropy += q[0] / g
    big = kernel(q)
    f = lambda x: innermost(x, xi[k - 1], 1 - big[k - 1])
    grid = np.arange(-9, 9, 0.03)
    z, w = rule
    for i in reversed(range(k - 1)):
        moved = grid[:, None] + np.sqrt(big[i + 1] - big[i]) * z[None, :]
        exponent = xi[i] * f(moved)
        top = exponent.max(1)
        values = (top + np.log(np.exp(exponent - top[:, None]) @ w)) / xi[i]
        f = CubicSpline(grid, values)
    place, weight = sinh_rule(min(1, np.sqrt((1 - big[0]) / big[0])))
    return entropy / (-2 * (weight * f(np.sqrt(big[0]) * place)).sum())


def broken(start):
    rule = nodes(64)
    return minimize(
        load, start, args=(rule,), method="Nelder-Mead",
        options={"xatol": 1e-6, "fatol": 1e-9, "maxfev": 4000, "maxiter": 4000}).fun


def binary(conjugate):
    z, w = nodes(120)
    field = np.sqrt(conjugate) * z
    q = (w * np.tanh(field) ** 2).sum()
    big = kernel(q)
    place, weight = sinh_rule(np.sqrt((1 - big) / big))
    t = -np.sqrt(big / (1 - big)) * place
    alpha = conjugate * (1 - big) / (slope(q) * (weight * hazard(t) ** 2).sum())
    entropy = (
        -conjugate * (1 - q) / 2 + (w * (np.abs(field) + np.log1p(np.exp(-2 * np.abs(field))))).sum()
        + alpha * (weight * log_ndtr(-t)).sum())
    return alpha, q, entropy


def zero_entropy():
    return binary(brentq(lambda h: binary(h)[2], 0.2, 5, xtol=1e-13))[0]


def franz_parisi(distances, alpha=0.4):
    conjugate = brentq(lambda h: binary(h)[0] - alpha, 1e-3, 5, xtol=1e-13)
    _, q, _ = binary(conjugate)
    big = kernel(q)
    free = 1 - big
    inner, share = nodes(48)
    r, t = q, q
    for d in distances:
        p = 1 - 2 * d
        r = max(r, p * p)
        for _ in range(400):
            kp, kr, kt = kernel(p), kernel(r), kernel(t)
            c = np.sqrt(1 - kr)
            b = (kp - kt) / np.sqrt(free)
            own = max(kr - kt**2 / big - b * b, 1e-14)
            place, weight = sinh_rule(min(1, c / np.sqrt(kr)))
            w = np.sqrt(kr) * place
            z = kt / (np.sqrt(big) * kr) * w[:, None] + np.sqrt(max(1 - kt**2 / (big * kr), 0)) * inner
            mean = np.sqrt(big) * z + np.sqrt(free) * b / (own + b * b) * (w[:, None] - kt * z / np.sqrt(big))
            joint = ndtr(mean / np.sqrt(free * own / (own + b * b))) / ndtr(np.sqrt(big / free) * z)
            force = hazard(-w / c) / c
            cross = (joint * hazard(-np.sqrt(big / free) * z)) @ share
            joint = joint @ share
            rh = alpha * slope(r) * (weight * joint * force**2).sum()
            th = alpha * slope(t) * (weight * force * cross).sum() / np.sqrt(free)
            y = np.sqrt(rh) * inner
            m = np.tanh(th / rh * y[:, None] + np.sqrt(max(conjugate - th * th / rh, 0)) * inner)
            zeroth, first = (1 + m) @ share, ((1 + m) * m) @ share
            lift = brentq(lambda e: (share * zeroth * np.tanh(y + e)).sum() - p, -30, 30)
            h = np.tanh(y + lift)
            change = abs((share * zeroth * h * h).sum() - r) + abs((share * first * h).sum() - t)
            r = 0.3 * r + 0.7 * (share * zeroth * h * h).sum()
            t = 0.3 * t + 0.7 * (share * first * h).sum()
            if change < 1e-9:
                break
    logs = y + lift
    return (
        -rh * (1 - r) / 2 - (lift + th) * p + th * t
        + (share * zeroth * (np.abs(logs) + np.log1p(np.exp(-2 * np.abs(logs))))).sum()
        + alpha * (weight * joint * log_ndtr(w / c)).sum())


def amp(hidden=40, n=150, alpha=0.4, sweeps=10):
    rng = np.random.default_rng(1)
    count = int(alpha * hidden * n)
    signs = rng.choice(np.array([-1, 1], np.float32), (hidden, count, n))
    labels = rng.choice([-1.0, 1.0], count)
    out = np.where(np.arange(hidden) < hidden // 2, 1.0, -1.0)[:, None] / np.sqrt(hidden)
    m = rng.uniform(-0.01, 0.01, (hidden, n)).astype(np.float32)
    g = np.zeros((hidden, count))
    start = time.perf_counter()
    for _ in range(sweeps):
        v = 1 - (m.astype(float) ** 2).mean(1)[:, None]
        omega = (signs @ m[:, :, None])[:, :, 0] / np.sqrt(n) - v * g
        d = np.sqrt(v)
        tau = omega / d
        phi = np.exp(-tau * tau / 2) / np.sqrt(2 * np.pi)
        a1 = ndtr(tau)
        a, a2 = omega * a1 + d * phi, phi / d
        b = (omega**2 + v) * a1 + omega * d * phi - a * a
        b1, b2 = 2 * a * (1 - a1), 2 * a1 - 2 * a1**2 - 2 * a * a2
        spread = b.mean(0)
        x = labels * (out * a).sum(0) / np.sqrt(spread)
        m1, m2, v1, v2 = labels * out * a1, labels * out * a2, b1 / hidden, b2 / hidden
        x1 = m1 / np.sqrt(spread) - x * v1 / (2 * spread)
        x2 = (
            m2 / np.sqrt(spread) - m1 * v1 / spread**1.5 - x * v2 / (2 * spread) + 0.75 * x * v1**2 / spread**2)
        gx = hazard(-x)
        g = 0.7 * gx * x1 + 0.3 * g
        reaction = (gx * (gx + x) * x1**2 - gx * x2).sum(1)[:, None] / n
        h = (g.astype(np.float32)[:, None, :] @ signs)[:, 0] / np.sqrt(n) + m * reaction
        m = (0.7 * np.tanh(h) + 0.3 * m).astype(np.float32)
    return (time.perf_counter() - start) / sweeps


logit = lambda x: np.log(x / (1 - x))
report("1RSB capacity", lambda: broken(np.array([logit(0.2), np.log(12)])), 3)
report("zero entropy, binary", zero_entropy, 3)
start = [logit(0.32), logit(0.16), logit(0.07), np.log(33), np.log(58), np.log(560)]
report("3RSB capacity", lambda: broken(np.array(start)))
report("Franz-Parisi curve, 20 points", lambda: franz_parisi([0.02 * k for k in range(20, 0, -1)]))
print(f"AMP sweep, N = 6000\t{amp()}\t")
