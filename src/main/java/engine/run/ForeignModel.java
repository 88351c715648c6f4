package engine.run;

import engine.base.Setting;
import engine.base.UserError;
import engine.console.Units;
import engine.data.ImageNetClasses;
import engine.model.Models;
import engine.model.NetworkConfig;
import engine.model.Recognition;
import engine.model.Recognition.Found;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.weights.TimmOrigin;
import engine.weights.WeightsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What weights are that do not say it themselves: the network is told from names and shapes, the
 * classes and the preprocessing from what stands beside them, or they are the usual ones. Whatever
 * was told or taken is said in {@link #notes}.
 *
 * @param tensors those of the network, by the file's own names
 * @param classifies whether it has a classifier, without which it cannot answer
 * @param namesClasses whether anything named the classes; else they have numbers, or ImageNet's
 *     names where there are as many
 * @param knowsPreprocessing whether anything said how pictures are prepared
 * @param notes what the user should know, a sentence each
 */
public record ForeignModel(
    ModelInfo info,
    Map<String, HostTensor> tensors,
    boolean classifies,
    boolean namesClasses,
    boolean knowsPreprocessing,
    List<String> notes) {
  /** A key or a name that a file has as its own is shown, but not at any length. */
  private static final int SHOWN = 5;

  static ForeignModel of(
      Path path, WeightsFile.Contents contents, StateDictChoice choice, ModelFile.Said said)
      throws IOException {
    List<Found> all = found(path, contents);
    Found found = choose(path, all, choice, said.model(), contents);
    NetworkConfig network = found.config();
    List<String> notes = new ArrayList<>();
    notes.add(
        "%s holds %s of %s, told from its names and shapes%s"
            .formatted(
                path,
                described(network),
                Units.count(network.classes(), "class"),
                choice.among(contents, prefixes(all), found.prefix())));
    if (network.unsaid() != null) {
      notes.add(network.unsaid());
    }
    notes.addAll(TimmOrigin.check(path, contents, found.others(), network.name()));
    List<String> names = classes(path, contents, network, said);
    KnownPreprocessing known = KnownPreprocessing.of(path, contents, network);
    notes.add(known.note());
    List<String> classes = names != null ? names : ImageNetClasses.of(network.classes());
    if (names == null) {
      notes.add(unnamed(network.classes()));
    }
    classes = classes == null ? numbers(network.classes()) : classes;
    return new ForeignModel(
        new ModelInfo(network, classes, known.spec()),
        under(found.prefix(), contents.tensors()),
        found.classifies(),
        names != null,
        known.isKnown(),
        List.copyOf(notes));
  }

  private static String unnamed(int classes) {
    return ImageNetClasses.of(classes) == null
        ? "it names no classes, so they are called by their numbers from 0: name them with %s FILE"
            .formatted(Setting.CLASSES)
        : "it names no classes, and %,d are taken for ImageNet's%s: name others with %s FILE"
            .formatted(
                classes,
                classes == ImageNetClasses.COUNT ? "" : " behind TensorFlow's background",
                Setting.CLASSES);
  }

  private static String described(NetworkConfig network) {
    String name = a(network);
    return network.inChannels() == 1 ? name + " for gray pictures" : name;
  }

  /** A name with its article. */
  static String a(NetworkConfig network) {
    return ("aeiou".indexOf(network.name().charAt(0)) < 0 ? "a " : "an ") + network.name();
  }

  private static List<Found> found(Path path, WeightsFile.Contents contents) {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    contents.tensors().forEach((name, t) -> shapes.put(name, t.shape()));
    List<Found> found;
    try {
      found = Recognition.of(shapes);
    } catch (UserError e) {
      throw new UserError(path + " " + e.getMessage(), e);
    }
    if (found.isEmpty()) {
      throw new UserError(
          shapes.isEmpty()
              ? path + " holds no weights: give the file with a network's state_dict()"
              : "%s holds no network that is known here (%s: %s): weights of %s are taken, by torchvision's, timm's or efficientnet_pytorch's names"
                  .formatted(
                      path,
                      Units.count(shapes.size(), "tensor"),
                      some(shapes),
                      String.join(", ", Models.titles())));
    }
    return found;
  }

  private static String some(Map<String, Shape> shapes) {
    String first =
        shapes.keySet().stream()
            .limit(SHOWN)
            .map(ClassNames::shown)
            .collect(Collectors.joining(", "));
    return shapes.size() > SHOWN ? first + ", …" : first;
  }

  private static List<String> prefixes(List<Found> found) {
    return found.stream().map(Found::prefix).distinct().toList();
  }

  private static Found choose(
      Path path,
      List<Found> found,
      StateDictChoice choice,
      String model,
      WeightsFile.Contents contents) {
    String prefix = choice.ofPrefixes(prefixes(found));
    List<Found> here = found.stream().filter(f -> f.prefix().equals(prefix)).toList();
    List<Found> wanted =
        model == null
            ? likeliest(path, here, contents)
            : here.stream().filter(f -> f.config().name().equals(model)).toList();
    String names = here.stream().map(f -> a(f.config())).collect(Collectors.joining(" or "));
    if (wanted.isEmpty()) {
      throw new UserError(
          "%s holds the weights of %s, as their names and shapes tell: leave out %s %s"
              .formatted(path, names, Setting.MODEL, model));
    }
    if (wanted.size() > 1) {
      throw new UserError(
          "%s holds the weights of %s, which have the same names and shapes: say which with %s"
              .formatted(path, names, Setting.MODEL));
    }
    return wanted.getFirst();
  }

  /** Without those of two networks of the same names whose padding is not the file's. */
  private static List<Found> likeliest(
      Path path, List<Found> found, WeightsFile.Contents contents) {
    if (found.stream().noneMatch(f -> f.others() != null && f.others().haveDoubles())) {
      return found;
    }
    boolean tensorflow = TimmOrigin.isTensorFlow(path, contents);
    List<Found> likely =
        found.stream()
            .filter(f -> f.config().name().startsWith(TimmOrigin.TENSORFLOW_PREFIX) == tensorflow)
            .toList();
    return likely.isEmpty() ? found : likely;
  }

  private static List<String> classes(
      Path path, WeightsFile.Contents contents, NetworkConfig network, ModelFile.Said said)
      throws IOException {
    if (said.classes() == null) {
      return ClassNames.beside(path, contents, network.classes());
    }
    if (said.classes().size() != network.classes()) {
      throw ClassNames.wrongCount(path, said.classes().size(), network.classes());
    }
    return said.classes();
  }

  private static List<String> numbers(int n) {
    return IntStream.range(0, n).mapToObj(Integer::toString).toList();
  }

  private static Map<String, HostTensor> under(String prefix, Map<String, HostTensor> tensors) {
    Map<String, HostTensor> out = new LinkedHashMap<>(tensors);
    out.keySet().removeIf(n -> !n.startsWith(prefix));
    return out;
  }
}
