package engine.inspect.kernel;

import engine.backend.kernels.InstructionCounts;
import engine.backend.kernels.TracedStep;
import engine.backend.kernels.TracedStep.Reading;
import engine.backend.kernels.TracedStep.Written;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** One warp's steps: the instruction, and what it left in the registers of the active lanes. */
public final class TraceText {
  private static final int LANES = 32;

  private TraceText() {}

  public static void print(KernelDossier k, int warp, PrintWriter out) {
    out.println(
        "%s, a kernel of cuda/%s.cu; simulated, %s: %s"
            .formatted(k.kernel(), k.family(), k.launch(), k.launch().what()));
    long ofBlock = (k.launch().block().count() + LANES - 1) / LANES;
    out.println(
        "warp %d of block %d; the values of its active lanes, first … last"
            .formatted(warp % ofBlock, warp / ofBlock));
    SourceText source = new SourceText();
    String above = "";
    int n = 0;
    for (TracedStep s : k.run().trace()) {
      InstructionCounts i = k.run().instructions().get(s.instruction());
      String line = source.of(i);
      if (!line.equals(above)) {
        out.println();
        out.println(line);
        above = line;
      }
      out.println(row(++n, i, s).stripTrailing());
    }
    if (k.run().traceCut() > 0) {
      out.println("… and %,d steps more".formatted(k.run().traceCut()));
    }
    if (k.run().fault() != null) {
      out.println();
      k.run().fault().lines().forEach(out::println);
    }
  }

  private static String row(int n, InstructionCounts i, TracedStep s) {
    List<String> right = new ArrayList<>();
    s.written().forEach(w -> right.add(w.register() + " = " + values(w, s.active())));
    if (!s.note().isEmpty()) {
      right.add(s.note());
    }
    String lanes = s.active() == -1 ? "" : "[" + Integer.bitCount(s.active()) + "]";
    return "%5d %4s  %-52s  %s".formatted(n, lanes, i.text(), String.join("; ", right));
  }

  /** One value if all lanes have it, else the first two and the last. */
  static String values(Written w, int active) {
    if (w.reading() == Reading.PREDICATE) {
      return predicate(w, active);
    }
    List<String> all = new ArrayList<>();
    for (int lane = 0; lane < LANES; lane++) {
      if ((active >>> lane & 1) != 0) {
        all.add(value(w.bits()[lane], w.reading()));
      }
    }
    if (all.stream().distinct().count() == 1) {
      return all.getFirst();
    }
    return all.size() <= 3
        ? String.join(", ", all)
        : all.get(0) + ", " + all.get(1) + ", " + all.get(2) + " … " + all.getLast();
  }

  private static String value(long bits, Reading reading) {
    return switch (reading) {
      case FLOAT -> number(Float.intBitsToFloat((int) bits), "%.6g");
      case DOUBLE -> number(Double.longBitsToDouble(bits), "%.9g");
      case HALF -> number(Float.float16ToFloat((short) bits), "%.4g");
      case ADDRESS -> "0x%x".formatted(bits);
      default -> Long.toString(bits);
    };
  }

  /** Whole numbers without the zeros of the format. */
  private static String number(double v, String format) {
    return v == Math.rint(v) && Math.abs(v) < 1e6 ? "%.1f".formatted(v) : format.formatted(v);
  }

  private static String predicate(Written w, int active) {
    int yes = 0;
    for (int lane = 0; lane < LANES; lane++) {
      yes |= (int) (w.bits()[lane] & 1) << lane;
    }
    yes &= active;
    if (yes == active || yes == 0) {
      return yes == 0 ? "false" : "true";
    }
    return "true in lanes " + runs(yes);
  }

  /** {@code 0-19, 24}. */
  private static String runs(int lanes) {
    List<String> runs = new ArrayList<>();
    for (int lane = 0; lane < LANES; lane++) {
      if ((lanes >>> lane & 1) != 0) {
        int first = lane;
        while (lane + 1 < LANES && (lanes >>> (lane + 1) & 1) != 0) {
          lane++;
        }
        runs.add(first == lane ? Integer.toString(first) : first + "-" + lane);
      }
    }
    return String.join(", ", runs);
  }
}
