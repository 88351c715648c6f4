package engine.weights;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import com.google.gson.annotations.SerializedName;
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
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The pretrained weights that are known by name: {@code weights/catalogue.json}, which {@code
 * weights/catalogue.py} writes.
 */
public record Catalogue(String source, List<Entry> weights) {
  /**
   * One file of weights.
   *
   * @param name model and version, such as {@code resnet50.v2}
   * @param model as {@code --model} takes it
   * @param isDefault whether the model's name alone means this version
   * @param sha256 the first digits of the file's SHA-256
   * @param mebibytes size of the file
   */
  public record Entry(
      String name,
      String model,
      @SerializedName("default") boolean isDefault,
      URI url,
      @SerializedName("sha256_prefix") String sha256,
      @SerializedName("size_mib") double mebibytes,
      long parameters,
      String licence,
      Accuracy accuracy,
      Preprocessing preprocessing,
      String names) {
    /** The last part of the URL. */
    public String file() {
      return Path.of(url.getPath()).getFileName().toString();
    }
  }

  /** Per cent of the validation set. */
  public record Accuracy(String data, double top1, double top5) {}

  /** How pictures were prepared for that accuracy. */
  public record Preprocessing(
      int resize, int crop, String interpolation, float[] mean, float[] std) {}

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
      Catalogue c = new Gson().fromJson(Files.readString(own), Catalogue.class);
      for (Entry e : c.weights()) {
        if (e.name() == null || e.model() == null || e.url() == null || e.sha256().length() < 8) {
          throw new JsonParseException("an entry is not complete");
        }
      }
      return new Catalogue(
          c.source(), Stream.concat(c.weights().stream(), standard.weights().stream()).toList());
    } catch (JsonParseException | NullPointerException e) {
      throw new UserError(
          own
              + " is no catalogue of weights: each entry needs name, model, url and eight digits of its sha256_prefix, as weights/catalogue.json has them",
          e);
    }
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
                "no pretrained weights are called '" + name + "': see engine weights list"));
  }
}
