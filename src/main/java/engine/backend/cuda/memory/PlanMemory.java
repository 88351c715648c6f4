package engine.backend.cuda.memory;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The memory of a plan's intermediate results: taken from the pool while it is recorded, used again
 * within the plan, and kept until the plan is closed.
 */
public final class PlanMemory implements AutoCloseable {
  private final DevicePool pool;
  private final Map<Long, Long> sizes = new HashMap<>();
  private final Set<Long> live = new HashSet<>();
  private final TreeMap<Long, ArrayDeque<Long>> free = new TreeMap<>();

  PlanMemory(DevicePool pool) {
    this.pool = pool;
  }

  long allocate(long bytes) {
    long size = DevicePool.round(bytes);
    var fit = pool.isExact() ? null : free.ceilingEntry(size);
    long block;
    if (fit != null && fit.getKey() <= size + size / 4) {
      block = fit.getValue().pop();
      if (fit.getValue().isEmpty()) {
        free.remove(fit.getKey());
      }
    } else {
      block = pool.allocate(bytes);
      sizes.put(block, size);
    }
    live.add(block);
    return block;
  }

  /** Takes a block back; false if it is not this plan's. */
  boolean free(long block) {
    if (!live.remove(block)) {
      return false;
    }
    free.computeIfAbsent(sizes.get(block), s -> new ArrayDeque<>()).push(block);
    return true;
  }

  /** What the work left open is no longer the plan's. */
  void keepFreeBlocksOnly() {
    live.forEach(sizes::remove);
    live.clear();
  }

  public long bytes() {
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public void close() {
    sizes.keySet().forEach(pool::free);
    sizes.clear();
    free.clear();
  }
}
