"""Makes orientation.tsv.gz: small pictures that say in many ways how they are to be turned.

Needs Pillow 12. A line is a name, the orientation that ImageOps.exif_transpose obeys (where Pillow
fails on damaged EXIF: 1), and the file in hexadecimal digits.
"""
import gzip
import io
import itertools
import os
import struct
import warnings
import zlib

from PIL import Image, ImageOps

warnings.simplefilter("ignore")
os.chdir(os.path.dirname(os.path.abspath(__file__)))
W, H = 3, 2
base = Image.new("L", (W, H))
base.putdata([0, 40, 90, 140, 190, 250])
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8}
CODES = {1: "B", 2: "B", 3: "H", 4: "L", 5: "LL", 6: "b", 7: "B", 8: "h", 9: "l", 10: "ll", 11: "f", 12: "d", 13: "L", 16: "Q", 17: "q"}


def values(endian, type_, numbers):
    return b"".join(struct.pack(endian + CODES[type_], *(n if isinstance(n, tuple) else (n,))) for n in numbers)


def exif(entries, endian="<", magic=None, offset=8, cut=None, count=None):
    """entries: (tag, type, count, bytes or None for an offset far away)"""
    head = {"<": b"II*\0", ">": b"MM\0*"}[endian] if magic is None else magic
    ifd = struct.pack(endian + "H", len(entries) if count is None else count)
    far = offset + 2 + 12 * len(entries) + 4
    tail = b""
    for tag, type_, n, data in entries:
        ifd += struct.pack(endian + "HHL", tag, type_, n)
        if data is None:
            ifd += struct.pack(endian + "L", 100000)
        elif len(data) > 4:
            ifd += struct.pack(endian + "L", far + len(tail))
            tail += data
        else:
            ifd += data.ljust(4, b"\0")
    out = head + struct.pack(endian + "L", offset) + bytes(offset - 8) + ifd + bytes(4) + tail
    return out[:cut]


def tag(type_, *numbers, endian="<", n=None):
    return 274, type_, n or len(numbers), values(endian, type_, numbers)


E = {}
for o in range(0, 10):
    E[f"short{o}"] = exif([tag(3, o)])
for t in (1, 2, 3, 4, 6, 7, 8, 9, 13, 16, 17):
    E[f"type{t}"] = exif([tag(t, 6)])
    E[f"type{t}be"] = exif([tag(t, 6, endian=">")], ">")
    E[f"type{t}two"] = exif([tag(t, 8, 3)])
for t in (8, 9, 6):
    E[f"negative{t}"] = exif([tag(t, -6)])
E["float6"] = exif([tag(11, 6.0)])
E["float6be"] = exif([tag(11, 6.0, endian=">")], ">")
E["float6.5"] = exif([tag(11, 6.5)])
E["floatnan"] = exif([tag(11, float("nan"))])
E["double6"] = exif([tag(12, 6.0)])
E["double2"] = exif([tag(12, 8.0, 6.0)])
E["rational6"] = exif([tag(5, (6, 1))])
E["rational12_2"] = exif([tag(5, (12, 2))])
E["rational13_2"] = exif([tag(5, (13, 2))])
E["rational6_0"] = exif([tag(5, (6, 0))])
E["rational0_0"] = exif([tag(5, (0, 0))])
E["srational"] = exif([tag(10, (-6, -1))])
E["srational0"] = exif([tag(10, (-6, 0))])
E["ascii"] = exif([(274, 2, 2, b"6\0")])
E["short3values"] = exif([tag(3, 5, 6, 7)])
E["long2"] = exif([tag(4, 7, 1)], "<")
E["count0"] = exif([tag(3, 6, n=1)[:2] + (0, b"\6\0")])
E["twice"] = exif([tag(3, 6), tag(3, 8)])
E["after_far"] = exif([(270, 2, 50, None), tag(3, 6)])
E["before_far"] = exif([tag(3, 6), (270, 2, 50, None)])
E["after_unknown"] = exif([(270, 99, 50, None), tag(3, 6)])
E["after_type0"] = exif([(270, 0, 1, b""), tag(3, 6)])
E["after_empty"] = exif([(270, 2, 0, b""), tag(3, 6)])
E["huge_count"] = exif([(270, 12, 0xffffffff, None), tag(3, 6)])
E["tag_far"] = exif([(274, 3, 9, None)])
E["offset20"] = exif([tag(3, 6)], offset=20)
E["header_only"] = exif([tag(3, 6)], cut=8)
E["header_cut"] = exif([tag(3, 6)], cut=6)
E["entry_cut"] = exif([tag(3, 6)], cut=20)
E["no_next"] = exif([tag(3, 6)], cut=22)
E["promises_more"] = exif([tag(3, 6)], count=40)
E["swapped42le"] = exif([tag(3, 6)], magic=b"II\0*")
E["swapped42be"] = exif([tag(3, 6, endian=">")], ">", magic=b"MM*\0")
E["wrong_magic"] = exif([tag(3, 6)], magic=b"II+\0")
E["noise"] = b"this is no EXIF at all" * 3
E["zeros"] = bytes(40)
E["empty"] = b""
E["none"] = exif([(271, 2, 3, b"me\0")])
E["doubled"] = b"Exif\0\0" + exif([tag(3, 6)])
E["mixed_order"] = exif([tag(3, 6, endian=">")], "<")


