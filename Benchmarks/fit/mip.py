"""The two mixed-integer models that solvers are given, as plain lists of columns and rows.

Both are exact inside the box of their weights, up to the solver's tolerances; the box is on standardised data, and
nothing in the data says how large it must be.
"""

SLOPE_BOX = 20.0  # largest slope of a segment
WEIGHT_BOX = 10.0  # largest weight and bias of a unit


class Model:
    """A linear model with integer columns, kept as plain lists so that two solvers can load the same one."""

    def __init__(self):
        self.columns, self.rows = [], []  # (lower, upper, integer), (lower, upper, {column: coefficient})

    def column(self, lower, upper, integer=False) -> int:
        self.columns.append((lower, upper, integer))
        return len(self.columns) - 1

    def at_least(self, lower, terms):
        self.rows.append((lower, None, terms))

    def equal(self, value, terms):
        self.rows.append((value, value, terms))


def joins_model(x, y, knots):
    """Continuous piecewise-linear fit of sorted data, after Rebennack and Krasko (INFORMS J. Comput. 32, 2020).

    Each point chooses a segment, in order; where neighbours choose neighbouring segments, the two lines cross between
    the two points. Returns the model, its error columns (at least the size of each residual) and its lines.
    """
    count = len(x)
    # Intercepts so large that every slope of the box can pass the data at either end.
    steepest, highest = SLOPE_BOX, SLOPE_BOX * max(map(abs, x)) + 2 * max(map(abs, y))
    model = Model()
    slopes = [model.column(-steepest, steepest) for _ in range(knots + 1)]
    starts = [model.column(-highest, highest) for _ in range(knots + 1)]
    errors = [model.column(0, abs(y[i]) + steepest * abs(x[i]) + highest) for i in range(count)]
    chosen = [[model.column(0, 1, True) for _ in range(knots + 1)] for _ in range(count)]
    turns = [model.column(0, 1, True) for _ in range(knots)]
    model.equal(1, {chosen[0][0]: 1})
    for i in range(count):
        model.equal(1, {z: 1 for z in chosen[i]})
        big = abs(y[i]) + steepest * abs(x[i]) + highest
        for slope, start, z in zip(slopes, starts, chosen[i]):
            model.at_least(y[i] - big, {errors[i]: 1, slope: x[i], start: 1, z: -big})
            model.at_least(-y[i] - big, {errors[i]: 1, slope: -x[i], start: -1, z: -big})
    for i in range(count - 1):
        now, after = chosen[i], chosen[i + 1]
        model.at_least(0, {now[0]: 1, after[0]: -1})
        for b in range(knots):
            model.at_least(0, {now[b]: 1, now[b + 1]: 1, after[b + 1]: -1})
            # The crossing of lines b and b + 1 lies in [x_i, x_{i+1}], written for each sign of the slope's change.
            for side, sign in [(x[i], 1), (x[i + 1], -1)]:
                big = 2 * (steepest * abs(side) + highest)
                across = {starts[b + 1]: sign, starts[b]: -sign, slopes[b]: -sign * side, slopes[b + 1]: sign * side}
                switch = {now[b]: -big, after[b + 1]: -big}
                model.at_least(-3 * big, {**across, **switch, turns[b]: -big})
                back = {column: -value for column, value in across.items()}
                model.at_least(-2 * big, {**back, **switch, turns[b]: big})
    return model, errors, (slopes, starts, chosen)


def joined_predictions(x, solution, lines):
    """The values at `x` of the continuous function whose segments a solution names: exact joins, no tolerance."""
    slopes, starts, chosen = lines
    segments = [max(range(len(row)), key=lambda b: solution[row[b]]) for row in chosen]
    slope, start = solution[slopes[0]], solution[starts[0]]
    hinges = []
    for i in range(len(x) - 1):
        for b in range(segments[i], segments[i + 1]):
            change = solution[slopes[b + 1]] - solution[slopes[b]]
            if abs(change) > 1e-12:
                join = -(solution[starts[b + 1]] - solution[starts[b]]) / change
                hinges.append((min(max(join, x[i]), x[i + 1]), change))
    return [slope * v + start + sum(c * max(0.0, v - t) for t, c in hinges) for v in x]


def network_model(points, values, units, positive):
    """A one-hidden-layer ReLU network with given outer signs by big-M rows; returns errors, weights and signs too."""
    box, count, size = WEIGHT_BOX, len(points), len(points[0])
    model = Model()
    weights = [[model.column(-box, box) for _ in range(size)] for _ in range(units)]
    biases = [model.column(-box, box) for _ in range(units)]
    offset = model.column(-box, box)
    signs = [1 if j < positive else -1 for j in range(units)]
    for j in range(units - 1):
        if signs[j] == signs[j + 1]:  # units of one sign are interchangeable: order them
            model.at_least(0, {weights[j][0]: 1, weights[j + 1][0]: -1})
    errors = []
    for point, value in zip(points, values):
        big = box * (1 + sum(abs(v) for v in point))
        output = {offset: 1}
        for j in range(units):
            height, active = model.column(0, big), model.column(0, 1, True)
            inner = {column: v for column, v in zip(weights[j], point)}
            model.at_least(0, {height: 1, biases[j]: -1, **{c: -v for c, v in inner.items()}})
            model.at_least(-big, {height: -1, biases[j]: 1, **inner, active: -big})
            model.at_least(0, {height: -1, active: big})
            output[height] = signs[j]
        error = model.column(-abs(value) - (units + 1) * big, abs(value) + (units + 1) * big)
        model.equal(value, {**output, error: 1})
        errors.append(error)
    return model, errors, (weights, biases, offset, signs)


def network_loss(points, values, solution, parameters) -> float:
    weights, biases, offset, signs = parameters
    total = 0.0
    for point, value in zip(points, values):
        output = solution[offset]
        for row, bias, sign in zip(weights, biases, signs):
            inner = sum(solution[c] * v for c, v in zip(row, point)) + solution[bias]
            output += sign * max(0.0, inner)
        total += (output - value) ** 2
    return total
