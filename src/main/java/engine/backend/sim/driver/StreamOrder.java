package engine.backend.sim.driver;

import engine.backend.sim.exec.KernelFault;
import engine.backend.sim.memory.Allocation;
import engine.backend.sim.memory.DeviceMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What comes before what. Work of one stream is done in its order; between streams only events
 * order, and waits of the host, behind which whatever the host submits comes later. Streams, events
 * and the host keep a {@link Clock} each. Two uses of the same bytes by two streams, one of them a
 * write, that the clocks do not order are a race, whichever of them happens to be done first here
 * (FastTrack, Flanagan and Freund 2009, has the idea for threads).
 */
final class StreamOrder {
  private static final int MANY = 16;

  private final DeviceMemory memory;
  private final Stream defaultStream;
  private final List<Stream> streams = new ArrayList<>();
  private final Clock host = new Clock();
  private final Map<Integer, List<Mark>> marks = new HashMap<>();
  private final PinnedReads pinned = new PinnedReads(this);
  private Consumer<String> journal = _ -> {};

  /** A use of bytes of one allocation; {@code from} and {@code to} count in it. */
  private record Mark(Stream stream, long time, long from, long to, boolean writes, String what) {
    boolean isSameUse(Mark m) {
      return stream == m.stream && from == m.from && to == m.to && writes == m.writes;
    }

    boolean conflictsWith(Mark m) {
      return stream != m.stream && (writes || m.writes) && from < m.to && m.from < to;
    }

    String describe() {
      return "%s on %s %s".formatted(what, stream, writes ? "writes" : "reads");
    }
  }

  StreamOrder(DeviceMemory memory) {
    this.memory = memory;
    defaultStream = newStream(true);
  }

  /**
   * @param blocking whether it waits for the default stream, and that for it
   */
  Stream newStream(boolean blocking) {
    Stream s = new Stream(streams.size(), blocking);
    streams.add(s);
    return s;
  }

  Stream defaultStream() {
    return defaultStream;
  }

  /** Is told of each piece of work as {@code stream N: WHAT}, and of each call by its name. */
  void tell(Consumer<String> listener) {
    journal = listener;
  }

  void called(String function) {
    journal.accept(function);
  }

  /**
   * Before work is done.
   *
   * @param looks whether to look for races
   * @throws KernelFault if it uses memory that another stream uses, and nothing orders the two
   */
  void begins(Stream s, Work work, boolean looks) {
    journal.accept(s + ": " + work.what());
    s.clock.join(host);
    if (s == defaultStream) {
      streams.stream().filter(o -> o.blocking).forEach(o -> s.clock.join(o.clock));
    } else if (s.blocking) {
      s.clock.join(defaultStream.clock);
    }
    long time = s.clock.tick(s.number);
    for (Use u : looks ? work.uses() : List.<Use>of()) {
      long offset = u.address() - DeviceMemory.BASE;
      Allocation a = memory.allocationAt(offset);
      if (a != null && u.bytes() != 0) {
        boolean whole = u.bytes() == Use.WHOLE;
        long from = whole ? 0 : offset - a.offset();
        long to = whole ? a.bytes() : from + u.bytes();
        use(a, new Mark(s, time, from, to, u.writes(), work.what()));
      }
    }
  }

  private void use(Allocation a, Mark mark) {
    List<Mark> all = marks.computeIfAbsent(a.serial(), _ -> new ArrayList<>());
    for (Mark m : all) {
      if (m.conflictsWith(mark) && mark.stream.clock.of(m.stream.number) < m.time) {
        throw race(a, mark, m);
      }
    }
    // What the host has waited for comes before all that will be submitted.
    all.removeIf(m -> m.isSameUse(mark) || (all.size() > MANY && isOver(m)));
    all.add(mark);
  }

  private boolean isOver(Mark m) {
    return isOver(m.stream, m.time);
  }

  /** Whether the host knows, having waited, that a piece of work is over. */
  boolean isOver(Stream s, long time) {
    return host.of(s.number) >= time;
  }

  private static KernelFault race(Allocation a, Mark mark, Mark before) {
    return new KernelFault(
        KernelFault.LAUNCH_FAILED,
        "a race of two streams: %s %s, which %s, and neither an event nor a wait of the host orders the two: record an event behind one and let the other's stream wait for it"
            .formatted(mark.describe(), a, before.describe()));
  }

  /** Copies from pinned memory. */
  PinnedReads pinned() {
    return pinned;
  }

  /** An event on its way into a stream. */
  Clock recorded(Stream s) {
    return s.clock.copy();
  }

  /** Later work of the stream comes after the event. */
  void waits(Stream s, Event e) {
    if (e.clock != null) {
      s.clock.join(e.clock);
    }
  }

  /** Whether the host knows, having waited, that the event has come. */
  boolean hasCome(Event e) {
    return e.clock == null || host.covers(e.clock);
  }

  /** Whether the host knows, having waited, that the stream has nothing left to do. */
  boolean isIdle(Stream s) {
    return host.covers(s.clock);
  }

  void hostWaits(Event e) {
    pinned.check();
    if (e.clock != null) {
      host.join(e.clock);
    }
  }

  void hostWaits(Stream s) {
    pinned.check();
    host.join(s.clock);
  }

  /** As freeing memory does. */
  void hostWaitsForAll() {
    pinned.check();
    streams.forEach(s -> host.join(s.clock));
  }

  void freed(Allocation a) {
    marks.remove(a.serial());
  }
}
