"""Prints a random continuous piecewise-linear surface over a square, as a function file.

    python3 random_surface.py N SEED [--form simplices|regions] > surface.json

The surface has N >= 2 triangles: a Delaunay triangulation of the corners of a square and of random points with integer
coordinates inside it, with random integer heights. The standard library suffices, all arithmetic is in integers and
fractions, and the same arguments give the same file.
"""

import argparse
import json
import math
import random
from fractions import Fraction

GREATEST_HEIGHT = 20


def orientation(p, q, r):
    """Positive where p, q, r turn to the left, 0 on a line."""
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])


def in_circle(p, q, r, s):
    """Positive where s lies within the circle through p, q, r, which turn to the left; 0 on it."""
    (a, b), (c, d), (e, f) = ((t[0] - s[0], t[1] - s[1]) for t in (p, q, r))
    return ((a * a + b * b) * (c * f - e * d) - (c * c + d * d) * (a * f - e * b) + (e * e + f * f) * (a * d - c * b))


def delaunay(points):
    """A. Bowyer, D. Watson (1981). The first four points are the corners of a square that holds the others, counter-
    clockwise. Ties on a circle keep the triangles that are there. O(n^2)."""
    triangles = [(0, 1, 2), (0, 2, 3)]
    for new in range(4, len(points)):
        broken = [t for t in triangles if in_circle(*(points[i] for i in t), points[new]) > 0]
        sides = {(t[k - 1], t[k]) for t in broken for k in range(3)}
        # a side whose reverse is broken too lies within the cavity; one through the new point lies on the square's edge
        border = sorted((a, b) for a, b in sides
                        if (b, a) not in sides and orientation(points[a], points[b], points[new]))
        triangles = [t for t in triangles if t not in broken] + [(a, b, new) for a, b in border]
    return triangles


def surface(count, seed):
    """Points and heights such that every triangulation of the points has the given number of triangles: 2 for the
    square, 2 more for each point inside, 1 more for a point on an edge."""
    source = random.Random(seed)

    def draw(low, high):
        # random() is the one method that gives the same numbers in every version of Python
        return low + int(source.random() * (high - low + 1))

    size = 10 * math.isqrt(count) + 10
    points = [(0, 0), (size, 0), (size, size), (0, size)]
    if count % 2:
        points.append((draw(1, size - 1), 0))
    taken = set(points)
    while 2 * len(points) - count % 2 < count + 6:
        point = (draw(1, size - 1), draw(1, size - 1))
        if point not in taken:
            taken.add(point)
            points.append(point)
    return points, [draw(-GREATEST_HEIGHT, GREATEST_HEIGHT) for _ in points]


def token(number):
    number = Fraction(number)
    return number.numerator if number.denominator == 1 else str(number)


def region(corners, heights):
    """A triangle as half-planes A x <= b, and the affine function with the given heights at its corners."""
    p, q, r = corners
    rows = [(b[1] - a[1], a[0] - b[0]) for a, b in ((p, q), (q, r), (r, p))]
    offsets = [row[0] * a[0] + row[1] * a[1] for row, a in zip(rows, corners)]
    twice = orientation(p, q, r)
    rise, second = heights[1] - heights[0], heights[2] - heights[0]
    gain = [Fraction(rise * (r[1] - p[1]) - second * (q[1] - p[1]), twice),
            Fraction(second * (q[0] - p[0]) - rise * (r[0] - p[0]), twice)]
    return {"A": rows, "b": offsets, "gain": [list(map(token, gain))],
            "offset": [token(heights[0] - gain[0] * p[0] - gain[1] * p[1])]}


def document(points, heights, triangles, form):
    """The file, with one region or one list in a line."""
    head = {"format": "pleat-function", "form": form}
    if form == "regions":
        cells = [region([points[i] for i in t], [heights[i] for i in t]) for t in triangles]
        body = ",\n".join("    " + json.dumps(cell) for cell in cells)
        lines = [f'  "{key}": {json.dumps(value)}' for key, value in (head | {"inputs": 2, "outputs": 1}).items()]
        lines.append(f'  "regions": [\n{body}\n  ]')
    else:
        head |= {"points": points, "values": heights, "simplices": triangles}
        lines = [f'  "{key}": {json.dumps(value)}' for key, value in head.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def main():
    parser = argparse.ArgumentParser(description="Prints a random continuous piecewise-linear surface over a square.")
    parser.add_argument("triangles", metavar="N", type=int, help="number of triangles, at least 2")
    parser.add_argument("seed", metavar="SEED", type=int, help="the same seed gives the same surface")
    parser.add_argument("--form", choices=("simplices", "regions"), default="simplices", help="form of the file")
    arguments = parser.parse_args()
    if arguments.triangles < 2:
        parser.error(f"N is the number of triangles, at least 2, not {arguments.triangles}")
    points, heights = surface(arguments.triangles, arguments.seed)
    print(document(points, heights, delaunay(points), arguments.form))


if __name__ == "__main__":
    main()
