package engine.weights.pickle;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Runs a pickle (protocols 0x02 to 0x05, CPython's {@code Lib/pickletools.py}) with the opcodes
 * that saved models use; any other is refused by its code. What comes out is made of {@code null},
 * {@link Boolean}, {@link Long}, {@link BigInteger}, {@link Double}, {@link String}, {@code
 * byte[]}, {@link Tuple}, {@link ArrayList}, {@link LinkedHashMap}, and what {@link Globals} makes.
 * A list or a dict may hold itself, so nobody should walk into the result without a limit.
 *
 * <p>The work is linear in the pickle's length, and its memory comes from an {@link Allowance}.
 */
public final class Unpickler {
  private static final int LONGEST_INTEGER = 1024;

  private final PickleInput in;
  private final Globals globals;
  private final Allowance allowance;
  private final PickleStack stack = new PickleStack();
  private final Map<Long, Object> memo = new HashMap<>();

  /**
   * @param bytes that hold a pickle from {@code at} on
   */
  public Unpickler(MemorySegment bytes, long at, Globals globals, Allowance allowance) {
    this.in = new PickleInput(bytes, at, allowance);
    this.globals = globals;
    this.allowance = allowance;
  }

  /** Where the pickle ended, after {@link #read}. */
  public long end() {
    return in.position();
  }

  /** The pickled value. */
  public Object read() throws PickleException {
    while (true) {
      int opcode = in.u8();
      if (opcode == '.') {
        return stack.pop();
      }
      if (!constant(opcode) && !container(opcode) && !memo(opcode) && !object(opcode)) {
        throw new PickleException(
            "uses the pickle opcode 0x%02x, which saved weights do not need".formatted(opcode));
      }
    }
  }

  /** Opcodes that push a value of their own, or none. */
  private boolean constant(int opcode) throws PickleException {
    switch (opcode) {
      case 0x80 -> protocol(in.u8());
      case 0x95 -> in.i64(); // FRAME: only a hint for buffered readers
      case 'N' -> stack.push(null);
      case 0x88 -> stack.push(true);
      case 0x89 -> stack.push(false);
      case 'J' -> integer(in.i32());
      case 'K' -> integer(in.u8());
      case 'M' -> integer(in.u16());
      case 0x8a -> stack.push(wide(in.bytes(in.u8())));
      case 0x8b -> stack.push(wide(number(in.i32())));
      case 'G' -> {
        allowance.take(24);
        stack.push(in.f64());
      }
      case 'X' -> stack.push(in.text(in.u32()));
      case 0x8c, 'U' -> stack.push(in.text(in.u8())); // Python 2 kept names as byte strings
      case 'T' -> stack.push(in.text(in.i32()));
      case 0x8d -> stack.push(in.text(in.i64()));
      case 'C' -> stack.push(in.bytes(in.u8()));
      case 'B' -> stack.push(in.bytes(in.u32()));
      case 0x8e, 0x96 -> stack.push(in.bytes(in.i64()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void protocol(int version) throws PickleException {
    if (version < 2 || version > 5) {
      throw new PickleException("is a pickle of the unknown protocol " + version);
    }
  }

  private void integer(long value) throws PickleException {
    allowance.take(16);
    stack.push(value);
  }

  /** The bytes of an integer; making one takes time in the square of its length. */
  private byte[] number(long length) throws PickleException {
    if (length < 0 || length > LONGEST_INTEGER) {
      throw new PickleException("has an integer of " + length + " bytes, which nobody needs");
    }
    return in.bytes(length);
  }

  /** A Long where it fits. */
  private Object wide(byte[] littleEndian) throws PickleException {
    allowance.take(128);
    byte[] big = new byte[littleEndian.length + 1];
    for (int i = 0; i < littleEndian.length; i++) {
      big[big.length - 1 - i] = littleEndian[i];
    }
    big[0] = (byte) (littleEndian.length > 0 && littleEndian[littleEndian.length - 1] < 0 ? -1 : 0);
    BigInteger value = new BigInteger(big);
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private boolean container(int opcode) throws PickleException {
    switch (opcode) {
      case '(' -> stack.mark();
      case '0' -> stack.pop();
      case '1' -> stack.popMark();
      case '2' -> stack.push(stack.peek());
      case ')' -> tuple();
      case 0x85 -> tuple(stack.pop());
      case 0x86 -> {
        Object b = stack.pop();
        tuple(stack.pop(), b);
      }
      case 0x87 -> {
        Object c = stack.pop();
        Object b = stack.pop();
        tuple(stack.pop(), b, c);
      }
      case 't' -> {
        allowance.take(8L * stack.sinceMark());
        tuple(stack.popMark());
      }
      case ']', 0x8f -> { // a set is a list here
        allowance.take(40);
        stack.push(new ArrayList<>());
      }
      case 'l', 0x91 -> {
        allowance.take(40 + 8L * stack.sinceMark());
        stack.push(new ArrayList<>(Arrays.asList(stack.popMark())));
      }
      case '}' -> {
        allowance.take(64);
        stack.push(new LinkedHashMap<>());
      }
      case 'd' -> {
        allowance.take(64);
        Object[] items = stack.popMark();
        stack.push(new LinkedHashMap<>());
        put(items);
      }
      case 'a' -> append(stack.pop());
      case 'e', 0x90 -> append(stack.popMark());
      case 's' -> {
        Object value = stack.pop();
        put(stack.pop(), value);
      }
      case 'u' -> put(stack.popMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  private void tuple(Object... items) throws PickleException {
    allowance.take(40 + 8L * items.length);
    stack.push(new Tuple(items));
  }

  @SuppressWarnings("unchecked") // every list here is one of Object
  private void append(Object... items) throws PickleException {
    if (!(stack.peek() instanceof ArrayList<?> list)) {
      throw new PickleException("is damaged: its pickle appends to what is not a list");
    }
    allowance.take(16L * items.length);
    ((ArrayList<Object>) list).addAll(Arrays.asList(items));
  }

  @SuppressWarnings("unchecked") // every map here is one of Object to Object
  private void put(Object... items) throws PickleException {
    if (!(stack.peek() instanceof LinkedHashMap<?, ?> map) || items.length % 2 != 0) {
      throw new PickleException("is damaged: its pickle sets items of what is not a dict");
    }
    for (int i = 0; i < items.length; i += 2) {
      allowance.take(80);
      ((Map<Object, Object>) map).put(key(items[i]), items[i + 1]);
    }
  }

  /** Keys are names, numbers and tuples, which hash by identity; others could take for ever to. */
  static Object key(Object key) throws PickleException {
    if (key instanceof String
        || key instanceof Long
        || key instanceof Double
        || key instanceof Boolean
        || key instanceof Tuple
        || key == null) {
      return key;
    }
    throw new PickleException("has a dict whose keys are not names, numbers or tuples");
  }

  private boolean memo(int opcode) throws PickleException {
    switch (opcode) {
      case 'q' -> remember(in.u8());
      case 'r' -> remember(in.u32());
      case 0x94 -> remember(memo.size());
      case 'h' -> stack.push(recall(in.u8()));
      case 'j' -> stack.push(recall(in.u32()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private void remember(long index) throws PickleException {
    allowance.take(48);
    memo.put(index, stack.peek());
  }

  private Object recall(long index) throws PickleException {
    if (!memo.containsKey(index)) {
      throw new PickleException("is damaged: its pickle recalls what was not remembered");
    }
    return memo.get(index);
  }

  /** Opcodes that {@link Globals} answers. */
  private boolean object(int opcode) throws PickleException {
    switch (opcode) {
      case 'c' -> {
        String module = in.line();
        stack.push(globals.find(module, in.line()));
      }
      case 0x93 -> {
        Object name = stack.pop();
        Object module = stack.pop();
        if (!(module instanceof String m && name instanceof String n)) {
          throw new PickleException("is damaged: its pickle names a global without a name");
        }
        stack.push(globals.find(m, n));
      }
      case 'R', 0x81 -> { // NEWOBJ makes an instance as a call of its class would
        Object arguments = stack.pop();
        Object function = stack.pop();
        if (!(arguments instanceof Tuple t)) {
          throw new PickleException("is damaged: its pickle makes a call without arguments");
        }
        allowance.take(64);
        stack.push(globals.call(function, t.items()));
      }
      case 0x92 -> { // NEWOBJ_EX
        Object named = stack.pop();
        Object arguments = stack.pop();
        Object function = stack.pop();
        if (!(arguments instanceof Tuple t) || !(named instanceof Map<?, ?> m) || !m.isEmpty()) {
          throw new PickleException("is damaged: its pickle makes a call that it should not");
        }
        allowance.take(64);
        stack.push(globals.call(function, t.items()));
      }
      case 'b' -> {
        Object state = stack.pop();
        globals.build(stack.peek(), state);
      }
      case 'Q' -> {
        allowance.take(64);
        stack.push(globals.persistent(stack.pop()));
      }
      default -> {
        return false;
      }
    }
    return true;
  }
}
