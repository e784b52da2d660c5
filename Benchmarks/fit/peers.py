"""One fit by one peer, in a process of its own: a JSON request on stdin, a JSON answer on stdout.

Request: `peer`, `inputs` (rows), `targets`, `widths` (a list), `cap` (CPU seconds). Answer: `seconds` (CPU user seconds
of the fit; the import of packages is not counted), `losses` (one a width: the sum over the samples, of the function
that was returned, in the user's units), `version`, and `stopped` when the peer's own limit ended it. A hard limit on
the CPU time ends the process if the peer does not stop by itself.
"""

import json
import os
import resource
import signal
import sys

# This file is run as a script, from its own folder.
from mip import joined_predictions, joins_model, network_loss, network_model

STARTS = 100  # scikit-learn's restarts
MIP_GAP = 1e-6


def user_seconds() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_utime


class Clock:
    """Counts from the end of the imports, and arms the hard limit.

    The hard limit is half as much again as the cap: solvers look at their clock only now and then, and a peer that
    stops by itself can still tell what it has found.
    """

    def __init__(self, cap: float):
        usage = resource.getrusage(resource.RUSAGE_SELF)
        self.start, self.cap = usage.ru_utime, cap
        limit = int(usage.ru_utime + usage.ru_stime + cap * 1.5) + 5
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)

    def spent(self) -> float:
        return user_seconds() - self.start

    def left(self) -> float:
        return max(0.0, self.cap - self.spent())


def standardised(columns):
    """Columns with mean 0 and standard deviation 1, the means and the deviations."""
    import numpy

    mean, deviation = columns.mean(axis=0), columns.std(axis=0)
    deviation = numpy.where(deviation > 0, deviation, 1.0)
    return (columns - mean) / deviation, mean, deviation


# pwlf and scikit-learn: heuristics.


def pwlf_fit(inputs, targets, widths, cap):
    import pwlf

    clock, losses = Clock(cap), []
    for knots in widths:
        model = pwlf.PiecewiseLinFit(inputs[:, 0], targets, seed=1)
        model.fit(knots + 1)
        losses.append(float(((model.predict(inputs[:, 0]) - targets) ** 2).sum()))
    return {"seconds": clock.spent(), "losses": losses, "version": f"pwlf {pwlf.__version__}"}


def sklearn_restarts(inputs, targets, widths, cap):
    import warnings

    import sklearn
    from sklearn.neural_network import MLPRegressor

    warnings.simplefilter("ignore")
    clock, losses = Clock(cap), []
    points, _, _ = standardised(inputs)
    values, _, scale = standardised(targets)
    for units in widths:
        best = float("inf")
        for seed in range(STARTS):
            model = MLPRegressor(
                hidden_layer_sizes=(units,), activation="relu", solver="lbfgs", alpha=0.0, max_iter=2000, tol=1e-9,
                random_state=seed)
            residual = model.fit(points, values).predict(points) - values
            best = min(best, float((residual**2).sum()) * float(scale) ** 2)
        losses.append(best)
    return {"seconds": clock.spent(), "losses": losses, "version": f"scikit-learn {sklearn.__version__}"}


# Mixed-integer solvers.


def scip_model(model, clock):
    """The model in SCIP, with its columns; time is counted in CPU seconds, on one thread."""
    import pyscipopt

    scip = pyscipopt.Model()
    scip.hideOutput()
    scip.setParams({
        "timing/clocktype": 1, "limits/time": max(clock.left(), 0.01), "limits/gap": MIP_GAP,
        "parallel/maxnthreads": 1, "lp/threads": 1,
    })
    columns = [scip.addVar(vtype="I" if i else "C", lb=low, ub=high) for low, high, i in model.columns]
    for low, high, terms in model.rows:
        total = pyscipopt.quicksum(value * columns[column] for column, value in terms.items())
        scip.addCons(total >= low if high is None else total == low)
    return scip, columns


def minimise_squares(scip, columns, errors, limit=None):
    """Runs SCIP on the sum of squares; the solution as a list of values (nothing if none), and whether it finished."""
    import pyscipopt

    total = scip.addVar(vtype="C", lb=0)
    scip.addCons(total >= pyscipopt.quicksum(columns[e] * columns[e] for e in errors))
    scip.setObjective(total, "minimize")
    if limit is not None:
        scip.setObjlimit(limit)
    scip.optimize()
    finished = scip.getStatus() in ("optimal", "gaplimit", "infeasible")
    if scip.getNSols() == 0:
        return None, finished
    best = scip.getBestSol()
    return [scip.getSolVal(best, column) for column in columns], finished


