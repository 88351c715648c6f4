package engine.backend.sim.ptx;

import java.util.List;
import java.util.stream.Collectors;

/** What an instruction works on (PTX ISA, chapter 6). */
public sealed interface Operand {
  /** A register of the kernel; {@code name} is unique in it. */
  record Register(String name, PtxType type) implements Operand {
    @Override
    public String toString() {
      return name;
    }
  }

  /** {@code !%p}: the complement of a predicate. */
  record Not(Register register) implements Operand {
    @Override
    public String toString() {
      return "!" + register;
    }
  }

  /** A read-only register such as {@code %tid.x}. */
  record Special(String name) implements Operand {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * A literal.
   *
   * @param bits an integer's value, or the bits of a float or double
   * @param floating {@link PtxType#F32} for {@code 0f…}, {@link PtxType#F64} for {@code 0d…}, else
   *     null
   */
  record Immediate(long bits, PtxType floating) implements Operand {
    @Override
    public String toString() {
      if (floating == PtxType.F32) {
        return Float.toString(Float.intBitsToFloat((int) bits));
      }
      return floating == PtxType.F64
          ? Double.toString(Double.longBitsToDouble(bits))
          : Long.toString(bits);
    }
  }

  /** The address of a variable, or a label. */
  record Symbol(String name, long offset) implements Operand {
    @Override
    public String toString() {
      return offset == 0 ? name : name + "+" + offset;
    }
  }

  /**
   * {@code [base+offset]}.
   *
   * @param base a register, a symbol or an immediate
   */
  record Address(Operand base, long offset) implements Operand {
    @Override
    public String toString() {
      return "[" + base + (offset == 0 ? "" : (offset < 0 ? "" : "+") + offset) + "]";
    }
  }

  /** {@code {a, b}}: the parts of a vector load, or the halves of a packed register. */
  record Vector(List<Operand> parts) implements Operand {
    @Override
    public String toString() {
      return parts.stream().map(Operand::toString).collect(Collectors.joining(", ", "{", "}"));
    }
  }

  /** {@code a|b}: an instruction's two results. */
  record Pair(Operand first, Operand second) implements Operand {
    @Override
    public String toString() {
      return first + "|" + second;
    }
  }

  /** {@code _}: a result that nobody wants. */
  record Sink() implements Operand {
    @Override
    public String toString() {
      return "_";
    }
  }
}
