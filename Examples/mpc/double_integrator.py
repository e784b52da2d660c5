"""Makes double_integrator.json and double_integrator_decimal.json: an explicit model-predictive controller.

    python3 double_integrator.py        # the standard library suffices; the same files every time

The plant is the double integrator, sampled once a second with the input held in between. From the state x the
controller plans the inputs u0 ... u4 that minimise

    sum over k < 5 of (x_k' x_k + INPUT_WEIGHT u_k^2)  +  x_5' x_5        with |u_k| <= 1 and x_0, ..., x_5 in the box,

and applies u0. As a function of x the optimum is continuous and piecewise linear. It is computed in rational numbers
and no tolerance decides anything; only the last check, which solves the problem by other means, is in floating point.
"""

import json
import pathlib
import random
from decimal import Context, Decimal
from fractions import Fraction

from multiparametric import ParametricProgramme
from rational import area, box, convex_hull, dot, edges, inside, intersection, solve, value

A = ((1, 1), (0, 1))
B = (Fraction(1, 2), Fraction(1))
HORIZON = 5
INPUT_WEIGHT = Fraction(1)
LARGEST_INPUT = 1
LARGEST_STATE = (10, 3)
BOX = box(*LARGEST_STATE)


def condensed_programme():
    """The control problem with the states eliminated: x_k = powers x_0 + forced U."""
    powers = [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]]
    forced = [[Fraction(0)] * HORIZON for _ in range(2)]
    H = [[2 * INPUT_WEIGHT * (i == j) for j in range(HORIZON)] for i in range(HORIZON)]
    F = [[Fraction(0)] * 2 for _ in range(HORIZON)]
    constraints = []  # (g, w, e): g U <= w + e x_0
    for k in range(HORIZON):
        constraints += [([sign * (j == k) for j in range(HORIZON)], LARGEST_INPUT, [0, 0]) for sign in (1, -1)]
        forced = [[dot(A[r], column) + B[r] * (j == k) for j, column in enumerate(zip(*forced))] for r in range(2)]
        powers = [[dot(A[r], column) for column in zip(*powers)] for r in range(2)]
        for row, power, bound in zip(forced, powers, LARGEST_STATE):
            constraints += [([sign * a for a in row], bound, [-sign * a for a in power]) for sign in (1, -1)]
            H = [[h + 2 * a * b for h, b in zip(line, row)] for line, a in zip(H, row)]
            F = [[f + 2 * a * b for f, b in zip(line, power)] for line, a in zip(F, row)]
    G, w, E = ([list(map(Fraction, c[0])) for c in constraints], [Fraction(c[1]) for c in constraints],
               [list(map(Fraction, c[2])) for c in constraints])
    return ParametricProgramme(H, F, G, w, E, BOX)


def feasible_set():
    """The states from which some plan keeps all constraints, found without the programme: the states of the box that
    one step can take into the box, then those that one step can take into these, and so on."""
    current = BOX
    for _ in range(HORIZON):
        reachable = convex_hull([tuple(a + sign * LARGEST_INPUT * b for a, b in zip(p, B))
                                 for p in current for sign in (1, -1)])
        before = list(zip(*solve(A, list(zip(*reachable)))))
        current = intersection(before, BOX)
    return current


def require(condition, complaint):
    if not condition:
        raise SystemExit(f"double_integrator.py: {complaint}")


def check_cover(regions):
    """The regions fill the feasible set and do not overlap, and the plans of two agree wherever they meet. Returns the
    area, the number of sides that two regions share, of those across which one constraint changes between active and
    inactive, and of those that are whole edges of both regions."""
    polygons = [polygon for _, polygon, _ in regions]
    feasible = feasible_set()
    require(sum(map(area, polygons)) == area(feasible), "the critical regions do not fill the feasible set")
    require(all(value(inside(side), p) >= 0 for side in edges(feasible) for polygon in polygons for p in polygon),
            "a critical region leaves the feasible set")
    sides = ordinary = whole = 0
    for i, (active, polygon, plan) in enumerate(regions):
        for other, second, other_plan in regions[:i]:
            common = intersection(polygon, second)
            require(area(common) == 0, f"the regions of {sorted(active)} and {sorted(other)} overlap")
            require(all(value(f, p) == value(g, p) for f, g in zip(plan, other_plan) for p in common),
                    f"the plans of {sorted(active)} and {sorted(other)} do not meet")
            if len(common) == 2:
                sides += 1
                ordinary += len(active ^ other) == 1
                whole += all(any(set(common) == set(edge) for edge in edges(p)) for p in (polygon, second))
    return area(feasible), sides, ordinary, whole


def simulate(state, inputs):
    """The cost of a plan, and by how much it keeps each constraint."""
    cost, slacks = 0, []
    for u in inputs:
        cost += dot(state, state) + INPUT_WEIGHT * u * u
        state = [dot(row, state) + b * u for row, b in zip(A, B)]
        slacks += [LARGEST_INPUT - u, LARGEST_INPUT + u]
        slacks += [slack for a, bound in zip(state, LARGEST_STATE) for slack in (bound - a, bound + a)]
    return cost + dot(state, state), slacks