def sorted_line(inputs, targets):
    import numpy

    order = numpy.argsort(inputs[:, 0], kind="stable")
    x, _, _ = standardised(inputs[order, 0])
    y, _, scale = standardised(targets[order])
    return x.tolist(), y.tolist(), float(scale)


def scip_joins(inputs, targets, widths, cap):
    import pyscipopt

    clock = Clock(cap)
    x, y, scale = sorted_line(inputs, targets)
    losses, stopped = [], False
    for knots in widths:
        model, errors, lines = joins_model(x, y, knots)
        scip, columns = scip_model(model, clock)
        solution, finished = minimise_squares(scip, columns, errors)
        stopped = stopped or not finished
        if solution is None:
            losses.append(None)
            continue
        fitted = joined_predictions(x, solution, lines)
        losses.append(scale**2 * sum((f - v) ** 2 for f, v in zip(fitted, y)))
    return {"seconds": clock.spent(), "losses": losses, "stopped": stopped, "version": scip_version(pyscipopt)}


def scip_version(pyscipopt) -> str:
    model = pyscipopt.Model()
    return f"SCIP {model.getMajorVersion()}.{model.getMinorVersion()}.{model.getTechVersion()}"


def highs_joins(inputs, targets, widths, cap):
    import highspy

    clock = Clock(cap)
    x, y, scale = sorted_line(inputs, targets)
    losses, stopped = [], False
    for knots in widths:
        model, errors, lines = joins_model(x, y, knots)
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("parallel", "off")
        solver.setOptionValue("mip_rel_gap", MIP_GAP)
        solver.cbMipInterrupt += lambda event: event.interrupt() if clock.left() <= 0 else None
        cost = set(errors)
        for index, (low, high, integer) in enumerate(model.columns):
            solver.addCol(1.0 if index in cost else 0.0, low, high, 0, [], [])
            if integer:
                solver.changeColIntegrality(index, highspy.HighsVarType.kInteger)
        for low, high, terms in model.rows:
            solver.addRow(low, solver.inf if high is None else high, len(terms), list(terms), list(terms.values()))
        solver.run()
        stopped = stopped or solver.getModelStatus() != highspy.HighsModelStatus.kOptimal
        solution = list(solver.getSolution().col_value)
        if not solution:
            losses.append(None)
            continue
        fitted = joined_predictions(x, solution, lines)
        losses.append(scale * sum(abs(f - v) for f, v in zip(fitted, y)))
    version = f"HiGHS {highspy.Highs().version()}"
    return {"seconds": clock.spent(), "losses": losses, "stopped": stopped, "version": version}


def scip_network(inputs, targets, widths, cap):
    import pyscipopt

    clock = Clock(cap)
    points, _, _ = standardised(inputs)
    values, _, scale = standardised(targets)
    points, values, scale = points.tolist(), values.tolist(), float(scale)
    losses, stopped = [], False
    for units in widths:
        best = None
        for positive in range(units + 1):
            model, errors, parameters = network_model(points, values, units, positive)
            scip, columns = scip_model(model, clock)
            solution, finished = minimise_squares(scip, columns, errors, best)
            stopped = stopped or not finished
            if solution is not None:
                loss = network_loss(points, values, solution, parameters)
                best = loss if best is None else min(best, loss)
            if clock.left() <= 0:
                break
        losses.append(None if best is None else best * scale**2)
    return {"seconds": clock.spent(), "losses": losses, "stopped": stopped, "version": scip_version(pyscipopt)}


PEERS = {
    "pwlf": pwlf_fit, "sklearn": sklearn_restarts, "scip-joins": scip_joins, "highs-joins": highs_joins,
    "scip-network": scip_network,
}


def main():
    request = json.load(sys.stdin)
    answer_to = os.dup(1)
    os.dup2(2, 1)  # what a peer prints must not mix with the answer
    import numpy

    inputs = numpy.array(request["inputs"], dtype=float)
    targets = numpy.array(request["targets"], dtype=float)
    answer = PEERS[request["peer"]](inputs, targets, request["widths"], request["cap"])
    with os.fdopen(answer_to, "w") as out:
        json.dump(answer, out)


if __name__ == "__main__":
    main()
