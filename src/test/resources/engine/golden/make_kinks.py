"""Makes ops/{hardswish,hardsigmoid,relu6}_kinks.safetensors and hardswish_nonfinite.safetensors with PyTorch, in float32, and
prints their entries of manifest.json: the kinks and their neighbours, whose gradients PyTorch decides.

python make_kinks.py   (torch, safetensors)
"""
import json
import pathlib

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
torch.manual_seed(20261130)
kinks = torch.tensor([-3.0, 0.0, 3.0, 6.0])
near = torch.cat([kinks + d for d in (1e-6, -1e-6, 1e-3, -1e-3)])
x = torch.cat([kinks, near, torch.tensor([1e30, -1e30, -0.0]), torch.linspace(-8, 8, 33)])
dy = torch.randn(x.shape)
inf = float("inf")


def write(name, op, arrays, tolerance):
    file = f"ops/{name}.safetensors"
    save_file(arrays, HERE / file)
    entry = {"group": "ops", "name": name, "op": op, "attrs": {}, "file": file, "arrays": {}}
    for k, a in arrays.items():
        entry["arrays"][k] = {"dtype": "F32", "shape": list(a.shape)} | ({} if k.startswith("in.") else tolerance)
    print("  " + json.dumps(entry, separators=(",", ":")) + ",")


for op in ("hardswish", "hardsigmoid", "relu6"):
    f = getattr(torch.nn.functional, op)
    leaf = x.clone().requires_grad_()
    y = f(leaf)
    y.backward(dy)
    arrays = {"in.x": x, "in.dy.y": dy, "out.y": y.detach(), "grad.x": leaf.grad}
    write(op + "_kinks", op, arrays, {"atol": 1e-6, "rtol": 1e-6})
    if op == "hardswish":  # the others of oneDNN make a number of NaN
        wild = torch.tensor([inf, -inf, float("nan"), 1.0, -1.0, float("nan"), 0.0, inf, 7.0])
        write(op + "_nonfinite", op, {"in.x": wild, "out.y": f(wild)}, {"atol": 1e-6, "rtol": 1e-6})
