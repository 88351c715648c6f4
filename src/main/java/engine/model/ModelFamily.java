package engine.model;

import engine.weights.LayerNames;
import java.util.List;
import java.util.Set;

/**
 * A line of the table of models ({@link Models}): networks of one kind and several sizes.
 *
 * @param title the names in short, for people
 * @param names that {@code --model} takes, and checkpoints have
 * @param config of a network of the family; its components are what a checkpoint says of it
 * @param mark a component of the config that no other family's has
 * @param optional components that checkpoints of earlier versions lack
 * @param maker from a name and options to a config
 * @param weights how files with its weights are known
 */
record ModelFamily<C extends Record & NetworkConfig>(
    String title,
    List<String> names,
    Class<C> config,
    String mark,
    Set<String> optional,
    Maker<C> maker,
    Weights<C> weights) {

  /** From a name of the family, and what may be chosen beside it, to a network's description. */
  @FunctionalInterface
  interface Maker<C> {
    /**
     * @throws engine.base.UserError if something is chosen that the family does not have
     */
    C make(String name, NetworkOptions options);
  }

  /**
   * How files with weights of the family are known.
   *
   * @param deep a name that each network of the family has once, by torchvision
   * @param otherNames other libraries' names of the layers, where those are not torchvision's
   */
  record Weights<C>(String deep, Reader<C> reader, List<LayerNames> otherNames) {}

  /** From the shapes of a file's tensors to a network's description. */
  @FunctionalInterface
  interface Reader<C> {
    /**
     * The networks of the family that have such tensors: several where nothing tells them apart,
     * none where the tensors are of something else.
     *
     * @throws engine.base.UserError to follow the name of the file, where they are of a network of
     *     this kind that is not here
     */
    List<C> read(TensorShapes shapes);
  }
}
