package engine.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;

/** How the binding classes make their downcall handles. */
final class Native {
  private static final Linker LINKER = Linker.nativeLinker();

  /**
   * Of a C function that says in {@code errno} why it failed; its first argument is a {@link
   * #CALL_STATE}.
   */
  static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");

  /** Where {@link #ERRNO} leaves it. */
  static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();

  private static final long ERRNO_OFFSET = CALL_STATE.byteOffset(PathElement.groupElement("errno"));

  private Native() {}

  /**
   * A downcall handle of {@code name} in {@code library}.
   *
   * @param signature return type then parameters, a letter each: {@code v} void, {@code i} int,
   *     {@code l} a 64-bit integer or an address, {@code b} byte, {@code f} float, {@code d} double
   * @param options {@link #variadicFrom}, {@link #ERRNO}
   */
  static MethodHandle handle(
      SymbolLookup library, String name, String signature, Linker.Option... options) {
    return LINKER.downcallHandle(symbol(library, name), descriptor(signature), options);
  }

  /**
   * A downcall handle that takes the address of the function as its first argument: what classes
   * use that can be bound to more than one library.
   */
  static MethodHandle handle(String signature) {
    return LINKER.downcallHandle(descriptor(signature));
  }

  /** Of a C function whose parameters from number {@code first} on are {@code ...}. */
  static Linker.Option variadicFrom(int first) {
    return Linker.Option.firstVariadicArg(first);
  }

  static int errno(MemorySegment state) {
    return state.get(JAVA_INT, ERRNO_OFFSET);
  }

  /**
   * The address of a function.
   *
   * @throws UnsatisfiedLinkError if the library has none of that name
   */
  static MemorySegment symbol(SymbolLookup library, String name) {
    return library
        .find(name)
        .orElseThrow(() -> new UnsatisfiedLinkError("the library has no function " + name));
  }

  /** A C struct: a letter and a name a field, laid out with C's padding. */
  static StructLayout struct(String letters, String... names) {
    List<MemoryLayout> members = new ArrayList<>();
    long at = 0;
    long widest = 1;
    for (int i = 0; i < names.length; i++) {
      MemoryLayout field = layout(letters.charAt(i)).withName(names[i]);
      long gap = -at & (field.byteAlignment() - 1);
      if (gap > 0) {
        members.add(MemoryLayout.paddingLayout(gap));
      }
      members.add(field);
      at += gap + field.byteSize();
      widest = Math.max(widest, field.byteAlignment());
    }
    if ((-at & (widest - 1)) > 0) {
      members.add(MemoryLayout.paddingLayout(-at & (widest - 1)));
    }
    return MemoryLayout.structLayout(members.toArray(MemoryLayout[]::new));
  }

  /** A C function pointer, alive for ever, that calls {@code method} of {@code owner}. */
  static long upcall(MethodHandles.Lookup owner, String method, String signature) {
    try {
      FunctionDescriptor d = descriptor(signature);
      MethodType type = d.toMethodType();
      MethodHandle h = owner.findStatic(owner.lookupClass(), method, type);
      return LINKER.upcallStub(h, d, Arena.global()).address();
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** The symbols of the C library that the JVM itself is linked with. */
  static SymbolLookup libc() {
    return LINKER.defaultLookup();
  }

  static RuntimeException unexpected(Throwable t) {
    if (t instanceof RuntimeException r) {
      return r;
    }
    if (t instanceof Error e) {
      throw e;
    }
    return new IllegalStateException(t);
  }

  static FunctionDescriptor descriptor(String signature) {
    MemoryLayout[] params = new MemoryLayout[signature.length() - 1];
    for (int i = 0; i < params.length; i++) {
      params[i] = layout(signature.charAt(i + 1));
    }
    return signature.charAt(0) == 'v'
        ? FunctionDescriptor.ofVoid(params)
        : FunctionDescriptor.of(layout(signature.charAt(0)), params);
  }

  private static MemoryLayout layout(char c) {
    return switch (c) {
      case 'i' -> JAVA_INT;
      case 'l' -> JAVA_LONG;
      case 'b' -> ValueLayout.JAVA_BYTE;
      case 'f' -> ValueLayout.JAVA_FLOAT;
      case 'd' -> ValueLayout.JAVA_DOUBLE;
      default -> throw new IllegalArgumentException("signature letter " + c);
    };
  }
}
