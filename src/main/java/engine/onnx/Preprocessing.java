package engine.onnx;

import engine.onnx.OnnxModel.Attribute;
import engine.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * From pixels to normalised images, as nodes in front of a network: so a client sends u8 [N, H, W,
 * C] of any size and cannot get the preprocessing wrong. The numbers are torchvision's: the shorter
 * side to {@code resize}, the longer one in proportion, cut to a whole number; the middle square,
 * its corner rounded half to even.
 *
 * @param pad black pixels on each side before all else
 * @param resize the shorter side after resizing, or 0 to leave the size
 * @param crop side of the central square, or 0 to leave the size
 * @param cubic bicubic rather than bilinear
 * @param mean per channel, on the scale 0..1
 */
public record Preprocessing(
    int pad, int resize, int crop, boolean cubic, float[] mean, float[] std) {

  /** Appends the nodes; returns the name of the normalised images. */
  String write(NodeWriter out, String pixels) {
    String x =
        out.node(
            "Transpose",
            "pixels",
            Map.of("perm", new Attribute.Ints(0, 3, 1, 2)),
            "pixels.nchw",
            pixels);
    if (pad > 0) {
      x =
          out.node(
              "Pad", "pixels.pad", "pixels.padded", x, out.ints(0, 0, pad, pad, 0, 0, pad, pad));
    }
    if (resize > 0) {
      x = resized(out, x);
    }
    if (crop > 0) {
      x = cropped(out, x);
    }
    String real =
        out.node("Cast", "pixels.cast", Map.of("to", new Attribute.Int(1)), "pixels.real", x);
    String unit = out.node("Div", "pixels.div", "pixels.unit", real, out.scalar(255));
    String centred =
        out.node("Sub", "pixels.sub", "pixels.centred", unit, channels(out, "mean", mean));
    return out.node(
        "Div", "pixels.normalize", "pixels.normalized", centred, channels(out, "std", std));
  }

  private static String channels(NodeWriter out, String name, float[] values) {
    return out.constant("pixels." + name, HostTensor.of(values, 1, values.length, 1, 1));
  }

  /** size * side / shorter side, in whole numbers. */
  private String resized(NodeWriter out, String x) {
    String shape = out.node("Shape", "resize.shape", "resize.dims", x);
    String h = out.node("Gather", "resize.gather_h", "resize.h", shape, out.ints(2));
    String w = out.node("Gather", "resize.gather_w", "resize.w", shape, out.ints(3));
    String shorter = out.node("Min", "resize.min", "resize.shorter", h, w);
    String size = out.ints(resize);
    String hs = out.node("Mul", "resize.mul_h", "resize.hs", h, size);
    String ws = out.node("Mul", "resize.mul_w", "resize.ws", w, size);
    String nh = out.node("Div", "resize.div_h", "resize.nh", hs, shorter);
    String nw = out.node("Div", "resize.div_w", "resize.nw", ws, shorter);
    String nc = out.node("Gather", "resize.gather_nc", "resize.nc", shape, out.ints(0, 1));
    String sizes =
        out.node(
            "Concat",
            "resize.concat",
            Map.of("axis", new Attribute.Int(0)),
            "resize.sizes",
            nc,
            nh,
            nw);
    Map<String, Attribute> a = new LinkedHashMap<>();
    a.put("antialias", new Attribute.Int(1));
    a.put("mode", new Attribute.Text(cubic ? "cubic" : "linear"));
    if (cubic) {
      a.put("cubic_coeff_a", new Attribute.Real(-0.5f));
    }
    a.put("coordinate_transformation_mode", new Attribute.Text("half_pixel"));
    return out.node("Resize", "resize", a, "resize.out", x, "", "", sizes);
  }

  private String cropped(NodeWriter out, String x) {
    String shape = out.node("Shape", "crop.shape", "crop.dims", x);
    String side = out.ints(2, 3);
    String hw = out.node("Gather", "crop.gather", "crop.hw", shape, side);
    String spare = out.node("Sub", "crop.sub", "crop.spare", hw, out.ints(crop));
    String two = out.ints(2);
    String half = out.node("Div", "crop.div", "crop.half", spare, two);
    String odd = out.node("Mod", "crop.mod", "crop.odd", spare, two);
    String halfOdd = out.node("Mod", "crop.mod2", "crop.half_odd", half, two);
    String up = out.node("Mul", "crop.mul", "crop.up", odd, halfOdd);
    String from = out.node("Add", "crop.add", "crop.from", half, up);
    String to = out.node("Add", "crop.add2", "crop.to", from, out.ints(crop));
    return out.node("Slice", "crop", "crop.out", x, from, to, side);
  }
}
