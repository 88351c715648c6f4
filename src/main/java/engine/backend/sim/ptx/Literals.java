package engine.backend.sim.ptx;

import engine.backend.sim.ptx.Lexer.Token;

/** Literals (PTX ISA, 4.5): decimal, hexadecimal, octal, binary, and floats as hexadecimal bits. */
final class Literals {
  private Literals() {}

  static Operand.Immediate parse(Token token) {
    String s = token.text();
    try {
      if (s.startsWith("0f") || s.startsWith("0F")) {
        return new Operand.Immediate(Integer.parseUnsignedInt(s.substring(2), 16), PtxType.F32);
      }
      if (s.startsWith("0d") || s.startsWith("0D")) {
        return new Operand.Immediate(Long.parseUnsignedLong(s.substring(2), 16), PtxType.F64);
      }
      String digits = s.endsWith("U") ? s.substring(0, s.length() - 1) : s;
      if (digits.startsWith("0x") || digits.startsWith("0X")) {
        return integer(digits.substring(2), 16);
      }
      if (digits.startsWith("0b") || digits.startsWith("0B")) {
        return integer(digits.substring(2), 2);
      }
      boolean octal = digits.length() > 1 && digits.startsWith("0");
      return integer(digits, octal ? 8 : 10);
    } catch (NumberFormatException e) {
      throw new PtxException(token.line(), "'" + s + "' is not a number");
    }
  }

  private static Operand.Immediate integer(String digits, int radix) {
    return new Operand.Immediate(Long.parseUnsignedLong(digits, radix), null);
  }
}
