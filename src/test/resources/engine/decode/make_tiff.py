"""Makes tiff.tsv.gz: small TIFF files of many kinds, and what Pillow makes of each.

Needs Pillow 12, tifffile and imagecodecs. A line is a name, width, height and CRC-32 of the RGB
bytes of ImageOps.exif_transpose(Image.open(f)).convert("RGB"), or "error" and two dashes, then the
file in hexadecimal digits. Two things Pillow 12 reads wrongly, compressed samples in big-endian order
where they are signed or real, and uncompressed planes of 16 bits: there the same pixels stored in
another way are expected.
"""
import gzip
import io
import itertools
import os
import struct
import warnings
import zlib

import numpy as np
import tifffile
from PIL import Image, ImageOps

warnings.simplefilter("ignore")
os.chdir(os.path.dirname(os.path.abspath(__file__)))
rs = np.random.RandomState(15)
H, W = 11, 14
y, x = np.mgrid[:H, :W]
rgb = (np.stack([x * 16, y * 20, (x + y) * 9], -1) // 8 * 8).astype(np.uint8)
gray = rgb.mean(-1).astype(np.uint8)
alpha = (x * 18).astype(np.uint8)
rgba = np.dstack([rgb, alpha])
files = {}
alike = {}


def tiff(name, data, **options):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, data, software=None, metadata=None, **options)
    files[name] = buffer.getvalue()


def pil(name, image, **options):
    buffer = io.BytesIO()
    image.save(buffer, "TIFF", **options)
    files[name] = buffer.getvalue()


kinds = {
    "rgb8": (rgb, "rgb"), "gray8": (gray, "minisblack"), "white8": (gray, "miniswhite"),
    "rgb16": (rgb.astype(np.uint16) * 255, "rgb"), "gray16": (gray.astype(np.uint16) * 3, "minisblack"),
    "signed16": (gray.astype(np.int16) * 3 - 90, "minisblack"), "signed32": (gray.astype(np.int32) * 2 - 70, "minisblack"),
    "unsigned32": (gray.astype(np.uint32) * 20000000, "minisblack"), "float32": (gray * np.float32(1.7) - 30, "minisblack"),
    "signed8": (gray.astype(np.int8), "minisblack"), "cmyk8": (rgba, "separated"), "cmyk16": (rgba.astype(np.uint16) * 255, "separated"),
}
for (k, (data, photometric)), c in itertools.product(kinds.items(), (None, "lzw", "zlib", "zstd", "lzma")):
    options = dict(photometric=photometric, compression=c)
    tiff(f"{k}_{c}", data, **options)
    tiff(f"{k}_{c}_tile_big", data, tile=(16, 16), bigtiff=True, predictor=bool(c), **options)
    if not c or k in ("rgb8", "gray16", "rgb16", "cmyk16"):
        tiff(f"{k}_{c}_strips_be", data, byteorder=">", rowsperstrip=3, predictor=bool(c), **options)
    elif k in ("signed16", "signed32", "float32"):
        tiff(f"{k}_{c}_strips_be", data, byteorder=">", rowsperstrip=3, predictor=True, **options)
        alike[f"{k}_{c}_strips_be"] = f"{k}_{c}"
    if data.ndim == 3 and (c or "16" in k):
        alike[f"{k}_{c}_planar"] = f"{k}_{c}"
    if data.ndim == 3:
        tiff(f"{k}_{c}_planar", np.moveaxis(data, -1, 0), planarconfig="separate", rowsperstrip=5, **options)
for e, c in itertools.product(("assocalpha", "unspecified", "unassalpha"), (None, "lzw")):
    tiff(f"{e}_{c}", rgba, photometric="rgb", extrasamples=[e], compression=c)
    tiff(f"{e}16_{c}", rgba.astype(np.uint16) * 257, photometric="rgb", extrasamples=[e], compression=c)
    tiff(f"{e}_more_{c}", np.dstack([rgba, alpha]), photometric="rgb", extrasamples=[e, "unspecified"], compression=c)
tiff("assocalpha_planar_lzw", np.moveaxis(rgba, -1, 0), photometric="rgb", extrasamples=["assocalpha"], planarconfig="separate", compression="lzw")
tiff("unspecified_planar_zstd", np.moveaxis(rgba, -1, 0), photometric="rgb", extrasamples=["unspecified"], planarconfig="separate", compression="zstd")
tiff("gray_alpha", np.dstack([gray, alpha]), photometric="minisblack", extrasamples=["unassalpha"], compression="zlib")
tiff("palette", gray, photometric="palette", colormap=rs.randint(0, 65536, (3, 256)).astype(np.uint16), compression="packbits")
for s in ((1, 1), (2, 1), (2, 2), (4, 1)):
    tiff(f"jpeg_{s[0]}{s[1]}", rgb, photometric="ycbcr", compression="jpeg", subsampling=s)
