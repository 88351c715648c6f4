"""Makes model/thin_efficientnet_lite0*.safetensors and model/thin_tf_efficientnet_b0*.safetensors and their lines of the
manifest: two thin EfficientNets with TensorFlow's padding, in evaluation and training, with the first's gradients, in
float32; float64 beside it sets the tolerances. The weights have the names of the library that computes: timm's (Lite)
and efficientnet_pytorch's (B0).

    python make_efficientnet.py    # PyTorch 2, timm, efficientnet_pytorch, safetensors; prints the lines
"""

import copy
import functools
import json
import pathlib

import efficientnet_pytorch
import torch
from safetensors.torch import save_file
from timm.layers import get_act_layer
from timm.models._efficientnet_builder import decode_arch_def, round_channels
from timm.models.efficientnet import EfficientNet

HERE = pathlib.Path(__file__).parent
WIDTH, CLASSES, SMOOTHING, STEPS = 0.1, 10, 0.1, 3
# Expansion, kernel, stride, channels, layers: B0 and Lite0.
STAGES = [(1, 3, 1, 16, 1), (6, 3, 2, 24, 2), (6, 5, 2, 40, 2), (6, 3, 2, 80, 3), (6, 5, 1, 112, 3), (6, 5, 2, 192, 4), (6, 3, 1, 320, 1)]
ADAMW = {"lr": 3e-4, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0.01}
TYPES = {torch.int64: "I64", torch.float32: "F32", torch.float64: "F64"}
torch.manual_seed(20261130)


def lite():
    arch = [f"{'ds' if e == 1 else 'ir'}_r{n}_k{k}_s{s}_e{e}_c{c}" for e, k, s, c, n in STAGES]
    return EfficientNet(
        decode_arch_def([[a] for a in arch], 1.0, fix_first_last=True), num_classes=CLASSES, num_features=128,
        stem_size=8, fix_stem=True, round_chs_fn=functools.partial(round_channels, multiplier=WIDTH),
        act_layer=get_act_layer("relu6"), norm_layer=functools.partial(torch.nn.BatchNorm2d, eps=1e-3), pad_type="same")


def b0():
    net = efficientnet_pytorch.EfficientNet.from_name(
        "efficientnet-b0", width_coefficient=WIDTH, image_size=None, num_classes=CLASSES, dropout_rate=0,
        drop_connect_rate=0)
    for m in net.modules():
        if isinstance(m, torch.nn.BatchNorm2d):
            assert m.eps == 1e-3
            m.momentum = 0.1
    # A thin one's first block has as many channels out as in, and its [1] is not seen to be a stride of 1.
    net._blocks[0]._block_args = net._blocks[0]._block_args._replace(stride=1)
    return net


def drawn(net):
    for name, p in net.named_parameters():
        last = any(w in name for w in (".bn3.", "_bn2.")) or name.startswith("blocks.0.0.bn2.")
        with torch.no_grad():
            if p.dim() == 1 and "bn" in name and "weight" in name:
                p.copy_((0.4 if last else 1) * (1 + 0.3 * torch.randn_like(p)))
            elif p.dim() == 1:
                p.copy_(0.3 * torch.randn_like(p))
            else:
                p.copy_(torch.randn_like(p) * (1.5 / p[0].numel()) ** 0.5)
    for name, b in net.named_buffers():
        if "running" in name:
            b.copy_(0.5 + torch.rand_like(b) if "var" in name else 0.3 * torch.randn_like(b))
    return net


