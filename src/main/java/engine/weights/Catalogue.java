package engine.weights;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.annotations.SerializedName;
import engine.base.CacheFolders;
import engine.base.JsonText;
import engine.base.Suggestion;
import engine.base.UserError;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The pretrained weights that are known by name: {@code weights/catalogue.json}, which {@code
 * weights/catalogue.py} writes.
 */
public record Catalogue(String source, List<Entry> weights) {
  private static final int WHOLE_HASH = 64;
  private static final int MOST_SIDE = 4096;
  private static final int MOST_BYTES = 64 << 20;

  /** What an object has, by the name that it stands under. */
  private static final Map<String, List<String>> KNOWN =
      Map.of(
          "", List.of("source", "weights"),
          "weights",
              List.of(
                  "name",
                  "model",
                  "default",
                  "url",
                  "sha256_prefix",
                  "sha256",
                  "size_mib",
                  "parameters",
                  "licence",
                  "accuracy",
                  "preprocessing",
                  "names"),
          "accuracy", List.of("data", "top1", "top5"),
          "preprocessing", List.of("resize", "crop", "interpolation", "mean", "std"));

  /** As Gson names one, in a line of its own. */
  private static final Pattern PLACE = Pattern.compile("(?m)path \\$\\.?(\\S+)$");

  /** 64 GiB. */
  private static final int MOST_MEBIBYTES = 1 << 16;

  /**
   * One file of weights.
   *
   * @param name model and version, such as {@code resnet50.v2}
   * @param model as {@code --model} takes it
   * @param isDefault whether the model's name alone means this version
   * @param sha256 the file's SHA-256, or its first digits
   * @param mebibytes size of the file
   */
  public record Entry(
      String name,
      String model,
      @SerializedName("default") boolean isDefault,
      URI url,
      @SerializedName(value = "sha256_prefix", alternate = "sha256") String sha256,
      @SerializedName("size_mib") double mebibytes,
      long parameters,
      String licence,
      Accuracy accuracy,
      Preprocessing preprocessing,
      String names) {
    public Entry {
      sha256 = sha256 == null ? null : sha256.toLowerCase(Locale.ROOT);
      // Of weights without a size so much is believed.
      mebibytes = mebibytes == 0 ? 1024 : mebibytes;
    }

    /** The last part of the URL. */
    public String file() {
      String path = url.getPath();
      return path.substring(path.lastIndexOf('/') + 1);
    }

    /** Whether all of the hash is known, so that no other file can have it. */
    boolean isHashWhole() {
      return sha256.length() == WHOLE_HASH;
    }

    /** What is wrong with it, or null. */
    private String problem() {
      if (name == null || model == null || url == null || sha256 == null) {
        return "an entry is not complete";
      }
      if (!sha256.matches("[0-9a-f]{8,64}")) {
        return "'%s' is no SHA-256 in hexadecimal digits".formatted(sha256);
      }
      if (!isOfTheWeb(url)) {
        return "'%s' is no https or http address".formatted(url);
      }
      if (!file().matches("[^\\p{Cntrl}./][^\\p{Cntrl}/]*") || file().equals("catalogue.json")) {
        return "'%s' does not end in the name of a file of weights".formatted(url);
      }
      if (!(mebibytes > 0 && mebibytes <= MOST_MEBIBYTES)) {
        return "%s MiB is no size of weights".formatted(mebibytes);
      }
      return preprocessing == null ? null : preprocessing.problem();
    }
  }

  /** Per cent of the validation set. */
  public record Accuracy(String data, double top1, double top5) {}

  /** How pictures were prepared for that accuracy. */
  public record Preprocessing(
      int resize, int crop, String interpolation, float[] mean, float[] std) {
    /** What is wrong with it, or null. */
    private String problem() {
      return crop < 1
              || resize < crop
              || resize > MOST_SIDE
              || interpolation == null
              || !interpolation.matches("bilinear|bicubic")
              || mean == null
              || std == null
              || mean.length != std.length
              || mean.length != 3 && mean.length != 1
          ? "preprocessing needs resize, crop (at most that), interpolation (bilinear or bicubic), mean and std"
          : null;
    }
  }

  /** Nothing is fetched from anywhere else. */
  static boolean isOfTheWeb(URI url) {
    String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    return List.of("https", "http").contains(scheme)
        && url.getHost() != null
        && url.getPath() != null;
  }

