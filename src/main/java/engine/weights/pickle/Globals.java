package engine.weights.pickle;

import java.util.List;

/**
 * What the names in a pickle stand for. Python would import and call whatever a file names; an
 * implementation of this has a list of its own instead and refuses the rest by name.
 */
public interface Globals {
  /**
   * @return what {@code module.name} stands for
   * @throws PickleException if it is not on the list
   */
  Object find(String module, String name) throws PickleException;

  /**
   * @param function what {@link #find} gave
   */
  Object call(Object function, List<Object> arguments) throws PickleException;

  /** A state given to an object after it was made: Python's {@code __setstate__}. */
  void build(Object object, Object state) throws PickleException;

  /** An object kept outside the pickle. */
  Object persistent(Object id) throws PickleException;
}
