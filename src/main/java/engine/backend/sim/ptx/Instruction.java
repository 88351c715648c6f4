package engine.backend.sim.ptx;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One instruction.
 *
 * @param guard the predicate that switches it on lane by lane; null for none
 * @param guardNegated whether it is {@code @!p}
 * @param opcode mnemonic and modifiers as written, such as {@code fma.rn.f32}
 * @param ptxLine its line in the PTX text, from 1
 * @param source where it comes from in the CUDA source; {@link SourceLine#UNKNOWN} without
 *     -lineinfo
 */
public record Instruction(
    Operand.Register guard,
    boolean guardNegated,
    String opcode,
    List<Operand> operands,
    int ptxLine,
    SourceLine source) {

  /** The opcode up to its first dot. */
  public String mnemonic() {
    int dot = opcode.indexOf('.');
    return dot < 0 ? opcode : opcode.substring(0, dot);
  }

  /** What follows the mnemonic, without dots. */
  public List<String> modifiers() {
    String[] parts = opcode.split("\\.");
    return List.of(parts).subList(1, parts.length);
  }

  public boolean has(String modifier) {
    return modifiers().contains(modifier);
  }

  /** The last type among the modifiers; null if there is none. */
  public PtxType type() {
    return modifiers().reversed().stream()
        .map(PtxType::of)
        .filter(t -> t != null)
        .findFirst()
        .orElse(null);
  }

  @Override
  public String toString() {
    String at = guard == null ? "" : "@" + (guardNegated ? "!" : "") + guard + " ";
    return at
        + opcode
        + operands.stream()
            .map(Operand::toString)
            .collect(Collectors.joining(", ", operands.isEmpty() ? "" : " ", ""));
  }
}
