package engine.train;

import engine.backend.Backend;
import engine.base.Setting;
import engine.base.UserError;
import engine.infer.LoadedModel;
import engine.model.Models;
import engine.model.Network;
import engine.model.Recognition;
import engine.quant.Int8File;
import engine.run.StartingFile;
import engine.run.StateDictChoice;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.weights.FiniteCheck;
import engine.weights.StateMapping;
import engine.weights.StemChannels;
import engine.weights.TimmOrigin;
import engine.weights.WeightsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The weights that a run starts from, where it does not start from random ones. */
final class InitialWeights {
  private InitialWeights() {}

  /**
   * Overwrites a network with those of a checkpoint or a file of weights of the same network; its
   * classifier may have other classes and is left out then.
   *
   * @param say told what became of every tensor
   */
  static void load(Backend backend, Network model, String weights, Consumer<String> say)
      throws IOException {
    StartingFile start = StartingFile.of(weights);
    Path file = LoadedModel.find(start.path());
    StateDictChoice choice = new StateDictChoice(file, start.key());
    WeightsFile.Contents contents = WeightsFile.read(file, choice::of);
    if (contents.metadata().containsKey(Int8File.KEY)) {
      throw new UserError(
          file + " is quantised: start from the fp32 checkpoint that it was made of");
    }
    List<String> stem = new ArrayList<>();
    Map<String, HostTensor> tensors = fitted(contents.tensors(), model, stem::add);
    StateMapping mapping =
        StateMapping.of(model.shapes(), tensors, model.config().classifier(), Models.otherNames());
    List<String> doubts = TimmOrigin.check(file, contents, mapping.others(), model.config().name());
    requireSameModel(file, contents, mapping, model.config().name());
    requireFinite(file, tensors, mapping.loaded().values());
    model.loadPart(
        backend,
        mapping.foreignNames() ? model.config().fromTimm(mapping.loaded()) : mapping.loaded());
    say.accept("starting from " + file + choice.among(contents));
    mapping.lines().forEach(l -> say.accept("  " + l));
    stem.forEach(l -> say.accept("  " + l));
    doubts.forEach(l -> say.accept("  " + l));
  }

  /** Of another network, the weights' own is named. */
  private static void requireSameModel(
      Path file, WeightsFile.Contents contents, StateMapping mapping, String model) {
    try {
      mapping.requireSameModel("the weights in " + file + without(contents));
    } catch (UserError e) {
      Map<String, Shape> shapes = new LinkedHashMap<>();
      contents.tensors().forEach((name, t) -> shapes.put(name, t.shape()));
      List<String> found;
      try {
        found = Recognition.of(shapes).stream().map(f -> f.config().name()).distinct().toList();
      } catch (UserError near) {
        throw new UserError("%s %s".formatted(file, near.getMessage()), e);
      }
      if (found.isEmpty() || found.contains(model)) {
        throw e;
      }
      throw new UserError(
          "the weights in %s are of %s, not of %s: use %s %s"
              .formatted(file, String.join(" or ", found), model, Setting.MODEL, found.getFirst()),
          e);
    }
  }

  /** With a first layer for as many channels as the network's pictures have. */
  private static Map<String, HostTensor> fitted(
      Map<String, HostTensor> tensors, Network model, Consumer<String> say) {
    return model.config().ends().entrySet().stream()
        .filter(e -> e.getValue().rank() == 4)
        .findFirst()
        .map(e -> StemChannels.fit(tensors, e.getKey(), e.getValue(), Models.otherNames(), say))
        .orElse(tensors);
  }

  /** Tensors that may be missed, though they are in the file. */
  private static String without(WeightsFile.Contents contents) {
    return contents.others().values().stream()
        .findFirst()
        .map(
            t ->
                " (less %d of types that are not computed with, such as %s)"
                    .formatted(contents.others().size(), t.type()))
        .orElse("");
  }

  /** Those that are used, by the file's own names. */
  private static void requireFinite(
      Path file, Map<String, HostTensor> tensors, Collection<HostTensor> used) {
    Set<HostTensor> wanted = Collections.newSetFromMap(new IdentityHashMap<>());
    wanted.addAll(used);
    Map<String, HostTensor> checked = new LinkedHashMap<>(tensors);
    checked.values().retainAll(wanted);
    FiniteCheck.require(
        file.toString(), checked, "take another file of weights, or a whole copy of this one");
  }
}
