"""One kernel matrix by one peer, in a process of its own: `python -m spectrum.peers PEER JOB rows.npy kernel.npy`.

Prints a line of JSON: `seconds` (CPU seconds of the best of three calls, the import and the first call's compilation not
counted), `first` (CPU seconds of the first call), `megabytes` (the peak of the process).
"""

import json
import resource
import sys

import numpy as np


def cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def neural_tangents(job: list, rows: np.ndarray):
    import jax
    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp
    import neural_tangents as nt
    from neural_tangents import stax
    # Dense divides by the width of its input; unit rows become those of length √d.
    x = jnp.asarray(rows * np.sqrt(rows.shape[1]))
    if job[0] == "empirical":
        width = int(job[2])
        init, apply, _ = stax.serial(stax.Dense(width), activation(stax, jnp, job[1]), stax.Dense(1))
        _, parameters = init(jax.random.PRNGKey(1), x.shape)
        kernel = jax.jit(nt.empirical_ntk_fn(
            apply, trace_axes=(-1,), implementation=nt.NtkImplementation.NTK_VECTOR_PRODUCTS))
        return lambda: np.asarray(kernel(x, None, parameters))
    layers = []
    for _ in range(int(job[1])):
        layers += [stax.Dense(1), activation(stax, jnp, job[0])]
    _, _, kernel = stax.serial(*layers, stax.Dense(1))
    jitted = jax.jit(lambda a: kernel(a, None, "ntk"))
    return lambda: np.asarray(jitted(x))


def activation(stax, jnp, name: str):
    if name == "relu":
        return stax.Relu()
    if name == "erf":
        return stax.Erf()
    return stax.ElementwiseNumerical({"tanh": jnp.tanh}[name], deg=25)


def numpy(job: list, rows: np.ndarray):
    if job[0] == "empirical":
        source = np.random.default_rng(1)
        width = int(job[2])
        weights = source.standard_normal((width, rows.shape[1]))
        signs = source.choice([-1.0, 1.0], width)

        def empirical():
            z = rows @ weights.T
            slopes = (z > 0) * signs
            values = np.maximum(z, 0)
            return (slopes @ slopes.T) / width * (rows @ rows.T) + values @ values.T / width
        return empirical
    if job[0] == "relu":

        def relu():
            first = tangent = rows @ rows.T
            for _ in range(int(job[1])):
                q = np.sqrt(np.outer(np.diag(first), np.diag(first)))
                cosine = np.clip(first / q, -1, 1)
                angle = np.arccos(cosine)
                slope = (np.pi - angle) / (2 * np.pi)
                first = q * (np.sqrt(1 - cosine * cosine) + (np.pi - angle) * cosine) / (2 * np.pi)
                tangent = first + slope * tangent
            return tangent
        return relu
    nodes, weights = np.polynomial.hermite_e.hermegauss(32)
    weights = weights / weights.sum()

    def tanh():
        cosine = np.clip(rows @ rows.T, -1, 1)
        i, j = np.tril_indices(len(rows))
        rho = cosine[i, j]
        sine = np.sqrt(1 - rho * rho)
        value, slope = np.zeros_like(rho), np.zeros_like(rho)
        for a, wa in zip(nodes, weights):
            u = np.tanh(a)
            inner, inner_slope = np.zeros_like(rho), np.zeros_like(rho)
            for b, wb in zip(nodes, weights):
                v = np.tanh(rho * a + sine * b)
                inner += wb * v
                inner_slope += wb * (1 - v * v)
            value += wa * u * inner
            slope += wa * (1 - u * u) * inner_slope
        result = np.zeros_like(cosine)
        result[i, j] = value + rho * slope
        return result + np.tril(result, -1).T
    return tanh


def main() -> None:
    peer, job, source, target = sys.argv[1:5]
    rows = np.load(source)
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    run = {"neural-tangents": neural_tangents, "numpy": numpy}[peer](job.split(":"), rows)
    times = []
    for _ in range(3):
        start = cpu_seconds()
        kernel = run()
        times.append(cpu_seconds() - start)
        if times[0] > 30:
            break
    np.save(target, kernel[:200, :200])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": min(times), "first": times[0], "megabytes": peak}))


main()
