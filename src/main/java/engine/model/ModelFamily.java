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
 * @param otherNames other libraries' names of the layers, where those are not torchvision's
 */
record ModelFamily<C extends Record & NetworkConfig>(
    String title,
    List<String> names,
    Class<C> config,
    String mark,
    Set<String> optional,
    Maker<C> maker,
    List<LayerNames> otherNames) {

  /** From a name of the family, and what may be chosen beside it, to a network's description. */
  @FunctionalInterface
  interface Maker<C> {
    /**
     * @throws engine.base.UserError if something is chosen that the family does not have
     */
    C make(String name, NetworkOptions options);
  }
}
