package engine.backend.sim.memory;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class HeapTest {
  private static final long SEED = 7;

  private final Heap heap = new Heap(8L << 30);
  private final TreeMap<Long, Allocation> live = new TreeMap<>();
  private final List<Allocation> order = new ArrayList<>();

  @Test
  void noTwoLiveAllocationsShareAByte() {
    Random random = new Random(SEED);
    for (int i = 0; i < 40_000; i++) {
      if (order.size() < 200 || (random.nextBoolean() && order.size() < 3000)) {
        allocate(1 + random.nextInt(random.nextInt(4) == 0 ? 1 << 20 : 40_000));
      } else {
        Allocation gone = order.set(random.nextInt(order.size()), order.getLast());
        order.removeLast();
        live.remove(gone.offset());
        assertTrue(heap.free(gone.offset()) != null, "seed " + SEED);
      }
    }
  }

  private void allocate(long bytes) {
    Allocation a = heap.allocate(bytes, "test");
    Map.Entry<Long, Allocation> before = live.floorEntry(a.offset() + bytes - 1);
    assertTrue(
        before == null || before.getValue().end() <= a.offset(),
        () -> "seed %d: %s over %s".formatted(SEED, a, before.getValue()));
    live.put(a.offset(), a);
    order.add(a);
  }
}
