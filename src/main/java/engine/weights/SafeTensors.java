package engine.weights;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads and writes safetensors files: an 8-byte little-endian header length, a JSON header, raw little-endian data. */
public final class SafeTensors {
  private SafeTensors() {}

  /** A file's tensors, in the order of its header, and its {@code __metadata__}. */
  public record Contents(Map<String, HostTensor> tensors, Map<String, String> metadata) {}

  public static Contents read(Path file) throws IOException {
    try (FileChannel ch = FileChannel.open(file)) {
      MemorySegment all = ch.map(FileChannel.MapMode.READ_ONLY, 0, ch.size(), Arena.ofAuto());
      long n = all.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
      byte[] header = all.asSlice(8, n).toArray(ValueLayout.JAVA_BYTE);
      JsonObject json = JsonParser.parseString(new String(header, StandardCharsets.UTF_8)).getAsJsonObject();
      Map<String, HostTensor> tensors = new LinkedHashMap<>();
      Map<String, String> metadata = new LinkedHashMap<>();
      for (var e : json.entrySet()) {
        JsonObject t = e.getValue().getAsJsonObject();
        if (e.getKey().equals("__metadata__")) {
          t.entrySet().forEach(m -> metadata.put(m.getKey(), m.getValue().getAsString()));
          continue;
        }
        long[] dims = t.getAsJsonArray("shape").asList().stream().mapToLong(v -> v.getAsLong()).toArray();
        long from = t.getAsJsonArray("data_offsets").get(0).getAsLong();
        long to = t.getAsJsonArray("data_offsets").get(1).getAsLong();
        DType dtype = DType.valueOf(t.get("dtype").getAsString());
        tensors.put(e.getKey(), new HostTensor(dtype, Shape.of(dims), all.asSlice(8 + n + from, to - from)));
      }
      return new Contents(tensors, metadata);
    }
  }
}
