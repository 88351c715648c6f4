"""Makes model/thin_convnext*.safetensors and their lines of the manifest: a ConvNeXt of torchvision, thin and short,
in evaluation and training, with its gradients and its parameters after three steps of AdamW, in float32; float64 beside
it sets the tolerances.

    python make_convnext.py        # PyTorch 2, torchvision, safetensors; prints the lines
"""

import copy
import json
import pathlib

import torch
from safetensors.torch import save_file
from torchvision.models.convnext import CNBlockConfig, ConvNeXt

HERE = pathlib.Path(__file__).parent
LAYERS, WIDTH, CLASSES, SMOOTHING, STEPS = [1, 1, 2, 1], 1 / 16, 10, 0.1, 3
ADAMW = {"lr": 3e-4, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.01}
TYPES = {torch.int64: "I64", torch.float32: "F32", torch.float64: "F64"}
torch.manual_seed(20261130)


def network():
    c = [int(96 * WIDTH) << i for i in range(5)]
    setting = [CNBlockConfig(c[i], c[i + 1] if i < 3 else None, n) for i, n in enumerate(LAYERS)]
    net = ConvNeXt(setting, stochastic_depth_prob=0.0, num_classes=CLASSES)
    for name, p in net.named_parameters():  # far from the initial values, whose branches do nothing
        with torch.no_grad():
            if name.endswith("layer_scale"):
                p.copy_(0.3 + 0.5 * torch.rand_like(p))
            elif p.dim() == 1:
                p.copy_(("weight" in name) + 0.3 * torch.randn_like(p))
            else:
                p.copy_(torch.randn_like(p) * (1.5 / p[0].numel()) ** 0.5)
    return net


def loss_of(net, x, target):
    logits = net(x)
    return logits, torch.nn.functional.cross_entropy(logits, target, label_smoothing=SMOOTHING)


def values(net, x, target):
    out, seen = {}, {}
    net.eval()
    hooks = [
        m.register_forward_hook(lambda _, __, y, k=k: seen.__setitem__(k, y))
        for k, m in [(f"features.{i}", f) for i, f in enumerate(net.features)] + [("avgpool", net.avgpool)]
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


def write(name, attrs, given, got, exact, files=None):
    file = f"model/{name}.safetensors"
    save_file({k: t.contiguous() for k, t in (given | got).items()}, HERE / file)
    line = {"group": "model", "name": name, "op": "convnext_tiny", "attrs": attrs, "file": file}
    if files:
        line["files"] = files
    print("  " + json.dumps(line | {"arrays": spec(given, got, exact)}, separators=(",", ":")) + ",")


net = network()
x, target = torch.randn(2, 3, 45, 32), torch.tensor([3, 7])
state = net.state_dict()
save_file({k: t.clone() for k, t in state.items()}, HERE / "model/thin_convnext_weights.safetensors")
attrs = {
    "layers": LAYERS, "width_mult": WIDTH, "num_classes": CLASSES, "ln_eps": 1e-6, "stochastic_depth": 0,
    "label_smoothing": SMOOTHING, "adamw": ADAMW, "grad_names": [n for n, _ in net.named_parameters()],
    "n_params": sum(p.numel() for p in net.parameters()),
    "state_dict": [[k, list(t.shape), "float32"] for k, t in state.items()],
}
exact = values(copy.deepcopy(net).double(), x.double(), target)
got = values(net, x, target)
files = {"state_dict_safetensors": "model/thin_convnext_weights.safetensors"}
write("thin_convnext", attrs, {"in.x": x, "in.target": target}, got[0], exact[0], files)
write("thin_convnext_grads", {"of": "thin_convnext"}, {}, got[1], exact[1])
write("thin_convnext_params_after_3_adamw", {"of": "thin_convnext", "adamw": ADAMW}, {}, got[2], exact[2])
