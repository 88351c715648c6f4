package engine.verify;

import com.google.gson.JsonElement;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.weights.WeightsFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Training checkpoints with weights among other things, and the same weights in half precision. */
final class HalfAndCheckpointCases {
  private static final String CHECKPOINT = "checkpoint";

  private HalfAndCheckpointCases() {}

  /** The weights are found, their prefix apart, and so is what stands beside them. */
  static void checkpoint(ReferenceCase c, Checks checks) throws IOException {
    String prefix = c.attrs().get("prefix").getAsString();
    Map<String, HostTensor> want = new LinkedHashMap<>();
    WeightsFile.read(c.files().get("expected"))
        .tensors()
        .forEach((name, t) -> want.put(prefix + name, t));
    for (Path file : c.files().values()) {
      if (file.equals(c.files().get("expected"))) {
        continue;
      }
      WeightsFile.Contents got = WeightsFile.read(file);
      FormatCases.agree(file, want, got.tensors(), checks);
      for (JsonElement key : c.attrs().getAsJsonArray("top_keys")) {
        checks.that(
            file.getFileName() + " has " + key,
            key.getAsString().equals("state_dict") || got.values().containsKey(key.getAsString()));
      }
      checks.that(
          file.getFileName() + " has the epoch",
          Long.valueOf(c.attrs().get("epoch").getAsLong()).equals(got.values().get("epoch")));
    }
  }

  /** The weights of the case {@code checkpoint}, rounded to the type that a file's key names. */
  static void half(ReferenceCase c, Checks checks) throws IOException {
    Path original = ReferenceNetwork.sibling(c, CHECKPOINT).files().get("expected");
    Map<String, HostTensor> want = WeightsFile.read(original).tensors();
    for (var e : c.files().entrySet()) {
      DType type = e.getKey().startsWith("bf16") ? DType.BF16 : DType.F16;
      Map<String, HostTensor> rounded = new LinkedHashMap<>();
      want.forEach((name, t) -> rounded.put(name, t.dtype().isFloating() ? round(t, type) : t));
      FormatCases.agree(e.getValue(), rounded, WeightsFile.read(e.getValue()).tensors(), checks);
    }
  }

  private static HostTensor round(HostTensor t, DType type) {
    short[] out = new short[Math.toIntExact(t.shape().elements())];
    for (int i = 0; i < out.length; i++) {
      float f = (float) t.get(i);
      out[i] = type == DType.F16 ? Float.floatToFloat16(f) : bf16(f);
    }
    return new HostTensor(type, t.shape(), MemorySegment.ofArray(out));
  }

  /** To nearest, ties to even. */
  private static short bf16(float f) {
    int bits = Float.floatToRawIntBits(f);
    return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }
}
