package engine.recipe;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The checksum that a JSON object of a run carries as its last entry {@code crc32c}: CRC-32C of the
 * rest, written without spaces. It tells a damaged or edited file from what the program wrote; who
 * forges one can forge the other.
 */
public final class JsonSeal {
  public static final String KEY = "crc32c";

  private JsonSeal() {}

  /** Adds the checksum. */
  public static JsonObject put(JsonObject json) {
    json.addProperty(KEY, checksum(json));
    return json;
  }

  /** Takes the checksum out of an object; null if it has none. */
  public static Boolean takeAndCheck(JsonObject json) {
    JsonElement expected = json.remove(KEY);
    if (expected == null) {
      return null;
    }
    return expected.isJsonPrimitive() && expected.getAsString().equals(checksum(json));
  }

  private static String checksum(JsonObject json) {
    CRC32C crc = new CRC32C();
    crc.update(json.toString().getBytes(StandardCharsets.UTF_8));
    return digits(crc);
  }

  /** Eight hexadecimal digits. */
  public static String digits(CRC32C crc) {
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
