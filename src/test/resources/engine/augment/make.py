#!/usr/bin/env python3
"""Makes the reference cases beside this file with torchvision on PIL images:  python3 make.py

The form is that of every folder of reference cases: manifest.json and safetensors files.
"""
import json, math, os, struct
import numpy as np
import torch
import torchvision.transforms as T
import torchvision.transforms.functional as TF
from PIL import Image

HERE = os.path.dirname(os.path.abspath(__file__))
BIL, BIC, NEAR = (T.InterpolationMode(m) for m in ("bilinear", "bicubic", "nearest"))
NAMES = {"uint8": "U8", "float32": "F32", "float64": "F64", "int64": "I64"}
cases = []


def case(name, op, arrays, attrs, files=None, tol=None):
    header, data, specs = {}, b"", {}
    for k, v in arrays.items():
        v = np.ascontiguousarray(v)
        b = v.tobytes()
        header[k] = dict(dtype=NAMES[v.dtype.name], shape=v.shape, data_offsets=[len(data), len(data) + len(b)])
        data += b
        specs[k] = dict(dtype=NAMES[v.dtype.name], shape=v.shape)
        if k.startswith("out."):
            specs[k].update(dict(atol=tol, rtol=1e-6) if tol else dict(exact=True))
    h = json.dumps(header).encode()
    h += b" " * (-len(h) % 8)
    with open(os.path.join(HERE, name + ".safetensors"), "wb") as f:
        f.write(struct.pack("<Q", len(h)) + h + data)
    cases.append(dict(group="augment", name=name, op=op, attrs=attrs, file=name + ".safetensors", arrays=specs, files=files or {}))


def picture(w, h, seed):
    r = np.random.RandomState(seed)
    y, x = np.mgrid[0:h, 0:w]
    a = np.stack([128 + 90 * np.sin(x * r.uniform(.1, .6) + y * r.uniform(.1, .6) + c) for c in range(3)], -1)
    a = np.clip(a + r.randn(h, w, 3) * 12, 0, 255).astype(np.uint8)
    a[2:7, 3:9] = r.randint(0, 256, 3)
    return Image.fromarray(a)


def u8(name, src, out, ops):
    case(name, "transform", {"out.u8": np.asarray(out)}, dict(ops=ops, out_size_wh=out.size), dict(src=src + ".png"))


im = dict(rgb=picture(31, 22, 1), tall=picture(19, 43, 2), gray=picture(17, 13, 3).convert("L"))
for k, v in im.items():
    v.save(os.path.join(HERE, k + ".png"))
a, t, g = im["rgb"], im["tall"], im["gray"]
u8("resize_shrinks", "rgb", T.Resize((9, 14))(a), [["Resize", [9, 14]]])
u8("resize_grows", "rgb", T.Resize((40, 37))(a), [["Resize", [40, 37]]])
u8("resize_one_axis", "tall", T.Resize((43, 7))(t), [["Resize", [43, 7]]])
u8("resize_gray", "gray", T.Resize((5, 23))(g), [["Resize", [5, 23]]])
u8("resize_to_one_pixel", "rgb", T.Resize((1, 1))(a), [["Resize", [1, 1]]])
u8("resize_bicubic", "rgb", T.Resize((13, 45), BIC)(a), [["Resize", [13, 45], "bicubic"]])
u8("resize_nearest", "tall", T.Resize((20, 38), NEAR)(t), [["Resize", [20, 38], "nearest"]])
u8("resize_max_size", "tall", T.Resize(12, max_size=20)(t), [["Resize", 12, "max_size=20"]])
u8("resize_and_crop", "tall", T.CenterCrop(14)(T.Resize(16)(t)), [["Resize", 16], ["CenterCrop", 14]])
u8("center_crop_pads", "gray", T.CenterCrop((20, 10))(g), [["CenterCrop", [20, 10]]])
u8("crop_outside", "rgb", TF.crop(a, -3, 25, 12, 11), [["crop", -3, 25, 12, 11]])
u8("resized_crop", "rgb", TF.resized_crop(a, 4, 7, 15, 20, [16, 16]), [["resized_crop", 4, 7, 15, 20, 16, 16]])
u8("flips", "tall", TF.vflip(TF.hflip(t)), [["hflip"], ["vflip"]])
for m in ("edge", "reflect", "symmetric"):
    u8("pad_" + m, "gray", TF.pad(g, 15, 0, m), [["Pad", 15, m]])
