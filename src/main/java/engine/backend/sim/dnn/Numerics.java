package engine.backend.sim.dnn;

import engine.backend.sim.math.ElementType;
import engine.backend.sim.math.TensorFloat;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How an engine multiplies and sums in convolutions, and what it notes of that ({@code
 * cudnnBackendNumericalNote_t}). Each really does to its numbers what its notes say, so that who
 * takes the wrong engine gets other results.
 */
enum Numerics {
  /** Products on tensor cores: fp32 operands are rounded to TF32. */
  TENSOR_CORES(List.of(Note.TENSOR_CORE)),

  /** Everything in fp32. */
  PLAIN(List.of()),

  /** Sums by atomic additions, in any order: their last bit is by chance. */
  ATOMIC(List.of(Note.NONDETERMINISTIC)),

  /** Sums in fp16. */
  HALF_SUMS(List.of(Note.TENSOR_CORE, Note.REDUCED_PRECISION_REDUCTION)),

  /** Fp32 operands are rounded to fp16. */
  HALF_FACTORS(List.of(Note.TENSOR_CORE, Note.DOWN_CONVERT_INPUTS));

  private enum Note {
    TENSOR_CORE,
    DOWN_CONVERT_INPUTS,
    REDUCED_PRECISION_REDUCTION,
    FFT,
    NONDETERMINISTIC
  }

  private final List<Note> notes;

  Numerics(List<Note> notes) {
    this.notes = notes;
  }

  /** As C has them. */
  long[] notes() {
    return notes.stream().mapToLong(Note::ordinal).toArray();
  }

  double[] roundFactors(double[] fp32) {
    return switch (this) {
      case TENSOR_CORES -> Arrays.stream(fp32).map(TensorFloat::round).toArray();
      case HALF_FACTORS -> Arrays.stream(fp32).map(ElementType.F16::round).toArray();
      default -> fp32;
    };
  }

  double[] roundSums(double[] exact) {
    return switch (this) {
      case ATOMIC -> Arrays.stream(exact).map(Numerics::someNeighbour).toArray();
      case HALF_SUMS -> Arrays.stream(exact).map(ElementType.F16::round).toArray();
      default -> exact;
    };
  }

  private static double someNeighbour(double v) {
    float f = (float) v;
    return ThreadLocalRandom.current().nextBoolean() ? f : Math.nextUp(f);
  }
}
