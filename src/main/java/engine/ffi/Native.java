package engine.ffi;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/** How the binding classes make their downcall handles. */
final class Native {
  private static final Linker LINKER = Linker.nativeLinker();

  private Native() {}

  /**
   * A downcall handle of {@code name} in {@code library}.
   *
   * @param signature return type then parameters, a letter each: {@code v} void, {@code i} int,
   *     {@code l} a 64-bit integer or an address, {@code f} float
   */
  static MethodHandle handle(SymbolLookup library, String name, String signature) {
    MemorySegment symbol =
        library
            .find(name)
            .orElseThrow(() -> new UnsatisfiedLinkError("the library has no function " + name));
    return LINKER.downcallHandle(symbol, descriptor(signature));
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

  private static FunctionDescriptor descriptor(String signature) {
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
      case 'f' -> ValueLayout.JAVA_FLOAT;
      default -> throw new IllegalArgumentException("signature letter " + c);
    };
  }
}
