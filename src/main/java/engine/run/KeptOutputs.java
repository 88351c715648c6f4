package engine.run;

import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Some outputs of a classifier: the rows of its weight, its bias and, in int8, its scales.
 *
 * @param rows which, rising
 * @param classifier name of the layer
 */
record KeptOutputs(List<Integer> rows, String classifier) {
  static KeptOutputs of(List<Integer> rows, String classifier) {
    return new KeptOutputs(rows, classifier);
  }

  /** The tensors of a network, those of its classifier with these rows alone. */
  Map<String, HostTensor> in(Map<String, HostTensor> tensors) {
    long all = tensors.get(classifier + ".weight").shape().dim(0);
    Map<String, HostTensor> out = new LinkedHashMap<>(tensors);
    out.replaceAll((name, t) -> isOfOutputs(name, t, all) ? kept(t) : t);
    return out;
  }

  /** An int8 layer has one value for all, too: the scale of its input. */
  private boolean isOfOutputs(String name, HostTensor t, long all) {
    return name.startsWith(classifier + ".") && t.shape().rank() > 0 && t.shape().dim(0) == all;
  }

  private HostTensor kept(HostTensor t) {
    long[] dims = t.shape().dims().clone();
    long row = t.data().byteSize() / dims[0];
    dims[0] = rows.size();
    HostTensor out = HostTensor.zeros(t.dtype(), Shape.of(dims));
    for (int i = 0; i < rows.size(); i++) {
      MemorySegment.copy(t.data(), rows.get(i) * row, out.data(), i * row, row);
    }
    return out;
  }
}
