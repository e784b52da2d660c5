"""Linear equations and convex polygons in rational numbers.

A polygon is the list of its vertices, counter-clockwise. An affine function of the plane is (a1, a2, c): a1 x1 + a2 x2
+ c.
"""

import math
from fractions import Fraction


def dot(u, v):
    return sum((a * b for a, b in zip(u, v)), Fraction(0))


def solve(matrix, columns):
    """The X with matrix X = columns (lists of rows). The matrix must be regular."""
    size = len(matrix)
    rows = [list(map(Fraction, [*a, *b])) for a, b in zip(matrix, columns)]
    for k in range(size):
        pivot = next(r for r in range(k, size) if rows[r][k])
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [entry / rows[k][k] for entry in rows[k]]
        for r in range(size):
            if r != k and rows[r][k]:
                factor = rows[r][k]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[k])]
    return [row[size:] for row in rows]


def value(function, point):
    return function[0] * point[0] + function[1] * point[1] + function[2]


def box(*bounds):
    """The polygon |x1| <= bounds[0], |x2| <= bounds[1]."""
    a, b = map(Fraction, bounds)
    return [(-a, -b), (a, -b), (a, b), (-a, b)]


def area(polygon):
    return sum((polygon[k - 1][0] * q[1] - polygon[k - 1][1] * q[0] for k, q in enumerate(polygon)), Fraction(0)) / 2


def cross(o, p, q):
    return (p[0] - o[0]) * (q[1] - o[1]) - (p[1] - o[1]) * (q[0] - o[0])


def clip(polygon, function):
    """The part of a polygon on which the function is not negative. It may be a segment, a point or empty."""
    values = [value(function, p) for p in polygon]
    kept = []
    for k, (p, s) in enumerate(zip(polygon, values)):
        q, t = polygon[k - 1], values[k - 1]
        if s * t < 0:
            kept.append(tuple(a + s / (s - t) * (b - a) for a, b in zip(p, q)))
        if s >= 0:
            kept.append(p)
    return [p for k, p in enumerate(kept) if p != kept[k - 1]] or kept[:1]


def intersection(polygon, other):
    for edge in edges(other):
        polygon = clip(polygon, inside(edge))
    return polygon


def edges(polygon):
    """The pairs of successive corners; a vertex in the middle of a straight side is none."""
    following = polygon[1:] + polygon[:1]
    corners = [q for k, (q, r) in enumerate(zip(polygon, following)) if cross(polygon[k - 1], q, r)]
    return list(zip(corners, corners[1:] + corners[:1]))


def inside(edge):
    """The function that vanishes on an edge and is positive to its left; its gradient are coprime integers."""
    p, q = edge
    normal = (p[1] - q[1], q[0] - p[0])
    scale = math.lcm(*(a.denominator for a in normal))
    whole = [int(a * scale) for a in normal]
    normal = [Fraction(a, math.gcd(*whole)) for a in whole]
    return (*normal, -dot(normal, p))


def along(edge, t):
    return tuple(a + t * (b - a) for a, b in zip(*edge))


def overlap(edge, polygon):
    """The part of an edge that lies in a polygon, an interval within [0, 1]; None where that is a point or nothing."""
    low, high = Fraction(0), Fraction(1)
    for side in edges(polygon):
        s, t = (value(inside(side), p) for p in edge)
        if s < 0 and t < 0:
            return None
        if s < 0:
            low = max(low, s / (s - t))
        if t < 0:
            high = min(high, s / (s - t))
    return (low, high) if low < high else None


def convex_hull(points):
    """Andrew's monotone chain."""
    def chain(ordered):
        hull = []
        for p in ordered:
            while len(hull) > 1 and cross(hull[-2], hull[-1], p) <= 0:
                hull.pop()
            hull.append(p)
        return hull[:-1]

    ordered = sorted(set(points))
    return chain(ordered) + chain(ordered[::-1])
