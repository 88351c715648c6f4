"""Makes the pictures of this folder and expected.tsv: what Pillow makes of each.

Needs Pillow, NumPy and cjpeg (libjpeg-turbo). A line of expected.tsv is a file name, then either
the word "error", or width, height and CRC-32 of the RGB bytes of Image.open(f).convert("RGB"),
then the same three after ImageOps.exif_transpose where that turns the picture.
"""
import os
import struct
import subprocess
import zlib

import numpy as np
from PIL import Image, ImageOps

os.chdir(os.path.dirname(os.path.abspath(__file__)))
rs = np.random.RandomState(20)
W, H = 37, 29
y, x = np.mgrid[:H, :W]
rgb = np.stack([x * 6, y * 8, (x + y) * 3], -1) + rs.randint(-20, 20, (H, W, 3))
base = Image.fromarray(np.clip(rgb, 0, 255).astype(np.uint8))
gray = base.convert("L")
alpha = Image.fromarray(rs.randint(0, 256, (H, W)).astype(np.uint8))
rgba = base.copy()
rgba.putalpha(alpha)
cmyk = base.convert("CMYK")
deep = Image.fromarray(rs.randint(0, 600, (H, W)).astype(np.uint16))
names = []


def save(im, name, **options):
    im.save(name, **options)
    names.append(name)


def write(name, data):
    with open(name, "wb") as f:
        f.write(data)
    names.append(name)


def read(name):
    with open(name, "rb") as f:
        return f.read()


def noise(n):
    return rs.randint(0, 256, n).astype(np.uint8).tobytes()


# JPEG
for s in (0, 1, 2):
    save(base, f"baseline_{s}.jpg", quality=85, subsampling=s)
    save(base, f"progressive_{s}.jpg", quality=85, subsampling=s, progressive=True)
save(gray, "gray.jpg")
save(cmyk, "cmyk.jpg")
save(base.crop((0, 0, 1, 1)), "one_pixel.jpg")
base.save("t.ppm")
for i, args in enumerate((
        ["-arithmetic"], ["-arithmetic", "-progressive"], ["-rgb"], ["-restart", "1"],
        ["-sample", "4x1"], ["-sample", "1x2"], ["-sample", "3x1"], ["-sample", "2x4"])):
    name = "cjpeg" + "".join(args) + ".jpg"
    write(name, subprocess.run(["cjpeg", *args, "t.ppm"], capture_output=True, check=True).stdout)
os.remove("t.ppm")
for o in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = o
    save(base, f"orientation_{o}.jpg", exif=exif)
