"""Makes moons.csv and moons.npz: two interleaved half-moons, and a small ReLU classifier trained on them.

    python3 moons.py        # needs NumPy; the same files every time

The network has two inputs, two hidden layers of 16 ReLUs and one output, positive on the second moon. Its weights are
float32, in the arrays W0, b0, W1, b1, W2, b2 (weights [out x in]).
"""

import numpy as np

rng = np.random.default_rng(7)
angle = rng.uniform(0, np.pi, 200)
label = np.arange(200) % 2
x = np.where(label, 1 - np.cos(angle), np.cos(angle)) - 0.5
y = np.where(label, 0.5 - np.sin(angle), np.sin(angle)) - 0.25
points = np.round(np.stack([x, y], axis=1) / 1.6 + rng.normal(0, 0.06, (200, 2)), 4)

widths = [2, 16, 16, 1]
weights = [rng.normal(0, np.sqrt(2 / a), (b, a)) for a, b in zip(widths, widths[1:])]
biases = [np.zeros(b) for b in widths[1:]]
parameters = weights + biases
first, second = ([np.zeros_like(p) for p in parameters] for _ in range(2))

for step in range(1, 3001):
    values = [points]
    for layer, (W, b) in enumerate(zip(weights, biases)):
        z = values[-1] @ W.T + b
        values.append(np.maximum(z, 0) if layer < 2 else z)
    slope = (1 / (1 + np.exp(-values[-1][:, 0])) - label)[:, None] / len(label)
    gradients = [None] * 6
    for layer in (2, 1, 0):
        gradients[layer] = slope.T @ values[layer] + 1e-4 * weights[layer]
        gradients[3 + layer] = slope.sum(axis=0)
        slope = (slope @ weights[layer]) * (values[layer] > 0)
    for p, g, m, v in zip(parameters, gradients, first, second):
        m += 0.1 * (g - m)
        v += 0.001 * (g * g - v)
        p -= 0.01 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)

right = ((values[-1][:, 0] > 0) == label).mean()
print(f"{right:.1%} of the points are on the right side")
np.savetxt("moons.csv", np.column_stack([points, label]), fmt=["%.4f", "%.4f", "%d"], delimiter=",",
           header="x,y,moon", comments="")
np.savez("moons.npz", **{f"W{i}": W.astype(np.float32) for i, W in enumerate(weights)},
         **{f"b{i}": b.astype(np.float32) for i, b in enumerate(biases)})
