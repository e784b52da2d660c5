"""Multiparametric quadratic programming with two parameters, in rational numbers.

    min over U of  1/2 U'HU + (Fx)'U   subject to  G U <= w + E x        H positive definite, x in a polygon

The optimum is a continuous piecewise-linear function of x. On a critical region one set of constraints is active.
"""

from fractions import Fraction

from rational import along, area, clip, dot, edges, inside, overlap, solve, value


class ParametricProgramme:
    """With multipliers y of the active constraints the optimum is U = -H^-1 (Fx + G'y). In terms of M = G H^-1 G' the
    slack of constraint i is d_i(x) + M_i y, with an affine d_i: all that the search for an active set looks at."""

    def __init__(self, H, F, G, w, E, domain):
        self.domain = domain
        self.free = solve(H, F)
        self.response = solve(H, list(zip(*G)))
        self.M = [[dot(g, column) for column in zip(*self.response)] for g in G]
        self.d = [(*(e + dot(g, column) for e, column in zip(row, zip(*self.free))), bound)
                  for g, row, bound in zip(G, E, w)]
        self.known = {}

    def conditions(self, active):
        """For each constraint the affine function of x that must not be negative where the set is optimal: its
        multiplier if it is active, its slack if not. The gradients of the active constraints must be independent."""
        if active not in self.known:
            order = sorted(active)
            multipliers = solve([[self.M[i][j] for j in order] for i in order],
                                [[-a for a in self.d[i]] for i in order])
            result = [tuple(a + dot([self.M[i][j] for j in order], [y[axis] for y in multipliers])
                            for axis, a in enumerate(d)) for i, d in enumerate(self.d)]
            for i, multiplier in zip(order, multipliers):
                result[i] = tuple(multiplier)
            self.known[active] = result
        return self.known[active]

    def combination(self, active, i):
        """The gradient of constraint i as a combination of the active ones, {j: coefficient}; None if independent."""
        order = sorted(active)
        solution = solve([[self.M[j][k] for k in order] for j in order], [[self.M[j][i]] for j in order])
        coefficients = [row[0] for row in solution]
        if self.M[i][i] != dot(coefficients, [self.M[i][j] for j in order]):
            return None
        return dict(zip(order, coefficients))

    def optimal_active_set(self, x, start=frozenset()):
        """A set of constraints with independent gradients that is active at the optimum for x; None if the constraints
        contradict each other there.

        The least-index criss-cross method, which ends for every programme: D. den Hertog, C. Roos, T. Terlaky, "The
        linear complementarity problem, sufficient matrices, and the criss-cross method" (1993).
        """
        active = start
        while True:
            violated = next((i for i, c in enumerate(self.conditions(active)) if value(c, x) < 0), None)
            if violated is None:
                return active
            if violated in active:
                active -= {violated}
                continue
            combination = self.combination(active, violated)
            if combination is None:
                active |= {violated}
                continue
            leaving = [j for j, coefficient in combination.items() if coefficient > 0]
            if not leaving:
                return None
            active = active - {min(leaving)} | {violated}

    def optimum(self, active):
        """U as affine functions of x."""
        conditions = self.conditions(active)
        return [tuple(-a - dot([response[i] for i in active], [conditions[i][axis] for i in active])
                      for axis, a in enumerate((*free, Fraction(0))))
                for free, response in zip(self.free, self.response)]

    def region(self, active):
        """The part of the domain on which the active set is optimal."""
        polygon = self.domain
        for condition in self.conditions(active):
            polygon = clip(polygon, condition)
        return polygon

    def critical_regions(self, start):
        """The critical regions with an interior that can be reached from a point: {active set: polygon}.

        From the edges of a region one steps to its neighbours. A step that goes too far, beyond a narrow neighbour, is
        halved. An edge may have several neighbours: what one leaves uncovered is stepped across again. Whether nothing
        was missed is for the caller to see, by the areas.
        """
        first = self.optimal_active_set(start)
        regions = {first: self.region(first)}
        waiting = [first]
        while waiting:
            active = waiting.pop()
            for edge in edges(regions[active]):
                uncovered = [(Fraction(0), Fraction(1))]
                while uncovered:
                    low, high = uncovered.pop()
                    neighbour = self.neighbour(active, edge, low, high)
                    if neighbour is None:
                        continue
                    candidate, (a, b) = neighbour
                    if candidate not in regions:
                        regions[candidate] = self.region(candidate)
                        waiting.append(candidate)
                    uncovered += [piece for piece in ((low, a), (b, high)) if piece[0] < piece[1]]
        return regions

    def neighbour(self, active, edge, low, high):
        """The active set across some point of a part of an edge, and what its region covers of the edge; None where the
        feasible set ends. At the end of the domain it is the same set again."""
        # not from the middle, where symmetric problems have corners
        start = along(edge, low + (high - low) * Fraction(13, 29))
        outward = [-a for a in inside(edge)[:2]]
        step = 1 / (32 * max(map(abs, outward)))
        for _ in range(40):
            candidate = self.optimal_active_set([a + step * n for a, n in zip(start, outward)], active)
            polygon = self.region(candidate) if candidate is not None else []
            covered = overlap(edge, polygon) if area(polygon) > 0 else None
            if covered and covered[0] < high and low < covered[1]:
                return candidate, covered
            step /= 2
        return None
