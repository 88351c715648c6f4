package engine.run;

import engine.backend.Backend;
import engine.base.Setting;
import engine.base.UserError;
import engine.console.Units;
import engine.model.Models;
import engine.model.Network;
import engine.quant.Int8File;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.weights.StateMapping;
import engine.weights.WeightsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file with a trained network, and what is known of it. A checkpoint of this program says all of
 * it; of weights that torchvision, timm or a program with their names wrote, {@link ForeignModel}
 * tells it.
 *
 * @param info the network, its classes and its preprocessing
 * @param contents as they are in the file
 * @param foreign what was told of a file of another program; null of a checkpoint of this one
 * @param outputs which of the file's classes it answers with; null for all
 */
public record ModelFile(
    Path path,
    ModelInfo info,
    WeightsFile.Contents contents,
    ForeignModel foreign,
    List<Integer> outputs) {
  /**
   * What a user says of a file; each may be null.
   *
   * @param model name of the network, where shapes do not tell it
   * @param classes names in the order of the outputs
   * @param stateDict which of several sets of weights, by the key in the file
   */
  public record Said(String model, List<String> classes, String stateDict) {
    public static final Said NOTHING = new Said(null, null, null);
  }

  /**
   * A file to answer with.
   *
   * @param where whatever {@link CheckpointFinder#find} takes
   * @throws UserError if it holds no network that is known here, or several that only the user can
   *     tell apart
   */
  public static ModelFile read(Path where, Said said) throws IOException {
    ModelFile file = readToTrain(where, said);
    if (file.foreign != null && !file.foreign.classifies()) {
      throw new UserError(
          "%s holds %s without a classifier (%s), so it cannot answer: train one on it with engine train %s %s"
              .formatted(
                  file.path,
                  ForeignModel.a(file.info.model()),
                  file.info.model().classifier(),
                  Setting.WEIGHTS,
                  file.path));
    }
    return file;
  }

  /** The same of a file to train on from, whose classifier is not needed. */
  public static ModelFile readToTrain(Path where, Said said) throws IOException {
    Path path = CheckpointFinder.find(where);
    StateDictChoice choice = new StateDictChoice(path, said.stateDict());
    WeightsFile.Contents contents = WeightsFile.read(path, choice::of);
    if (!isOwn(contents.metadata())) {
      ForeignModel foreign = ForeignModel.of(path, contents, choice, said);
      return new ModelFile(path, foreign.info(), contents, foreign, null);
    }
    ModelInfo info = ModelInfo.fromMetadata(contents.metadata(), path.toString());
    requireAsSaid(path, info, said);
    return new ModelFile(
        path,
        said.classes() == null ? info : info.withClasses(said.classes()),
        contents,
        null,
        null);
  }

  private static boolean isOwn(Map<String, String> metadata) {
    return "engine".equals(metadata.get("producer"))
        || metadata.containsKey(Int8File.KEY)
        || metadata.containsKey("model")
            && metadata.containsKey("classes")
            && metadata.containsKey("preprocessing");
  }

  private static void requireAsSaid(Path path, ModelInfo info, Said said) {
    if (said.model() != null && !said.model().equals(info.model().name())) {
      throw new UserError(
          "%s is %s: leave out %s %s"
              .formatted(path, ForeignModel.a(info.model()), Setting.MODEL, said.model()));
    }
    if (said.stateDict() != null) {
      throw new UserError(
          "%s has one set of weights: leave out %s".formatted(path, Setting.STATE_DICT));
    }
    if (said.classes() != null && said.classes().size() != info.model().classes()) {
      throw ClassNames.wrongCount(path, said.classes().size(), info.model().classes());
    }
  }

  /** What the user should know of how the file was understood, a sentence a fact. */
  public List<String> notes() {
    return foreign == null ? List.of() : foreign.notes();
  }

  /** Whether the file, or the user, names the classes. */
  public boolean namesClasses() {
    return foreign == null || foreign.namesClasses();
  }

  /** The same with the classes of data, in its order, where the file names none. */
  public ModelFile withClasses(List<String> names) {
    return new ModelFile(path, info.withClasses(names), contents, foreign, null);
  }

  /**
   * The same network with fewer outputs: it answers with one of these classes.
   *
   * @param kept which, rising; of a file that answers with all
   */
  public ModelFile among(List<Integer> kept) {
    return new ModelFile(path, info.among(kept), contents, foreign, List.copyOf(kept));
  }

  public boolean isInt8() {
    return contents.metadata().containsKey(Int8File.KEY);
  }

  /**
   * All tensors of the network by its own names.
   *
   * @throws UserError if the file has not all of them, or others
   */
  public Map<String, HostTensor> tensors(Backend backend) {
    Map<String, HostTensor> all = foreign == null ? contents.tensors() : named(backend);
    return outputs == null ? all : KeptOutputs.of(outputs, info.model().classifier()).in(all);
  }

  private Map<String, HostTensor> named(Backend backend) {
    try (Network network = foreign.info().model().create(backend, null)) {
      StateMapping mapping =
          StateMapping.of(
              network.shapes(), foreign.tensors(), info.model().classifier(), Models.otherNames());
      mapping.requireSameModel("the weights in " + path);
      requireWhole(mapping);
      Map<String, HostTensor> named =
          mapping.foreignNames() ? info.model().fromTimm(mapping.loaded()) : mapping.loaded();
      Map<String, HostTensor> out = new LinkedHashMap<>();
      // Files of before PyTorch 0.4.1 do not count batches.
      network
          .shapes()
          .forEach(
              (name, shape) ->
                  out.put(
                      name,
                      named.containsKey(name)
                          ? named.get(name)
                          : HostTensor.zeros(DType.I64, shape)));
      return out;
    }
  }

  private void requireWhole(StateMapping mapping) {
    List<String> missing = new ArrayList<>(mapping.missing());
    if (mapping.classifier() != null) {
      missing.add(mapping.classifier());
    }
    if (!missing.isEmpty()) {
      throw new UserError(
          "%s lacks %s of %s%s %s, so it cannot answer: take a whole file of its weights"
              .formatted(
                  path,
                  Units.count(missing.size(), "tensor"),
                  ForeignModel.a(info.model()),
                  missing.size() == 1 ? "," : ", such as",
                  missing.getFirst()));
    }
  }
}
