package engine.base;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JSON from a file that may be damaged or hostile: RFC 8259 to the letter, of bounded depth and
 * size, and no name twice in one object. Gson's own entry points take comments and unquoted names,
 * and keep the last of two equal names in silence.
 */
public final class JsonText {
  /** What a person or this program writes nests less than ten deep. */
  private static final int DEEPEST = 64;

  /** A double needs 24 characters. */
  private static final int LONGEST_NUMBER = 100;

  private static final int MOST_BYTES = 64 << 20;

  private static final int LONGEST_NAME_SHOWN = 40;

  private static final TypeAdapter<JsonElement> NUMBERS = new Gson().getAdapter(JsonElement.class);

  private static final Pattern PLACE = Pattern.compile("line \\d+ column \\d+");

  private JsonText() {}

  /**
   * The value that {@code text} holds.
   *
   * @throws JsonParseException that says what is wrong and where, in half a sentence
   */
  public static JsonElement parse(String text) {
    JsonReader in = new JsonReader(new StringReader(text));
    in.setStrictness(Strictness.STRICT);
    in.setNestingLimit(DEEPEST + 1); // the depth is counted here, for its own sentence
    try {
      JsonElement value = value(in, 0);
      var _ = in.peek(); // refuses what follows
      return value;
    } catch (IOException | IllegalStateException | NumberFormatException e) {
      Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
      throw new JsonParseException(
          text.isBlank()
              ? "it is empty"
              : "no valid JSON" + (place.find() ? " at " + place.group() : ""),
          e);
    }
  }

  /**
   * The object that {@code text} holds.
   *
   * @throws JsonParseException also if it is another value
   */
  public static JsonObject object(String text) {
    if (parse(text) instanceof JsonObject o) {
      return o;
    }
    throw new JsonParseException("no JSON object");
  }

  /**
   * The text of a file of JSON, where it is UTF-8 and no larger than 64 MiB.
   *
   * @throws UserError if it is larger or no text
   */
  public static String read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MOST_BYTES + 1);
    }
    if (bytes.length > MOST_BYTES) {
      throw new UserError(file + " is larger than 64 MiB: it is none of this program's files");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new UserError(file + " is damaged: it is not UTF-8", e);
    }
  }

  private static JsonElement value(JsonReader in, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new JsonParseException("nested deeper than " + DEEPEST);
    }
    return switch (in.peek()) {
      case BEGIN_OBJECT -> objectOf(in, depth);
      case BEGIN_ARRAY -> {
        JsonArray out = new JsonArray();
        in.beginArray();
        while (in.hasNext()) {
          out.add(value(in, depth + 1));
        }
        in.endArray();
        yield out;
      }
      case STRING -> new JsonPrimitive(in.nextString());
      case BOOLEAN -> new JsonPrimitive(in.nextBoolean());
      case NUMBER -> number(in);
      case NULL -> {
        in.nextNull();
        yield JsonNull.INSTANCE;
      }
      default -> throw new JsonParseException("no valid JSON");
    };
  }

  private static JsonObject objectOf(JsonReader in, int depth) throws IOException {
    JsonObject out = new JsonObject();
    in.beginObject();
    while (in.hasNext()) {
      String name = in.nextName();
      if (out.has(name)) {
        throw new JsonParseException("the name '" + shown(name) + "' is in it twice");
      }
      out.add(name, value(in, depth + 1));
    }
    in.endObject();
    return out;
  }

  /** Keeps the digits as they are written: checksums of the text depend on it. */
  private static JsonElement number(JsonReader in) throws IOException {
    JsonElement number = NUMBERS.read(in);
    int length = number.getAsString().length();
    if (length > LONGEST_NUMBER) {
      throw new JsonParseException("a number of " + length + " digits");
    }
    return number;
  }

  private static String shown(String name) {
    String clean = name.replaceAll("\\p{C}", "?");
    return clean.length() > LONGEST_NAME_SHOWN
        ? clean.substring(0, LONGEST_NAME_SHOWN) + "..."
        : clean;
  }
}