  /** The catalogue in the jar. */
  public static Catalogue standard() {
    try (Reader in =
        new InputStreamReader(
            Catalogue.class.getResourceAsStream("catalogue.json"), StandardCharsets.UTF_8)) {
      return new Gson().fromJson(in, Catalogue.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * All weights that are known by name on this machine: {@code weights/catalogue.json} of the cache
   * folder before the jar's.
   *
   * @throws UserError if the user's own is none
   */
  public static Catalogue known() {
    Optional<Path> own = CacheFolders.find("weights/catalogue.json");
    try {
      return own.isPresent() ? with(own.get()) : standard();
    } catch (IOException e) {
      throw new UserError("%s cannot be read: %s".formatted(own.get(), e.getMessage()), e);
    }
  }

  /**
   * The catalogue in the jar, behind one's own entries where a file has some: the weights of a
   * company or of a mirror, in the same form.
   *
   * @throws UserError if the file is there and is no catalogue
   */
  public static Catalogue with(Path own) throws IOException {
    Catalogue standard = standard();
    if (!Files.isRegularFile(own)) {
      return standard;
    }
    try {
      if (Files.size(own) > MOST_BYTES) {
        throw new JsonParseException("it is too large");
      }
      JsonObject json = JsonText.object(Files.readString(own));
      requireKnown(json, "");
      Catalogue c = new Gson().fromJson(json, Catalogue.class);
      if (c.weights() == null) {
        throw new JsonParseException("it has no \"weights\"");
      }
      for (Entry e : c.weights()) {
        String problem = e == null ? "an entry is empty" : e.problem();
        if (problem != null) {
          throw new JsonParseException(problem);
        }
      }
      return new Catalogue(
          c.source(), Stream.concat(c.weights().stream(), standard.weights().stream()).toList());
    } catch (RuntimeException | StackOverflowError e) { // Gson's, which are of many kinds
      throw new UserError(
          "%s is no catalogue of weights (%s): each entry needs name, model, url (https or http) and sha256 (64 digits, or sha256_prefix with eight or more), as weights/catalogue.json has them"
              .formatted(own, reason(e)),
          e);
    }
  }

  /** Gson passes over a name that it does not know, such as a misspelt "default". */
  private static void requireKnown(JsonObject json, String within) {
    for (var e : json.entrySet()) {
      if (!KNOWN.get(within).contains(e.getKey())) {
        throw new JsonParseException(
            "there is no '%s', only %s"
                .formatted(ZipEntries.plain(e.getKey()), String.join(", ", KNOWN.get(within))));
      }
      Stream<JsonElement> below =
          e.getValue() instanceof JsonArray a ? a.asList().stream() : Stream.of(e.getValue());
      below
          .filter(v -> v.isJsonObject() && KNOWN.containsKey(e.getKey()))
          .forEach(v -> requireKnown(v.getAsJsonObject(), e.getKey()));
    }
  }

  /** Of Gson's own words only the place means anything to who wrote the file. */
  private static String reason(Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause()) {
      Matcher place = PLACE.matcher(String.valueOf(t.getMessage()));
      if (place.find()) {
        return place.group(1) + " is not of the kind that it should be";
      }
    }
    return e.getClass() == JsonParseException.class && e.getMessage() != null
        ? e.getMessage()
        : "it cannot be read";
  }

  /** The entry that a file is of, by its name and its hash. */
  public Optional<Entry> entryOf(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    List<Entry> named = weights.stream().filter(e -> e.file().equals(name)).toList();
    if (named.isEmpty()) {
      return Optional.empty();
    }
    String hash = Sha256.of(file);
    return named.stream().filter(e -> hash.startsWith(e.sha256())).findFirst();
  }

  private List<String> names() {
    return weights.stream()
        .flatMap(e -> e.isDefault() ? Stream.of(e.name(), e.model()) : Stream.of(e.name()))
        .toList();
  }

  /**
   * @param name of an entry, or of a model for its default
   * @throws UserError if there is none
   */
  public Entry find(String name) {
    Optional<Entry> found =
        weights.stream()
            .filter(e -> e.name().equals(name) || e.isDefault() && e.model().equals(name))
            .findFirst();
    return found.orElseThrow(
        () ->
            new UserError(
                "no pretrained weights are called '%s', engine weights list has the names%s"
                    .formatted(name, Suggestion.hint(name, names()))));
  }
}