def check_optimality(regions, samples):
    """Plans at random states against Hildreth's method (cyclic ascent on the multipliers) on a programme that is read
    off simulations. Returns the largest difference in u0."""
    unit = [[Fraction(i == j) for j in range(HORIZON)] for i in range(HORIZON)]
    rest, origin = [Fraction(0)] * HORIZON, [Fraction(0)] * 2
    alone = [simulate(origin, u)[0] for u in unit]
    H = [[simulate(origin, [a + b for a, b in zip(u, v)])[0] - alone[i] - alone[j] for j, v in enumerate(unit)]
         for i, u in enumerate(unit)]
    base = simulate(origin, rest)[1]
    G = [[base[i] - slack for slack in column] for i, column in enumerate(zip(*(simulate(origin, u)[1] for u in unit)))]
    response = solve(H, list(zip(*G)))
    M = [[float(dot(g, column)) for column in zip(*response)] for g in G]
    source = random.Random(20)
    worst = 0.0
    for _ in range(samples):
        active, polygon, plan = regions[int(source.random() * len(regions))]
        weights = [1 + int(source.random() * 1000) for _ in polygon]
        state = [sum(w * p[k] for w, p in zip(weights, polygon)) / sum(weights) for k in range(2)]
        cost, slacks = simulate(state, rest)
        linear = [simulate(state, u)[0] - cost - own for u, own in zip(unit, alone)]
        free = [row[0] for row in solve(H, [[a] for a in linear])]
        d = [float(slack + dot(g, free)) for slack, g in zip(slacks, G)]
        y = [0.0] * len(d)
        for _ in range(20000):
            change = 0.0
            for i, row in enumerate(M):
                new = max(0.0, y[i] - (d[i] + sum(a * b for a, b in zip(row, y) if b)) / row[i])
                change = max(change, abs(new - y[i]))
                y[i] = new
            if change < 1e-12:
                break
        u0 = -float(free[0]) - sum(float(a) * b for a, b in zip(response[0], y))
        worst = max(worst, abs(u0 - float(value(plan[0], state))))
    return worst


def region_rows(polygon):
    """The half-planes A x <= b of a polygon, with coprime integers in each row of A."""
    sides = [inside(edge) for edge in edges(polygon)]
    return [[-a for a in side[:2]] for side in sides], [side[2] for side in sides]


def exact(number):
    return number.numerator if number.denominator == 1 else str(number)


def decimal(number):
    """Twelve significant digits, as controllers are printed by toolboxes."""
    rounded = Context(prec=12).divide(Decimal(number.numerator), Decimal(number.denominator))
    return int(rounded) if rounded == rounded.to_integral_value() else float(rounded)


def unit_rows(rows, offsets):
    """The same half-planes with normals of length one, to fifty digits."""
    context = Context(prec=50)
    lengths = [Fraction(context.sqrt(Decimal(int(dot(row, row))))) for row in rows]
    return [[a / n for a in row] for row, n in zip(rows, lengths)], [b / n for b, n in zip(offsets, lengths)]


def decimal_gap(regions):
    """By how much the rounded laws of two neighbours differ at most at a corner that both regions share."""
    rounded = [(polygon, [Fraction(str(decimal(a))) for a in plan[0]]) for _, polygon, plan in regions]
    return max(abs(value(f, p) - value(g, p)) for polygon, f in rounded for other, g in rounded
               for p in set(polygon) & set(other))


def write(name, regions, number, scaled):
    lines = []
    for _, polygon, plan in regions:
        rows, offsets = scaled(*region_rows(polygon))
        lines.append("    " + json.dumps({
            "A": [list(map(number, row)) for row in rows], "b": list(map(number, offsets)),
            "gain": [list(map(number, plan[0][:2]))], "offset": [number(plan[0][2])]}))
    text = ('{\n  "format": "pleat-function",\n  "form": "regions",\n  "inputs": 2,\n  "outputs": 1,\n  "regions": [\n'
            + ",\n".join(lines) + "\n  ]\n}\n")
    pathlib.Path(__file__).with_name(name).write_text(text, encoding="utf-8")


def main():
    programme = condensed_programme()
    found = programme.critical_regions((Fraction(1, 1000), Fraction(1, 777)))
    regions = [(active, found[active], programme.optimum(active))
               for active in sorted(found, key=lambda active: (len(active), sorted(active)))]
    for active, polygon, _ in regions:
        require(all(any(condition) for condition in programme.conditions(active)),
                f"with {sorted(active)} active, another constraint is degenerate on the whole region")
    size, sides, ordinary, whole = check_cover(regions)
    difference = check_optimality(regions, 200)
    require(difference < 1e-6, f"a second solver finds another input: the difference is {difference}")
    write("double_integrator.json", regions, exact, lambda rows, offsets: (rows, offsets))
    write("double_integrator_decimal.json", regions, decimal, unit_rows)
    print(f"{len(regions)} critical regions with {len({plan[0] for _, _, plan in regions})} different laws")
    print(f"they fill the feasible set exactly: area {size}")
    print(f"{sides} common sides: across {ordinary} one constraint changes its state, {whole} are whole edges of both")
    print(f"largest difference from a second solver at 200 states: {difference:.1e}")
    print(f"rounded to 12 digits, the laws of neighbours differ at corners by up to {float(decimal_gap(regions)):.1e}")


if __name__ == "__main__":
    main()
