package engine.weights;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The JSON header of a safetensors file, parsed with suspicion: duplicate keys, wrong types,
 * overflowing shapes, and offsets that do not tile the data are refused.
 *
 * @param dataStart where the data begins in the file; an entry's offsets count from here
 */
record SafeTensorsHeader(List<Entry> entries, Map<String, String> metadata, long dataStart) {
  static final String METADATA = "__metadata__";

  /** The official reader's limit; no header of a real model comes near it. */
  private static final long MAX_HEADER_BYTES = 100_000_000;

  /**
   * One tensor: {@code end - begin} bytes of data, checked to be what type and shape need.
   *
   * @param type the format's name of the type
   * @param dtype null for types that are only listed
   */
  record Entry(String name, String type, DType dtype, Shape shape, long begin, long end) {}

  /** Parses and checks the header of a file whose bytes, 8 or more of them, are {@code all}. */
  static SafeTensorsHeader parse(Path file, MemorySegment all) throws WeightsException {
    long length = all.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    if (length < 0 || length > MAX_HEADER_BYTES || length > all.byteSize() - 8) {
      if (!beginsLikeJson(all)) {
        throw new WeightsException(file, FileKind.of(all));
      }
      throw damaged(
          file,
          "it claims a header of %s bytes in a file of %d; copy or download it again",
          Long.toUnsignedString(length),
          all.byteSize());
    }
    if (length == 0) {
      throw new WeightsException(file, FileKind.of(all));
    }
    ByteBuffer bytes = all.asSlice(8, length).asByteBuffer();
    try {
      String json = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      if (json.startsWith("\ufeff")) { // Gson would pass over it
        throw damaged(file, "its header begins with a byte order mark");
      }
      return new SafeTensorsParser(file, json).header(8 + length, all.byteSize() - 8 - length);
    } catch (CharacterCodingException e) {
      throw new WeightsException(file, "is damaged: its header is not UTF-8", e);
    } catch (WeightsException e) {
      throw e;
    } catch (IOException | JsonParseException | IllegalStateException e) {
      throw new WeightsException(file, "is damaged: its header is not valid JSON", e);
    } catch (NumberFormatException e) {
      throw new WeightsException(
          file, "is damaged: its header has a size that is not a whole 64-bit number", e);
    }
  }

  /** Whether an object begins where the header does; the official reader takes spaces before it. */
  private static boolean beginsLikeJson(MemorySegment all) {
    for (long at = 8; at < all.byteSize(); at++) {
      byte b = all.get(ValueLayout.JAVA_BYTE, at);
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b == '{';
      }
    }
    return false;
  }

  /** The header's bytes, padded with spaces so that the data after it is 8-byte aligned. */
  static byte[] format(
      Path file,
      Map<String, HostTensor> tensors,
      Map<String, Long> offsets,
      Map<String, String> metadata)
      throws WeightsException {
    JsonObject header = new JsonObject();
    if (!metadata.isEmpty()) {
      JsonObject meta = new JsonObject();
      metadata.forEach(meta::addProperty);
      header.add(METADATA, meta);
    }
    for (var e : tensors.entrySet()) {
      if (e.getKey().equals(METADATA)) {
        throw new WeightsException(file, "a tensor may not be called " + METADATA);
      }
      HostTensor t = e.getValue();
      long begin = offsets.get(e.getKey());
      JsonObject entry = new JsonObject();
      entry.addProperty("dtype", t.dtype().name());
      entry.add("shape", array(t.shape().dims()));
      entry.add("data_offsets", array(begin, begin + t.data().byteSize()));
      header.add(e.getKey(), entry);
    }
    byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
    if (json.length > MAX_HEADER_BYTES) {
      throw new WeightsException(file, "would need a header of more than 100 MB");
    }
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    return padded;
  }

  private static JsonArray array(long... values) {
    JsonArray out = new JsonArray();
    for (long v : values) {
      out.add(v);
    }
    return out;
  }

  static WeightsException damaged(Path file, String format, Object... args) {
    return new WeightsException(file, "is damaged: " + String.format(format, args));
  }
}
