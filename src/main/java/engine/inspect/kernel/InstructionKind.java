package engine.inspect.kernel;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/** What an instruction keeps busy. */
enum InstructionKind {
  FLOAT("fp32"),
  HALF("fp16"),
  DOUBLE("fp64"),
  INTEGER("integer"),
  COMPARE("compare and select"),
  CONVERT("convert"),
  MOVE("move"),
  GLOBAL("global memory"),
  SHARED("shared memory"),
  LOCAL("local memory"),
  ATOMIC("atomic"),
  WARP("shuffle and vote"),
  BARRIER("barrier"),
  BRANCH("branch");

  private static final Set<String> JUMPS = Set.of("bra", "brx", "ret", "exit", "trap", "call");
  private static final Set<String> LANES_MEET =
      Set.of("shfl", "vote", "activemask", "match", "redux", "elect");
  private static final Set<String> MOVES = Set.of("mov", "cvta", "prmt", "nop");
  private static final Set<String> CHOOSES = Set.of("setp", "set", "selp", "slct");

  private final String text;

  InstructionKind(String text) {
    this.text = text;
  }

  /** For people. */
  String text() {
    return text;
  }

  /**
   * @param opcode such as {@code ld.global.v4.f32}
   */
  static InstructionKind of(String opcode) {
    String[] parts = opcode.split("\\.");
    Set<String> modifiers = new HashSet<>(Arrays.asList(parts).subList(1, parts.length));
    String name = parts[0];
    if (JUMPS.contains(name)) {
      return BRANCH;
    }
    if (LANES_MEET.contains(name)) {
      return WARP;
    }
    if (MOVES.contains(name)) {
      return MOVE;
    }
    if (CHOOSES.contains(name)) {
      return COMPARE;
    }
    return switch (name) {
      case "bar", "barrier", "membar", "fence" -> modifiers.contains("warp") ? WARP : BARRIER;
      case "atom", "red" -> ATOMIC;
      case "ld", "ldu", "st" -> memory(modifiers);
      case "cvt" -> CONVERT;
      default -> arithmetic(modifiers);
    };
  }

  /** The constant bank of a kernel's parameters costs about what a move does. */
  private static InstructionKind memory(Set<String> modifiers) {
    if (modifiers.contains("param")) {
      return MOVE;
    }
    if (modifiers.contains("shared") || modifiers.contains("shared::cta")) {
      return SHARED;
    }
    return modifiers.contains("local") ? LOCAL : GLOBAL;
  }

  private static InstructionKind arithmetic(Set<String> modifiers) {
    if (modifiers.contains("f32")) {
      return FLOAT;
    }
    if (modifiers.contains("f64")) {
      return DOUBLE;
    }
    boolean half = modifiers.stream().anyMatch(m -> m.startsWith("f16") || m.startsWith("bf16"));
    return half ? HALF : INTEGER;
  }
}
