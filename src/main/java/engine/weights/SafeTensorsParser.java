package engine.weights;

import static engine.weights.SafeTensorsHeader.METADATA;
import static engine.weights.SafeTensorsHeader.damaged;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.weights.SafeTensorsHeader.Entry;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Parses the JSON of a safetensors header token by token; a JSON tree would silently keep the last
 * of two equal keys.
 */
final class SafeTensorsParser {
  /** Bits of an element of each type of the format (its version 0.8). */
  private static final Map<String, Integer> BITS = bits();

  /** The official reader's limit. */
  private static final int DEEPEST = 127;

  private final Path file;
  private final JsonReader in;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private Map<String, String> metadata;

  SafeTensorsParser(Path file, String json) {
    this.file = file;
    in = new JsonReader(new StringReader(json));
    in.setStrictness(Strictness.STRICT);
    in.setNestingLimit(DEEPEST);
  }

  private static Map<String, Integer> bits() {
    Map<String, Integer> out = new HashMap<>();
    out.put("F4", 4);
    List.of("F6_E2M3", "F6_E3M2").forEach(t -> out.put(t, 6));
    List.of("BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ")
        .forEach(t -> out.put(t, 8));
    List.of("I16", "U16", "F16", "BF16").forEach(t -> out.put(t, 16));
    List.of("I32", "U32", "F32").forEach(t -> out.put(t, 32));
    List.of("C64", "F64", "I64", "U64").forEach(t -> out.put(t, 64));
    return Map.copyOf(out);
  }

  SafeTensorsHeader header(long dataStart, long dataBytes) throws IOException {
    in.beginObject();
    while (in.hasNext()) {
      String name = text(in.nextName());
      if (name.equals(METADATA)) {
        if (metadata != null) {
          throw damaged(file, "its header has %s twice", METADATA);
        }
        metadata = metadata();
      } else if (entries.put(name, entry(name)) != null) {
        throw damaged(file, "its header has the tensor %s twice", quote(name));
      }
    }
    in.endObject();
    if (in.peek() != JsonToken.END_DOCUMENT) {
      throw damaged(file, "its header goes on after the last tensor");
    }
    checkTiling(dataBytes);
    return new SafeTensorsHeader(
        List.copyOf(entries.values()), metadata == null ? Map.of() : metadata, dataStart);
  }

  private Map<String, String> metadata() throws IOException {
    Map<String, String> out = new LinkedHashMap<>();
    if (in.peek() == JsonToken.NULL) {
      in.nextNull();
      return out;
    }
    in.beginObject();
    while (in.hasNext()) {
      String key = in.nextName();
      if (in.peek() != JsonToken.STRING) {
        throw damaged(file, "its metadata %s is not a string", quote(key));
      }
      if (out.put(text(key), text(in.nextString())) != null) {
        throw damaged(file, "its metadata has %s twice", quote(key));
      }
    }
    in.endObject();
    return out;
  }

  /** Half of a surrogate pair is no text: nobody could write it again. */
  private String text(String s) throws WeightsException {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(s)) {
      throw damaged(file, "its header has the text %s, which is not Unicode", quote(s));
    }
    return s;
  }

  private Entry entry(String name) throws IOException {
    String dtype = null;
    List<Long> shape = null;
    List<Long> offsets = null;
    Set<String> seen = new TreeSet<>();
    in.beginObject();
    while (in.hasNext()) {
      String key = in.nextName();
      if (!seen.add(key)) {
        throw damaged(file, "tensor %s has %s twice", quote(name), quote(key));
      }
      switch (key) {
        case "dtype" -> dtype = in.peek() == JsonToken.STRING ? in.nextString() : skipped();
        case "shape" -> shape = numbers(name, key);
        case "data_offsets" -> offsets = numbers(name, key);
        default -> in.skipValue();
      }
    }
    in.endObject();
    if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
      throw damaged(
          file, "tensor %s lacks its dtype, its shape or its two data_offsets", quote(name));
    }
    return checked(name, dtype, shape, offsets.get(0), offsets.get(1));
  }

  private String skipped() throws IOException {
    in.skipValue();
    return null;
  }

  private List<Long> numbers(String name, String key) throws IOException {
    List<Long> out = new ArrayList<>();
    in.beginArray();
    while (in.hasNext()) {
      if (in.peek() != JsonToken.NUMBER) {
        throw damaged(file, "the %s of tensor %s is not a list of numbers", key, quote(name));
      }
      String number = in.nextString(); // nextLong would take 2.0 and 2e3
      if (number.startsWith("-")) {
        throw damaged(file, "the %s of tensor %s has a negative number", key, quote(name));
      }
      out.add(Long.parseLong(number));
    }
    in.endArray();
    return out;
  }

  private Entry checked(String name, String dtype, List<Long> dims, long begin, long end)
      throws WeightsException {
    Integer bits = BITS.get(dtype);
    if (bits == null) {
      throw new WeightsException(
          file,
          "tensor %s has the type %s, which is not one of %s"
              .formatted(quote(name), quote(dtype), new TreeSet<>(BITS.keySet())));
    }
    Shape shape = Shape.of(dims.stream().mapToLong(d -> d).toArray());
    long bytes;
    try {
      long all = Math.multiplyExact(shape.elements(), (long) bits);
      if (all % Byte.SIZE != 0) {
        throw damaged(
            file, "tensor %s, %s of shape %s, ends within a byte", quote(name), dtype, shape);
      }
      bytes = all / Byte.SIZE;
    } catch (ArithmeticException e) {
      throw damaged(file, "tensor %s of shape %s is beyond 64 bits", quote(name), shape);
    }
    if (end < begin || end - begin != bytes) {
      throw damaged(
          file,
          "tensor %s, %s of shape %s, needs %d bytes, but its offsets are %d to %d",
          quote(name),
          dtype,
          shape,
          bytes,
          begin,
          end);
    }
    DType type =
        Arrays.stream(DType.values()).filter(d -> d.name().equals(dtype)).findFirst().orElse(null);
    return new Entry(name, dtype, type, shape, begin, end);
  }

  /** Every byte of the data belongs to exactly one tensor. */
  private void checkTiling(long dataBytes) throws WeightsException {
    List<Entry> byOffset = new ArrayList<>(entries.values());
    byOffset.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long at = 0;
    for (Entry e : byOffset) {
      if (e.begin() != at) {
        String how = e.begin() < at ? "overlaps the tensor before it" : "leaves a hole before it";
        throw damaged(file, "tensor %s %s", quote(e.name()), how);
      }
      at = e.end();
    }
    if (at != dataBytes) {
      throw damaged(
          file,
          "its tensors need %d bytes of data, but it has %d%s",
          at,
          dataBytes,
          at > dataBytes ? ": it was cut short" : "");
    }
  }

  /** Names come from a file that may be hostile: short, and without control characters. */
  private static String quote(String name) {
    String clean = name.replaceAll("\\p{Cntrl}", "?");
    return "\"" + (clean.length() > 80 ? clean.substring(0, 80) + "..." : clean) + "\"";
  }
}