def own(name):
    """A library's name of a tensor in the words of torchvision."""
    outer = {"conv_stem": "features.0.0", "bn1": "features.0.1", "conv_head": "features.8.0", "bn2": "features.8.1",
             "classifier": "classifier.1", "_conv_stem": "features.0.0", "_bn0": "features.0.1",
             "_conv_head": "features.8.0", "_bn1": "features.8.1", "_fc": "classifier.1"}
    parts = name.split(".")
    if parts[0] in outer:
        return ".".join([outer[parts[0]]] + parts[1:])
    if parts[0] == "blocks":
        stage, block, layer, leaf = int(parts[1]), parts[2], parts[3], parts[4]
        order = ["conv_dw bn1", "conv_pw bn2"] if stage == 0 else ["conv_pw bn1", "conv_dw bn2", "conv_pwl bn3"]
    else:
        n, layer, leaf = int(parts[1]), parts[2], parts[3]
        stage = next(i for i in range(7) if n < sum(s[4] for s in STAGES[: i + 1]))
        block = str(n - sum(s[4] for s in STAGES[:stage]))
        order = ["_depthwise_conv _bn1", "_se_reduce _se_expand", "_project_conv _bn2"]
        order = order if stage == 0 else ["_expand_conv _bn0"] + order
    for i, pair in enumerate(order):
        if layer in pair.split():
            which = pair.split().index(layer)
            inner = f"fc{which + 1}" if layer.startswith("_se") else str(which)
            return f"features.{stage + 1}.{block}.block.{i}.{inner}.{leaf}"
    raise KeyError(name)


def order(names):
    """Engine's: layer after layer, convolution before norm."""
    def key(n):
        parts = own(n).split(".")
        leaf = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"].index(parts[-1])
        return [0 if parts[0] == "features" else 1] + [int(p.replace("fc", "")) if p.replace("fc", "").isdigit() else 0 for p in parts[1:-1]] + [leaf]
    return sorted(names, key=key)


def loss_of(net, x, target):
    logits = net(x)
    return logits, torch.nn.functional.cross_entropy(logits, target, label_smoothing=SMOOTHING)


def stages(net):
    if hasattr(net, "_blocks"):
        return {f"features.{i + 1}": net._blocks[sum(s[4] for s in STAGES[: i + 1]) - 1] for i in range(7)}
    return {"features.0": net.bn1} | {f"features.{i + 1}": b for i, b in enumerate(net.blocks)} | {"features.8": net.bn2}


def values(net, x, target):
    out, seen = {}, {}
    net.eval()
    hooks = [m.register_forward_hook(lambda _, __, y, k=k: seen.__setitem__(k, y)) for k, m in stages(net).items()]
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
    params = dict(net.named_parameters())
    grads = {f"grad.{own(n)}": params[n].grad.clone() for n in order(params)}
    out["out.grad_norms"] = torch.stack([g.norm() for g in grads.values()])
    out |= {f"out.buffers_after_1_step.{own(n)}": b.clone() for n, b in net.named_buffers()}
    net.zero_grad()
    optimizer, losses = torch.optim.AdamW(net.parameters(), **ADAMW), []
    for _ in range(STEPS):
        _, loss = loss_of(net, x, target)
        losses.append(loss.detach())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return out, grads


def spec(given, got, exact):
    out = {k: {"dtype": TYPES[t.dtype], "shape": list(t.shape)} for k, t in given.items()}
    for k, t in got.items():
        if t.dtype == torch.int64:
            out[k] = {"dtype": "I64", "shape": list(t.shape), "exact": True}
            continue
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


def case(name, op, net, size):
    x, target = torch.randn(2, 3, *size), torch.tensor([3, 7])
    state = net.state_dict()
    weights = f"model/{name}_weights.safetensors"
    save_file({k: t.clone() for k, t in state.items()}, HERE / weights)
    params = dict(net.named_parameters())
    attrs = {
        "width_mult": WIDTH, "num_classes": CLASSES, "bn_eps": 1e-3, "bn_momentum": 0.1, "label_smoothing": SMOOTHING,
        "adamw": ADAMW, "grad_names": [own(n) for n in order(params)], "n_params": sum(p.numel() for p in params.values()),
        "state_dict": [[own(k), list(state[k].shape), "int64" if "num_b" in k else "float32"] for k in order(state)],
    }
    exact = values(copy.deepcopy(net).double(), x.double(), target)
    got = values(net, x, target)
    write(name, op, attrs, {"in.x": x, "in.target": target}, got[0], exact[0], {"state_dict_safetensors": weights})
    if op.endswith("lite0"):
        write(f"{name}_grads", op, {"of": name}, {}, got[1], exact[1])


case("thin_efficientnet_lite0", "efficientnet_lite0", drawn(lite()), (47, 66))
case("thin_tf_efficientnet_b0", "tf_efficientnet_b0", drawn(b0()), (50, 45))
