package engine.backend.cuda.memory;

import engine.tensor.DType;
import engine.tensor.Storage;
import engine.tensor.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Half copies of fp32 filters. Forward and data gradient read them, so that no step rounds 25
 * million weights twice and no answer rounds them at all; the optimiser writes them in the pass
 * that writes the filters (cuda/adamw.cu, cuda/sgd.cu), and every other write of the filters renews
 * them.
 */
public final class HalfWeights {
  private final CudaMemory memory;

  /** The memory of the filters. */
  private final Set<Storage> kept = Collections.newSetFromMap(new IdentityHashMap<>());

  /** Of filters that were read in half precision so far. */
  private final Map<Storage, Tensor> copies = new IdentityHashMap<>();

  /** All copies are of one format, so that one launch can write them. */
  private DType format;

  HalfWeights(CudaMemory memory) {
    this.memory = memory;
  }

  /** These fp32 filters will be read in half precision again and again. */
  public void keep(Tensor filters) {
    kept.add(filters.storage());
  }

  /**
   * The filters as {@code type}: the copy where there is one, else rounded now. Owned by the
   * caller.
   */
  public Tensor as(DType type, Tensor filters) {
    Storage s = filters.storage();
    boolean other = !copies.isEmpty() && format != type;
    // What is made while a step is recorded is there only after the first replay.
    boolean late = memory.isRecording() && !copies.containsKey(s);
    if (type == filters.dtype() || other || late || !kept.contains(s)) {
      return memory.cast(filters, type);
    }
    format = type;
    return copies.computeIfAbsent(s, k -> memory.cast(filters, type)).retain();
  }

  /** The copy, or null; it stays this object's. */
  public Tensor copyOf(Tensor filters) {
    return copies.get(filters.storage());
  }

  /** After a write that was not the optimiser's. */
  void renew(Tensor filters) {
    Tensor copy = copyOf(filters);
    if (copy != null) {
      memory.copyInPlace(filters, copy);
    }
  }

  /** With the filters goes their copy. */
  void forget(Storage filters) {
    kept.remove(filters);
    Tensor copy = copies.remove(filters);
    if (copy != null) {
      copy.close();
    }
  }
}
