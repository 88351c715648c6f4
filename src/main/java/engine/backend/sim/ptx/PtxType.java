package engine.backend.sim.ptx;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The fundamental types of PTX (PTX ISA, 5.2), and the packed ones. */
public enum PtxType {
  PRED(0, Kind.PREDICATE),
  B8(1, Kind.BITS),
  B16(2, Kind.BITS),
  B32(4, Kind.BITS),
  B64(8, Kind.BITS),
  U8(1, Kind.UNSIGNED),
  U16(2, Kind.UNSIGNED),
  U32(4, Kind.UNSIGNED),
  U64(8, Kind.UNSIGNED),
  S8(1, Kind.SIGNED),
  S16(2, Kind.SIGNED),
  S32(4, Kind.SIGNED),
  S64(8, Kind.SIGNED),
  F16(2, Kind.FLOAT),
  BF16(2, Kind.FLOAT),
  F32(4, Kind.FLOAT),
  F64(8, Kind.FLOAT),
  F16X2(4, Kind.PACKED),
  BF16X2(4, Kind.PACKED);

  /** What the bits mean. */
  public enum Kind {
    PREDICATE,
    BITS,
    UNSIGNED,
    SIGNED,
    FLOAT,
    PACKED
  }

  private static final Map<String, PtxType> BY_NAME = new HashMap<>();

  static {
    for (PtxType t : values()) {
      BY_NAME.put(t.ptx(), t);
    }
  }

  private final int bytes;
  private final Kind kind;

  PtxType(int bytes, Kind kind) {
    this.bytes = bytes;
    this.kind = kind;
  }

  /** The type called {@code name}, without its dot; null if there is none. */
  public static PtxType of(String name) {
    return BY_NAME.get(name);
  }

  /** Size in memory; 0 for predicates, which have none. */
  public int bytes() {
    return bytes;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether a register of this type lives in the 64-bit file. */
  public boolean isWide() {
    return bytes == 8;
  }

  /** The name in PTX, without its dot. */
  public String ptx() {
    return name().toLowerCase(Locale.ROOT);
  }
}