u8("pad_and_crop", "rgb", TF.crop(TF.pad(a, 4), 1, 6, 22, 31), [["Pad", 4, 0], ["crop", 1, 6, 22, 31]])
u8("grayscale", "rgb", T.Grayscale(3)(a), [["Grayscale", 3]])
u8("rotate", "rgb", TF.rotate(a, 15.), [["rotate_15"]])
u8("rotate_bilinear", "tall", TF.rotate(t, -33., BIL), [["rotate_-33_bilinear"]])
u8("affine", "rgb", TF.affine(a, 10., [5, -4], 1.2, [8., 3.]), [["affine"]])
for n, f in (("autocontrast", TF.autocontrast), ("equalize", TF.equalize), ("invert", TF.invert),
             ("posterize_3", lambda x: TF.posterize(x, 3)), ("solarize_128", lambda x: TF.solarize(x, 128))):
    u8(n, "rgb", f(a), [[n]])
jit = TF.adjust_hue(TF.adjust_saturation(TF.adjust_contrast(TF.adjust_brightness(a, 1.3), .7), 1.4), .07)
u8("jitter", "rgb", jit, [["brightness", 1.3], ["contrast", .7], ["saturation", 1.4], ["hue", .07]])
for n in ("brightness", "contrast", "saturation", "hue", "sharpness", "gamma"):
    fs = [-.5, -.13, 0., .25, .5] if n == "hue" else [0., .61, 1., 1.37, 2.5]
    out = np.stack([np.asarray(getattr(TF, "adjust_" + n)(a, f)) for f in fs])
    case("adjust_" + n, "adjust_" + n, {"in.factors": np.array(fs), "out.u8": out}, dict(), dict(src="rgb.png"))
mean, std = [.485, .456, .406], [.229, .224, .225]
x = T.ToTensor()(a)
case("to_tensor_normalize", "to_tensor_normalize", {"in.u8": np.asarray(a), "out.tensor": x.numpy(), "out.normalized": T.Normalize(mean, std)(x).numpy()}, dict(mean=mean, std=std), tol=1e-7)
case("to_tensor_gray", "to_tensor_normalize", {"in.u8": np.asarray(g), "out.tensor": T.ToTensor()(g).numpy()}, dict(), tol=1e-7)
case("tensor_resize", "tensor_resize", {"in.x": x.numpy(), "out.antialias": TF.resize(x, [9, 40], antialias=True).numpy(), "out.no_antialias": TF.resize(x, [9, 40], antialias=False).numpy()}, dict(size=[9, 40]), tol=2e-6)
e = TF.erase(x[:, :8, :9].clone(), 2, 3, 4, 5, torch.zeros(3, 1, 1))
case("erase", "erase", {"in.x": x[:, :8, :9].numpy(), "out.y": e.numpy()}, dict(i=2, j=3, h=4, w=5, value=0))
r = np.random.RandomState(5)
b, y, lam, cx, cy = torch.from_numpy(r.rand(3, 2, 6, 8).astype("f4")), torch.tensor([2, 0, 1]), .42, 6, 2
oh = torch.eye(4)[y]
half = .5 * math.sqrt(1 - lam)
x1, y1, x2, y2 = max(cx - int(half * 8), 0), max(cy - int(half * 6), 0), min(cx + int(half * 8), 8), min(cy + int(half * 6), 6)
l2 = 1 - (x2 - x1) * (y2 - y1) / 48
c = b.clone()
c[:, :, y1:y2, x1:x2] = b.roll(1, 0)[:, :, y1:y2, x1:x2]
mix = lambda v, l: (v.roll(1, 0) * (1 - l) + v * l).numpy()
case("mixup_cutmix", "mixup_cutmix", {"in.x": b.numpy(), "in.target": y.numpy(), "out.mixup_x": mix(b, lam), "out.mixup_y": mix(oh, lam), "out.cutmix_x": c.numpy(), "out.cutmix_y": mix(oh, l2)}, dict(lam=lam, r_x=cx, r_y=cy, box=[x1, y1, x2, y2], cutmix_lambda=l2, K=4), tol=1e-6)
torch.manual_seed(7)
ps = np.array([T.RandomResizedCrop.get_params(a, [.08, 1.], [3 / 4, 4 / 3]) for _ in range(4000)], np.float64)
lr = np.log(ps[:, 3] / ps[:, 2])
seen = dict(n=4000, image_wh=a.size, mean_ijhw=ps.mean(0).round(3).tolist(), std_ijhw=ps.std(0).round(3).tolist(), mean_area_fraction=round((ps[:, 2] * ps[:, 3]).mean() / (31 * 22), 4), mean_log_ratio=round(lr.mean(), 4), std_log_ratio=round(lr.std(), 4))
cases.append(dict(group="augment", name="statistics", op="statistics", attrs=dict(scale=[.08, 1.], ratio=[.75, 4 / 3], observed=seen)))
with open(os.path.join(HERE, "manifest.json"), "w") as f:
    json.dump(dict(cases=cases), f, separators=(",", ":"))
