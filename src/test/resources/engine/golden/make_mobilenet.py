"""Makes model/thin_mobilenet*.safetensors and their lines of the manifest: the MobileNets of torchvision, thin, in
evaluation and training, and of one its gradients and its parameters after three steps of AdamW, in float32; float64
beside it sets the tolerances.

    python make_mobilenet.py       # PyTorch 2, torchvision, safetensors; prints the lines
"""

import copy
import json
import pathlib

import torch
import torchvision
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
WIDTH, CLASSES, SMOOTHING, STEPS = 0.1, 5, 0.1, 3
ADAMW = {"lr": 3e-4, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.01}
TYPES = {torch.int64: "I64", torch.float32: "F32", torch.float64: "F64"}
NORM = torch.nn.BatchNorm2d
torch.manual_seed(20261130)


def network(op):
    net = getattr(torchvision.models, op)(width_mult=WIDTH, num_classes=CLASSES, dropout=0.0)
    with torch.no_grad():
        for name, p in net.named_parameters():
            if p.dim() == 1:
                p.copy_(("weight" in name) + 0.3 * torch.randn_like(p))
            else:
                p.copy_(torch.randn_like(p) * (1.5 / p[0].numel()) ** 0.5)
        for block in net.features[1:-1]:  # the sums of a deep network with gains of 1 hide what a branch does
            [m for m in block.modules() if isinstance(m, NORM)][-1].weight.mul_(0.25)
        norms = [m for m in net.modules() if isinstance(m, NORM)]
        usual = [m.momentum for m in norms]
        for m in norms:
            m.momentum = 1.0
        net.train()(torch.randn(4, 3, 64, 64))
        for m, momentum in zip(norms, usual):
            m.momentum = momentum
            m.running_mean += 0.2 * torch.randn_like(m.running_mean)
            m.running_var *= torch.exp(0.3 * torch.randn_like(m.running_var))
            m.num_batches_tracked.zero_()
    return net


def loss_of(net, x, target):
    logits = net(x)
    return logits, torch.nn.functional.cross_entropy(logits, target, label_smoothing=SMOOTHING)


def values(net, x, target):
    out, seen = {}, {}
    net.eval()
    hooks = [
        m.register_forward_hook(lambda _, __, y, k=k: seen.__setitem__(k, y))
        for k, m in [(f"features.{i}", f) for i, f in enumerate(net.features)]
    ]
    with torch.no_grad():
        out["out.logits_eval"] = net(x)
        net(x[:1])
    out |= {f"out.eval_sample0.{k}": v for k, v in seen.items()}
    for h in hooks:
        h.remove()
    net.train()
    logits, loss = loss_of(net, x, target)
    loss.backward()
    out["out.logits_train"], out["out.loss"] = logits.detach(), loss.detach().reshape(1)
    grads = {f"grad.{n}": p.grad.clone() for n, p in net.named_parameters()}
    out["out.grad_norms"] = torch.stack([g.norm() for g in grads.values()])
    out |= {f"out.buffers_after_1_step.{n}": b.clone() for n, b in net.named_buffers()}
    net.zero_grad()
    optimizer, losses = torch.optim.AdamW(net.parameters(), **ADAMW), []
    for _ in range(STEPS):
        _, loss = loss_of(net, x, target)
        losses.append(loss.detach())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    out["out.losses_3_steps"] = torch.stack(losses).double()
    after = {f"out.params_after_3_adamw.{n}": p.detach() for n, p in net.named_parameters()}
    return out, grads, after


def spec(given, got, exact):
    out = {k: {"dtype": TYPES[t.dtype], "shape": list(t.shape)} for k, t in given.items()}
    for k, t in got.items():
        dev = (t.double() - exact[k]).abs().max().item()
        largest = t.abs().max().item()
        atol = float(f"{max(10 * dev, 2e-6 * largest):.0e}")
        out[k] = {"dtype": TYPES[t.dtype], "shape": list(t.shape), "max_abs": float(f"{largest:.6g}"),
                  "f64_dev": float(f"{dev:.3g}"), "atol": atol, "rtol": 1e-5}
    return out


def write(name, op, attrs, given, got, exact, files=None):
    file = f"model/{name}.safetensors"
    save_file({k: t.contiguous() for k, t in (given | got).items()}, HERE / file)
    line = {"group": "model", "name": name, "op": op, "attrs": attrs, "file": file}
    if files:
        line["files"] = files
    print("  " + json.dumps(line | {"arrays": spec(given, got, exact)}, separators=(",", ":")) + ",")


for op in ("mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large"):
    net, name = network(op), "thin_" + op
    x, target = torch.randn(3, 3, 49, 40), torch.tensor([3, 1, 4])
    state = net.state_dict()
    weights = f"model/{name}_weights.safetensors"
    save_file({k: t.clone() for k, t in state.items()}, HERE / weights)
    norm = next(m for m in net.modules() if isinstance(m, NORM))
    attrs = {
        "width_mult": WIDTH, "num_classes": CLASSES, "bn_eps": norm.eps, "bn_momentum": norm.momentum, "dropout": 0,
        "label_smoothing": SMOOTHING, "adamw": ADAMW, "grad_names": [n for n, _ in net.named_parameters()],
        "n_params": sum(p.numel() for p in net.parameters()),
        "state_dict": [[k, list(t.shape), str(t.dtype).removeprefix("torch.")] for k, t in state.items()],
    }
    exact = values(copy.deepcopy(net).double(), x.double(), target)
    got = values(net, x, target)
    write(name, op, attrs, {"in.x": x, "in.target": target}, got[0], exact[0], {"state_dict_safetensors": weights})
    if op == "mobilenet_v3_small":
        write(name + "_grads", op, {"of": name}, {}, got[1], exact[1])
        write(name + "_params_after_3_adamw", op, {"of": name, "adamw": ADAMW}, {}, got[2], exact[2])
