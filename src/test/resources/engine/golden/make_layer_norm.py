"""Makes ops/layer_norm_*.safetensors and their lines of the manifest: PyTorch's values of layer_norm and of
torchvision's LayerNorm2d, in float64 beside float32, whose distance sets the tolerances.

    python make_layer_norm.py        # PyTorch 2, torchvision, safetensors; prints the lines
"""

import json
import pathlib

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
torch.manual_seed(20261130)


def run(x, weight, bias, dy, dim, eps):
    x, weight, bias = (t.clone().requires_grad_() for t in (x, weight, bias))
    rows = x if dim == -1 else x.permute(0, 2, 3, 1)
    y = torch.nn.functional.layer_norm(rows, weight.shape, weight, bias, eps)
    y = y if dim == -1 else y.permute(0, 3, 1, 2)
    y.backward(dy)
    return {"out.y": y.detach(), "grad.x": x.grad, "grad.weight": weight.grad, "grad.bias": bias.grad}


def case(name, shape, dim, eps, offset=0.0):
    channels = shape[dim]
    given = [torch.randn(shape) + offset, torch.rand(channels) + 0.5, torch.randn(channels), torch.randn(shape)]
    got = run(*given, dim, eps)
    exact = run(*(t.double() for t in given), dim, eps)
    arrays = dict(zip(("in.x", "in.weight", "in.bias", "in.dy.y"), given)) | got
    spec = {}
    for key, t in arrays.items():
        spec[key] = {"dtype": "F32", "shape": list(t.shape)}
        if key in got:
            dev = (t.double() - exact[key]).abs().max().item()
            largest = t.abs().max().item()
            atol = float(f"{max(10 * dev, 1e-6 * largest):.0e}")
            spec[key] |= {"max_abs": float(f"{largest:.6g}"), "f64_dev": float(f"{dev:.3g}"), "atol": atol, "rtol": 1e-5}
    file = f"ops/{name}.safetensors"
    save_file({k: t.contiguous() for k, t in arrays.items()}, HERE / file)
    line = {"group": "ops", "name": name, "op": "layer_norm", "attrs": {"dim": dim, "eps": eps}, "file": file}
    print(json.dumps(line | {"arrays": spec}, separators=(",", ":")) + ",")


case("layer_norm_rows", (3, 4, 10), -1, 1e-5)
case("layer_norm_2d", (2, 12, 5, 3), 1, 1e-6)
case("layer_norm_large_mean", (4, 33), -1, 1e-6, offset=300.0)