def xmp(o, form=0):
    text = [f'<x:xmpmeta><rdf:Description tiff:Orientation="{o}"/></x:xmpmeta>',
            f"<rdf:Description><tiff:Orientation>{o}</tiff:Orientation></rdf:Description>",
            f"<rdf:Description tiff:Orientation='{o}'/>", f'<a tiff:Orientation = "{o}"/>',
            f'<a tiff:Orientation="x"/><b tiff:Orientation="{o}"/>'][form]
    return text.encode()


X = {f"{f}-{o}": xmp(o, f) for f in range(5) for o in (1, 6)}
X.update({"two": xmp(8) + xmp(6), "12": xmp(12), "9": xmp(9), "0": xmp(0), "empty": b"", "latin": xmp(6) + b"\xff\xfe"})


def jpeg(*segments):
    buffer = io.BytesIO()
    base.resize((8 * W, 8 * H), 0).save(buffer, "JPEG", quality=30)
    d = buffer.getvalue()
    return d[:20] + b"".join(b"\xff" + bytes([m]) + struct.pack(">H", len(s) + 2) + s for m, s in segments) + d[20:]


def app1(e):
    return 0xE1, b"Exif\0\0" + e


def app1x(x):
    return 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + x


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(before=(), after=()):
    rows = b"".join(b"\0" + base.tobytes()[y * W:(y + 1) * W] for y in range(H))
    parts = [(b"IHDR", struct.pack(">IIBBBBB", W, H, 8, 0, 0, 0, 0)), *before, (b"IDAT", zlib.compress(rows)), *after, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*p) for p in parts)