tiff("jpeg_tile", rgb, photometric="ycbcr", compression="jpeg", tile=(16, 16))
tiff("jpeg_rgb", rgb, photometric="rgb", compression="jpeg")
tiff("jpeg_12bit", gray.astype(np.uint16) * 5, photometric="minisblack", compression="jpeg")
tiff("jpeg_planar", np.moveaxis(rgb, -1, 0), photometric="rgb", planarconfig="separate", compression="jpeg")
for c in ("zstd", "lzma"):
    for k in ("float32", "rgb16", "gray8"):
        predictor = 3 if k == "float32" else 2
        tiff(f"{k}_{c}_predictor{predictor}", kinds[k][0], photometric=kinds[k][1], compression=c, predictor=predictor, rowsperstrip=4)
    tiff(f"float32_{c}_predictor3_be", kinds["float32"][0], byteorder=">", compression=c, predictor=3, tile=(16, 16))
    alike[f"float32_{c}_predictor3_be"] = "float32_None"
    tiff(f"{c}_several", np.stack([rgb, 255 - rgb]), photometric="rgb", compression=c)
    tiff(f"{c}_strongest", rgb, photometric="rgb", compression=c, compressionargs={"level": 9 if c == "lzma" else 22})
tiff("webp", rgb, photometric="rgb", compression="webp", compressionargs={"lossless": True})
tiff("float64", gray.astype(np.float64), photometric="minisblack")
tiff("float16", gray.astype(np.float16), photometric="minisblack")
tiff("several", np.stack([rgb, 255 - rgb]), photometric="rgb", compression="zlib")
images = {"1": Image.fromarray(gray).convert("1"), "L": Image.fromarray(gray), "RGB": Image.fromarray(rgb), "CMYK": Image.fromarray(rgba, "CMYK"),
          "YCbCr": Image.fromarray(rgb).convert("YCbCr"), "P": Image.fromarray(rgb).quantize(20)}
for c, fill in itertools.product(("tiff_ccitt", "group3", "group4", "packbits", "raw"), (1, 2)):
    pil(f"bilevel_{c}_{fill}", images["1"], compression=c, tiffinfo={266: fill})
pil("group3_2d", images["1"], compression="group3", tiffinfo={292: 1})
for m, c in itertools.product(("1", "L", "RGB", "CMYK", "YCbCr", "P"), ("zstd", "lzma")):
    pil(f"{m}_{c}", images[m], compression=c, tiffinfo={278: 4})
    if m not in ("CMYK", "YCbCr"):
        pil(f"{m}_{c}_fill2", images[m], compression=c, tiffinfo={266: 2})
for m, c in itertools.product(("L", "RGB", "CMYK", "YCbCr"), ("jpeg", "packbits", "tiff_deflate", "tiff_lzw")):
    pil(f"{m}_{c}", images[m], compression=c, tiffinfo={278: 4 if c != "jpeg" else 8})
for o in (3, 6):
    pil(f"RGB_turned_{o}_zstd", images["RGB"], compression="zstd", tiffinfo={274: o})
    pil(f"YCbCr_turned_{o}", images["YCbCr"], compression="tiff_lzw", tiffinfo={274: o})
    pil(f"RGB_turned_{o}", images["RGB"], compression="tiff_lzw", tiffinfo={274: o})
alike["webp"] = "rgb8_None"  # Pillow's libtiff has no WebP
alike["unsigned32_None_strips_be"] = "unsigned32_None"
pil("P_lzw", images["P"], compression="tiff_lzw")
pil("fill2_lzw", images["L"], compression="tiff_lzw", tiffinfo={266: 2})
packed = b"".join(bytes(int("".join(f"{int(v) * 13:012b}" for v in row)[i:i + 8], 2) for i in range(0, W * 12, 8)) for row in gray)
tags = [(256, W), (257, H), (258, 12), (259, 1), (262, 1), (273, 122), (277, 1), (278, H), (279, len(packed))]
files["gray12"] = struct.pack("<2sHIH", b"II", 42, 8, 9) + b"".join(struct.pack("<HHII", t, 4, 1, v) for t, v in tags) + bytes(4) + packed
for name in ("rgb8_lzw", "L_jpeg", "bilevel_group4_1", "YCbCr_tiff_lzw", "gray8_zlib", "gray8_zstd", "gray8_lzma", "RGB_zstd", "RGB_lzma"):
    files[name + "_cut"] = files[name][:len(files[name]) - 40] if files[name][4:8] == b"\x08\0\0\0" else files[name][:-160]


def result(data):
    try:
        im = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
        return f"{im.width}\t{im.height}\t{zlib.crc32(im.tobytes())}"
    except Exception:
        return "error\t-\t-"


with open("tiff.tsv.gz", "wb") as out:
    lines = "".join(f"{name}\t{result(files[alike.get(name, name)])}\t{data.hex()}\n" for name, data in files.items())
    out.write(gzip.compress(lines.encode(), 9, mtime=0))
