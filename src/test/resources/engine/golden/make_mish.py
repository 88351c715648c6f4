"""Makes ops/mish.safetensors with PyTorch, in double precision, and prints its entry of manifest.json.

python make_mish.py   (torch, safetensors)
"""
import json
import pathlib

import torch
from safetensors.torch import save_file

torch.manual_seed(20240601)
extremes = torch.tensor([0.0, 1e-4, -1e-4, 20.0, -20.0, 50.0, -50.0, 88.0, -88.0, 1e6, -1e6, 1e30, -1e30])
x = torch.cat([extremes, torch.linspace(-8, 8, 33), 2 * torch.randn(18)]).float()
dy = torch.randn(x.shape).float()
wide = x.double().requires_grad_()
y = torch.nn.functional.mish(wide)
y.backward(dy.double())
arrays = {"in.x": x, "in.dy.y": dy, "out.y": y.detach().float(), "grad.x": wide.grad.float()}
save_file(arrays, pathlib.Path(__file__).parent / "ops" / "mish.safetensors")

entry = {"group": "ops", "name": "mish", "op": "mish", "attrs": {}, "file": "ops/mish.safetensors", "arrays": {}}
for name, a in arrays.items():
    entry["arrays"][name] = {"dtype": "F32", "shape": list(a.shape)}
    if not name.startswith("in."):
        entry["arrays"][name] |= {"atol": 2e-6, "rtol": 1e-5}
print(json.dumps(entry))
