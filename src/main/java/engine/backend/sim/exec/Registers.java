package engine.backend.sim.exec;

import engine.backend.sim.ptx.Operand;
import engine.base.UserError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where a kernel's registers live in a {@link Warp}: one of three files, and a number in it.
 * Special registers such as {@code %tid.x} are ordinary ones that are filled when a warp starts.
 */
final class Registers {
  enum File {
    /** 32 bits and fewer: one int a lane. */
    NARROW,
    /** 64 bits: one long a lane. */
    WIDE,
    /** One bit a lane, so 32 lanes are one int. */
    PREDICATE
  }

  record Slot(File file, int number) {}

  private static final Set<String> WIDE_SPECIALS = Set.of("%clock64", "%globaltimer", "%gridid");

  private final Map<Operand, Slot> slots = new HashMap<>();
  private final List<String> specials = new ArrayList<>();
  private final int[] used = new int[File.values().length];

  Slot of(Operand registerOrSpecial) {
    return slots.computeIfAbsent(
        registerOrSpecial,
        o -> {
          File file =
              switch (o) {
                case Operand.Register r ->
                    r.type().bytes() == 0
                        ? File.PREDICATE
                        : r.type().isWide() ? File.WIDE : File.NARROW;
                case Operand.Special s -> {
                  if (!SpecialRegisters.isKnown(s.name())) {
                    throw new UserError("the software GPU has no register " + s.name());
                  }
                  specials.add(s.name());
                  yield WIDE_SPECIALS.contains(s.name()) ? File.WIDE : File.NARROW;
                }
                default -> throw new IllegalArgumentException(o + " is no register");
              };
          return new Slot(file, used[file.ordinal()]++);
        });
  }

  /** Names of the special registers that the kernel reads. */
  List<String> specials() {
    return List.copyOf(specials);
  }

  int count(File file) {
    return used[file.ordinal()];
  }
}
