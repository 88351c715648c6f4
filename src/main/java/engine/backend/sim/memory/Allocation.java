package engine.backend.sim.memory;

/**
 * A piece of global memory.
 *
 * @param serial its number in the order of allocation, from 1: the same in every run
 * @param what what it was made for: a call's name, or a variable's
 * @param offset where it starts in the device's memory
 */
public record Allocation(int serial, String what, long offset, long bytes) {
  long end() {
    return offset + bytes;
  }

  @Override
  public String toString() {
    return "allocation #%d (%,d bytes, %s)".formatted(serial, bytes, what);
  }
}
