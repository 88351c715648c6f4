package engine.backend.sim.memory;

/** What is wrong with an address, in words. */
final class Explanation {
  private Explanation() {}

  static String of(Heap heap, long offset, long bytes, boolean mapped) {
    Allocation freed = mapped ? heap.freedAt(offset) : null;
    Allocation before = heap.atOrBefore(offset);
    Allocation after = heap.after(offset);
    if (before != null && offset + bytes <= before.end()) {
      return "never written before, %s into %s".formatted(count(offset - before.offset()), before);
    }
    if (freed != null) {
      return "use after free: %s into %s, which was freed"
          .formatted(count(offset - freed.offset()), freed);
    }
    if (!mapped) {
      return "outside the device's memory" + (offset == -DeviceMemory.BASE ? ": null" : "");
    }
    if (before != null && (after == null || offset - before.end() <= after.offset() - offset)) {
      return offset < before.end()
          ? "it runs over the end of " + before
          : "out of bounds, %s past the end of %s".formatted(count(offset - before.end()), before);
    }
    if (after != null) {
      return "out of bounds, %s before the start of %s"
          .formatted(count(after.offset() - offset), after);
    }
    return "nothing is allocated";
  }

  private static String count(long bytes) {
    return "%,d byte%s".formatted(bytes, bytes == 1 ? "" : "s");
  }
}