def profile(e, sep="\n"):
    digits = (b"Exif\0\0" + e).hex()
    lines = [digits[i:i + 72] for i in range(0, len(digits), 72)]
    return ("\nexif\n%8d\n" % (len(digits) // 2) + sep.join(lines) + "\n").encode()


RAW = b"Raw profile type exif"
XMP = b"XML:com.adobe.xmp"


def text(k, v):
    return b"tEXt", k + b"\0" + v


def ztxt(k, v, method=b"\0"):
    return b"zTXt", k + b"\0" + method + zlib.compress(v)


def itxt(k, v, packed=False, lang=b"", tk=b"", method=b"\0"):
    return b"iTXt", k + b"\0" + (b"\1" if packed else b"\0") + method + lang + b"\0" + tk + b"\0" + (zlib.compress(v) if packed else v)


def webp(*chunks, flags=0, extended=True):
    buffer = io.BytesIO()
    base.convert("RGB").save(buffer, "WEBP", lossless=True)
    body = buffer.getvalue()[12:]
    vp8x = b"VP8X" + struct.pack("<II", 10, flags) + struct.pack("<I", W - 1)[:3] + struct.pack("<I", H - 1)[:3]
    body = (vp8x if extended else b"") + body
    for name, data in chunks:
        body += name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def tiff(extra, endian="<", big=False):
    """extra: entries as of exif(); one strip of gray"""
    entries = [(256, 3, 1, values(endian, 3, [W])), (257, 3, 1, values(endian, 3, [H])), (258, 3, 1, values(endian, 3, [8])),
               (259, 3, 1, values(endian, 3, [1])), (262, 3, 1, values(endian, 3, [1])), (273, 4, 1, b"DATA"),
               (277, 3, 1, values(endian, 3, [1])), (278, 3, 1, values(endian, 3, [H])), (279, 4, 1, values(endian, 4, [W * H])), *extra]
    raw = exif(entries, endian)
    return raw.replace(b"DATA", struct.pack(endian + "L", len(raw))) + base.tobytes()


F = {}
e6, e1, none = E["short6"], E["short1"], E["none"]
for name, e in E.items():
    F[f"jpeg-{name}.jpg"] = jpeg(app1(e))
    F[f"jpeg-{name}-xmp.jpg"] = jpeg(app1(e), app1x(xmp(8)))
    F[f"png-{name}.png"] = png([(b"eXIf", e)])
    F[f"webp-{name}.webp"] = webp((b"EXIF", e), flags=8)
for name in ("short6", "type9", "float6", "before_far", "noise", "empty", "none", "doubled", "swapped42be"):
    F[f"pngraw-{name}.png"] = png([text(RAW, profile(E[name]))])
    F[f"png-{name}-xmp.png"] = png([(b"eXIf", E[name]), itxt(XMP, xmp(8))])
    F[f"webp-{name}-xmp.webp"] = webp((b"EXIF", E[name]), (b"XMP ", xmp(8)), flags=12)
for name, x in X.items():
    F[f"jpegxmp-{name}.jpg"] = jpeg(app1x(x))
    F[f"pngxmp-{name}.png"] = png([itxt(XMP, x)])
    F[f"pngxmpz-{name}.png"] = png([itxt(XMP, x, True)])
    F[f"webpxmp-{name}.webp"] = webp((b"XMP ", x), flags=4)
F["order-xmp_first.jpg"] = jpeg(app1x(xmp(6)), app1(e1))
F["order-none.jpg"] = jpeg(app1x(xmp(6)), app1(none))
F["order-com.jpg"] = jpeg((0xFE, xmp(6)))
F["order-app13.jpg"] = jpeg((0xED, xmp(6)))
F["order-two_exif.jpg"] = jpeg(app1(none), app1(e6))
F["order-split_exif.jpg"] = jpeg(app1(E["rational6"][:20]), app1(E["rational6"][20:]))
F["order-split_far.jpg"] = jpeg(app1(E["double6"][:26]), (0xE2, b"x"), app1(E["double6"][26:]))
F["order-two_xmp.jpg"] = jpeg(app1x(xmp(8)), app1x(xmp(6)))
F["order-extended_xmp.jpg"] = jpeg((0xE1, b"http://ns.adobe.com/xmp/extension/\0" + xmp(6)))
F["order-exif_one_zero.jpg"] = jpeg((0xE1, b"Exif\0" + e6))
F["order-exif_ff.jpg"] = jpeg((0xE1, b"Exif\0\xff" + e6))
F["order-app2.jpg"] = jpeg((0xE2, b"Exif\0\0" + e6))
for key, form in itertools.product((RAW, XMP, b"Comment", b"exif", b"Description", b"xml:com.adobe.xmp"), ("tEXt", "zTXt", "iTXt", "iTXtz")):
    v = profile(e6) if key == RAW else e6 if key == b"exif" else xmp(6)
    made = {"tEXt": lambda: text(key, v), "zTXt": lambda: ztxt(key, v), "iTXt": lambda: itxt(key, v), "iTXtz": lambda: itxt(key, v, True)}[form]()
    k = key.decode().replace(" ", "_").replace(":", "_")
    F[f"text-{k}-{form}.png"] = png([made])
    F[f"text-{k}-{form}-after.png"] = png((), [made])
    F[f"text-{k}-{form}-then.png"] = png([made, itxt(b"Comment", xmp(8))])
    F[f"text-{k}-{form}-exif1.png"] = png([made, (b"eXIf", e1)])
    F[f"text-{k}-{form}-exifnone.png"] = png([(b"eXIf", none), made])
F["text-lang_bad.png"] = png([itxt(XMP, xmp(6), lang=b"\xff")])
F["text-value_bad.png"] = png([itxt(XMP, xmp(6) + b"\xff")])
F["text-bad_after_good.png"] = png([itxt(XMP, xmp(8)), itxt(XMP, xmp(6) + b"\xff")])
F["text-good_after_bad.png"] = png([itxt(XMP, xmp(8) + b"\xff"), itxt(XMP, xmp(6))])
F["text-empty_after.png"] = png([itxt(XMP, xmp(6)), text(XMP, b"")])
F["text-packed_method1.png"] = png([itxt(XMP, xmp(6), True, method=b"\1")])
F["text-lang.png"] = png([itxt(XMP, xmp(6), lang=b"en", tk="ü".encode())])
F["text-damaged_zip.png"] = png([(b"iTXt", XMP + b"\0\1\0\0\0" + b"x\x9cnoise noise noise")])
F["text-cut_zip.png"] = png([(b"iTXt", XMP + b"\0\1\0\0\0" + zlib.compress(xmp(6), 0)[:-9])])
F["text-no_zeros.png"] = png([(b"iTXt", XMP), (b"tEXt", XMP), (b"zTXt", XMP), (b"iTXt", XMP + b"\0"), (b"iTXt", XMP + b"\0\0\0x")])
F["text-raw_crlf.png"] = png([text(RAW, profile(e6, "\r\n"))])
F["text-raw_upper.png"] = png([text(RAW, profile(e6).upper())])
F["text-raw_odd.png"] = png([text(RAW, profile(e6)[:-2])])
F["text-raw_letters.png"] = png([text(RAW, b"\nexif\n 9\nzz")])
F["text-raw_short.png"] = png([text(RAW, b"\nexif\n 9")])
F["text-raw_app1.png"] = png([text(b"Raw profile type APP1", profile(e6))])
F["exif-after.png"] = png((), [(b"eXIf", e6)])
F["exif-two.png"] = png([(b"eXIf", e6), (b"eXIf", E["short8"])])
F["exif-text_then_chunk.png"] = png([text(b"exif", e6), (b"eXIf", E["short8"])])
F["exif-chunk_then_text.png"] = png([(b"eXIf", E["short8"]), text(b"exif", e6)])
actl = (b"acTL", struct.pack(">II", 2, 0))
fctl = (b"fcTL", struct.pack(">IIIIIHHBB", 0, W, H, 0, 0, 1, 10, 0, 0))
fctl1 = (b"fcTL", struct.pack(">IIIIIHHBB", 1, W, H, 0, 0, 1, 10, 0, 0))
fdat = (b"fdAT", struct.pack(">I", 2) + zlib.compress(b"".join(b"\0" + base.tobytes()[:W] for y in range(H))))
F["apng-exif_before.png"] = png([actl, fctl, (b"eXIf", e6)], [fctl1, fdat])
F["apng-exif_after.png"] = png([actl, fctl], [fctl1, fdat, (b"eXIf", e6)])
F["apng-exif_between.png"] = png([actl, fctl], [(b"eXIf", e6), fctl1, fdat])
F["flag-none.webp"] = webp((b"EXIF", e6))
F["flag-only_xmp.webp"] = webp((b"EXIF", e6), (b"XMP ", xmp(8)), flags=4)
F["flag-simple.webp"] = webp((b"EXIF", e6), extended=False)
F["flag-two.webp"] = webp((b"EXIF", e6), (b"EXIF", E["short8"]), flags=8)
F["flag-two_xmp.webp"] = webp((b"XMP ", xmp(6)), (b"XMP ", xmp(8)), flags=4)
F["flag-exif_none_xmp.webp"] = webp((b"EXIF", none), (b"XMP ", xmp(6)), flags=12)
for t in (3, 4, 8, 9, 11, 12, 5, 2, 1, 7):
    v = (6, 1) if t == 5 else 6
    F[f"tiff-type{t}.tif"] = tiff([tag(t, v)])
    F[f"tiff-type{t}be.tif"] = tiff([tag(t, v, endian=">")], ">")
for o in range(10):
    F[f"tiff-{o}.tif"] = tiff([tag(3, o)])
F["tiff-two.tif"] = tiff([tag(3, 8, 6)])
F["tiff-xmp.tif"] = tiff([(700, 1, len(xmp(6)), xmp(6))])
F["tiff-xmp7.tif"] = tiff([(700, 7, len(xmp(6)), xmp(6))])
F["tiff-xmp_and_tag.tif"] = tiff([tag(3, 1), (700, 1, len(xmp(6)), xmp(6))])
F["tiff-xmp_and_tag8.tif"] = tiff([tag(3, 8), (700, 1, len(xmp(6)), xmp(6))])
F["tiff-description.tif"] = tiff([(270, 2, len(xmp(6)), xmp(6))])

TURNS = [None, None, 0, 3, 1, 5, 4, 6, 2]  # Image.Transpose of orientations 0 to 8


def orientation(data):
    im = Image.open(io.BytesIO(data))
    im.load()
    raw = Image.open(io.BytesIO(data))
    raw.load()
    if im.format == "TIFF":
        plain = base.convert("RGB")
    else:
        plain = raw.convert("RGB")
    try:
        turned = ImageOps.exif_transpose(im).convert("RGB")
    except Exception:
        return 1
    for o in range(1, 9):
        want = plain if o == 1 else plain.transpose(TURNS[o])
        if want.size == turned.size and want.tobytes() == turned.tobytes():
            return o


lines = []
for name, data in F.items():
    lines.append(f"{name}\t{orientation(data)}\t{data.hex()}\n")
with open("orientation.tsv.gz", "wb") as out:
    out.write(gzip.compress("".join(lines).encode(), 9, mtime=0))
