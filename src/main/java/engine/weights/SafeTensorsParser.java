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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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
  private final Path file;
  private final JsonReader in;
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private Map<String, String> metadata;

  SafeTensorsParser(Path file, String json) {
    this.file = file;
    in = new JsonReader(new StringReader(json));
    in.setStrictness(Strictness.STRICT);
  }

  SafeTensorsHeader header(long dataStart, long dataBytes) throws IOException {
    in.beginObject();
    while (in.hasNext()) {
      String name = in.nextName();
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
    in.beginObject();
    while (in.hasNext()) {
      String key = in.nextName();
      if (in.peek() != JsonToken.STRING) {
        throw damaged(file, "its metadata %s is not a string", quote(key));
      }
      if (out.put(key, in.nextString()) != null) {
        throw damaged(file, "its metadata has %s twice", quote(key));
      }
    }
    in.endObject();
    return out;
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
      out.add(in.nextLong());
      if (out.getLast() < 0) {
        throw damaged(file, "the %s of tensor %s has a negative number", key, quote(name));
      }
    }
    in.endArray();
    return out;
  }

  private Entry checked(String name, String dtype, List<Long> dims, long begin, long end)
      throws WeightsException {
    DType type;
    try {
      type = DType.valueOf(dtype);
    } catch (IllegalArgumentException e) {
      throw new WeightsException(
          file,
          "tensor %s has the type %s, which is not one of %s"
              .formatted(quote(name), quote(dtype), Arrays.toString(DType.values())),
          e);
    }
    Shape shape = Shape.of(dims.stream().mapToLong(d -> d).toArray());
    long bytes;
    try {
      bytes = Math.multiplyExact(shape.elements(), type.bytes());
    } catch (ArithmeticException e) {
      throw damaged(file, "tensor %s of shape %s is beyond 64 bits", quote(name), shape);
    }
    if (end < begin || end - begin != bytes) {
      throw damaged(
          file,
          "tensor %s, %s of shape %s, needs %d bytes, but its offsets are %d to %d",
          quote(name),
          type,
          shape,
          bytes,
          begin,
          end);
    }
    return new Entry(name, type, shape, begin, end);
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
