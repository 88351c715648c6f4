package engine.backend.sim.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes an upcall stub of every function of a library from the Java method of the same name. Around
 * each method stands a {@link Guard}.
 */
public final class Symbols {
  private static final int SUCCESS = 0;

  private Symbols() {}

  /**
   * Stubs by the names of the functions.
   *
   * @param functions names and C signatures
   * @param homes objects with the methods, one of whose types is assignable to the signature, or
   *     {@code void} for a function that says nothing but that all went well
   */
  public static SymbolLookup of(
      Arena arena, Map<String, FunctionDescriptor> functions, Guard guard, List<Object> homes) {
    Map<String, MemorySegment> stubs = new HashMap<>();
    functions.forEach(
        (name, descriptor) -> {
          MethodHandle call = guarded(method(name, descriptor, homes), name, guard);
          stubs.put(name, Linker.nativeLinker().upcallStub(call, descriptor, arena));
        });
    return name -> Optional.ofNullable(stubs.get(name));
  }

  private static MethodHandle method(
      String name, FunctionDescriptor descriptor, List<Object> homes) {
    MethodType wanted = descriptor.toMethodType();
    for (Object home : homes) {
      for (Method m : home.getClass().getDeclaredMethods()) {
        if (m.getName().equals(name)) {
          try {
            m.setAccessible(true); // calls are package-private in the package of their library
            MethodHandle h = MethodHandles.lookup().unreflect(m).bindTo(home);
            boolean silent =
                h.type().returnType() == void.class && wanted.returnType() == int.class;
            MethodHandle result =
                silent
                    ? MethodHandles.filterReturnValue(h, MethodHandles.constant(int.class, SUCCESS))
                    : h;
            return result.asType(wanted);
          } catch (IllegalAccessException e) {
            throw new AssertionError(e);
          }
        }
      }
    }
    throw new AssertionError("the software GPU does not implement " + name);
  }

  private static MethodHandle guarded(MethodHandle call, String name, Guard guard) {
    try {
      Class<?> result = call.type().returnType();
      MethodHandle enter =
          guard(guard, "enter", MethodType.methodType(void.class, String.class)).bindTo(name);
      MethodHandle failed =
          guard(guard, "failed", MethodType.methodType(int.class, String.class, Throwable.class))
              .bindTo(name);
      MethodHandle caught =
          MethodHandles.catchException(
              MethodHandles.foldArguments(call, enter),
              Throwable.class,
              MethodHandles.dropArguments(
                  failed.asType(failed.type().changeReturnType(result)),
                  1,
                  call.type().parameterList()));
      MethodHandle locked =
          MethodHandles.foldArguments(
              caught, guard(guard, "lock", MethodType.methodType(void.class)));
      MethodHandle leave = leave(guard, result);
      return MethodHandles.tryFinally(
          locked,
          MethodHandles.dropArguments(
              leave, leave.type().parameterCount(), call.type().parameterList()));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static MethodHandle guard(Guard guard, String method, MethodType type)
      throws ReflectiveOperationException {
    return MethodHandles.lookup().findVirtual(Guard.class, method, type).bindTo(guard);
  }

  /** What unlocks and passes on the result, of whatever type that is. */
  private static MethodHandle leave(Guard guard, Class<?> result)
      throws ReflectiveOperationException {
    MethodHandle unlock =
        MethodHandles.dropArguments(
            guard(guard, "unlock", MethodType.methodType(void.class)), 0, Throwable.class);
    return result == void.class
        ? unlock
        : MethodHandles.foldArguments(
            MethodHandles.dropArguments(MethodHandles.identity(result), 0, Throwable.class),
            unlock);
  }
}