exif[0x0112] = 6
save(base, "orientation.png", exif=exif)
save(base, "orientation.webp", exif=exif)
jpeg = read("baseline_2.jpg")
cmyk_bytes = read("cmyk.jpg")
adobe = cmyk_bytes.index(b"\xff\xee")
write("no_adobe_cmyk.jpg", cmyk_bytes[:adobe] + cmyk_bytes[adobe + 16:])
write("trailing_garbage.jpg", jpeg + noise(300))
write("bad_exif.jpg", jpeg[:2] + b"\xff\xe1\0\x1eExif\0\0II*\0\xff\xff\xff\x7f" + bytes(14) + jpeg[2:])
write("jpeg_named.png", jpeg)
sos = jpeg.index(b"\xff\xda")
write("garbage_inside.jpg", jpeg[:sos + 100] + noise(20).replace(b"\xff", b"\0") + jpeg[sos + 120:])
write("half.jpg", jpeg[:len(jpeg) // 2])
write("no_eoi.jpg", jpeg[:-2])
progressive = read("progressive_2.jpg")
write("half_progressive.jpg", progressive[:len(progressive) // 2])
write("no_eoi_progressive.jpg", progressive[:-2])
write("header_only.jpg", jpeg[:sos])
write("soi_only.jpg", jpeg[:2])
write("empty.jpg", b"")
write("text.jpg", b"<html>404 not found</html>\n")
write("zeros.jpg", bytes(2000))
sof = jpeg.index(b"\xff\xc0")
write("huge.jpg", jpeg[:sof + 5] + struct.pack(">HH", 30000, 30000) + jpeg[sof + 9:])


# PNG: every colour type and depth, all filters, both layouts, data cut over chunks
def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(name, w, h, depth, colour, interlaced):
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    rows = b""
    for x0, y0, dx, dy in passes if interlaced else [(0, 0, 1, 1)]:
        n = len(range(x0, w, dx))
        for _ in range(y0, h, dy) if n else ():
            rows += bytes([rs.randint(5)]) + noise((n * samples * depth + 7) // 8)
    z = zlib.compress(rows)
    palette = chunk(b"PLTE", noise(3 * min(1 << depth, 200))) if colour == 3 else b""
    header = struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, interlaced)
    write(name, b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + palette + chunk(b"IDAT", z[:9])
          + chunk(b"IDAT", b"") + chunk(b"IDAT", z[9:]) + chunk(b"IEND", b""))


for colour, depths in {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}.items():
    for depth in depths:
        png(f"colour{colour}_{depth}.png", 19, 7, depth, colour, 0)
        png(f"colour{colour}_{depth}_adam7.png", 13, 11, depth, colour, 1)
save(base.quantize(16), "palette_alpha.png", transparency=bytes([0, 64, 128, 255] + [255] * 12))
save(base, "rgb.png")
data = read("rgb.png")
idat = data.index(b"IDAT")
write("half.png", data[:len(data) // 2])
write("no_iend.png", data[:-12])
write("bad_data.png", data[:idat + 60] + bytes([data[idat + 60] ^ 0x55]) + data[idat + 61:])
write("bad_header_checksum.png", data[:29] + bytes([data[29] ^ 255]) + data[30:])
for name, w, h in (("bomb.png", 60000, 60000), ("huge.png", 30000, 30000), ("zero.png", 0, 10)):
    write(name, data[:8] + chunk(b"IHDR", struct.pack(">II", w, h) + data[24:29]) + data[33:])


# BMP
def bmp(name, bits, compression=0, extra=b"", palette=0, size=40, up=True, body=None, w=13, h=9):
    stride = (w * bits + 31) // 32 * 4
    body = body or noise(stride * h)
    head = struct.pack("<IiiHHIIiiII", 40, w, h if up else -h, 1, bits, compression, 0, 0, 0, 0, 0) + extra
    if size == 12:
        head = struct.pack("<IHHHH", 12, w, h, 1, bits)
    elif size > 40:
        head = (struct.pack("<I", size) + head[4:]).ljust(size, b"\0")
    head += noise(palette * (3 if size == 12 else 4))
    write(name, b"BM" + struct.pack("<IHHI", 14 + len(head) + len(body), 0, 0, 14 + len(head)) + head + body)


for bits in (1, 4, 8, 16, 24, 32):
    bmp(f"bits{bits}.bmp", bits, palette=1 << bits if bits <= 8 else 0)
bmp("top_down.bmp", 24, up=False)
bmp("os2.bmp", 4, size=12, palette=16)
bmp("fields565.bmp", 16, 3, struct.pack("<III", 0xF800, 0x7E0, 0x1F))
bmp("fields_abgr.bmp", 32, 3, struct.pack("<IIII", 0xFF000000, 0xFF0000, 0xFF00, 0xFF), size=108)
bmp("rle8.bmp", 8, 1, palette=256, body=(b"\5\7\0\4abcd\3\1\0\0" * 8 + b"\0\2\1\1\14\3\0\0\15\4\0\1"))
bmp("rle4.bmp", 4, 2, palette=16, body=(b"\5\x79\0\4\x12\x34\4\x1a\0\0" * 9 + b"\0\1"))
save(base.convert("1"), "bilevel.bmp")
write("half.bmp", read("bits24.bmp")[:200])

# GIF, TIFF, WebP, PNM
save(base.quantize(100), "plain.gif", interlace=0)
save(base.quantize(7), "interlaced.gif", interlace=1)
save(gray, "gray.gif")
gif = bytearray(read("plain.gif"))
gif[6:10] = struct.pack("<HH", 50, 40)
write("larger_screen.gif", bytes(gif))
write("half.gif", bytes(gif[:len(gif) // 2]))
base.quantize(30).save("animated.gif", save_all=True, append_images=[gray.quantize(9)])
names.append("animated.gif")
for compression in (None, "tiff_lzw", "tiff_adobe_deflate", "packbits"):
    save(base, f"rgb_{compression}.tif", compression=compression, tiffinfo={278: 5})
save(base, "predictor.tif", compression="tiff_lzw", tiffinfo={317: 2})
for name, im in dict(rgba=rgba, gray=gray, deep=deep, cmyk=cmyk, bilevel=base.convert("1"), palette=base.quantize(16)).items():
    save(im, name + ".tif", compression="tiff_lzw")
save(base, "orientation.tif", exif=exif)
write("half.tif", read("rgb_None.tif")[:1500])
save(base, "lossy.webp", quality=80)
save(base, "lossless.webp", lossless=True)
save(rgba, "alpha.webp", quality=70)
rgba.save("animated.webp", save_all=True, append_images=[base], lossless=True)
names.append("animated.webp")
write("half.webp", read("lossy.webp")[:200])
write("plain.pbm.ppm", b"P1\n# c\n7 2\n0110101 1 0 1 0 1 0 1\n")
write("plain.pgm", b"P2 4 2 15 0 1 2 3 #x\n4 5 15 7")
write("plain.ppm", b"P3 2 1 255 1 2 3 4 5 255\n")
write("binary.pbm.ppm", b"P4 11 2\n" + noise(4))
write("deep.pgm", b"P5 3 2 1000\n" + bytes([0, 5, 1, 2, 3, 4, 0, 0, 0, 9, 1, 1]))
write("binary.ppm", b"P6\n# hi\n2 2\n#a\n100\n" + noise(12))
write("short.ppm", b"P6 3 3 255\n" + noise(20))


def fields(im):
    im = im.convert("RGB")
    return [str(im.width), str(im.height), str(zlib.crc32(im.tobytes()))]


with open("expected.tsv", "w") as out:
    for name in sorted(names):
        try:
            with Image.open(name) as im:
                line = fields(im)
                if "orientation" in name:
                    line += fields(ImageOps.exif_transpose(im))
        except Exception:
            line = ["error"]
        out.write("\t".join([name, *line]) + "\n")
