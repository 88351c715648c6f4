package engine.backend.sim.driver;

import engine.ffi.CudaDriver;
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
 * Makes an upcall stub of every driver function from the Java method of the same name. Around each
 * method stand a lock, since calls may come from any thread, the check that the device has not
 * failed, and a catch of everything.
 */
final class Symbols {
  private Symbols() {}

  static SymbolLookup of(Arena arena, Errors errors, List<Object> homes) {
    Map<String, MemorySegment> stubs = new HashMap<>();
    CudaDriver.FUNCTIONS.forEach(
        (name, descriptor) -> {
          MethodHandle call = guarded(method(name, descriptor, homes), name, errors);
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
            MethodHandle h = MethodHandles.lookup().unreflect(m).bindTo(home);
            // a method without a result has nothing to say but that all went well
            MethodHandle result =
                h.type().returnType() == void.class
                    ? MethodHandles.filterReturnValue(
                        h, MethodHandles.constant(int.class, CudaDriver.CUDA_SUCCESS))
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

  private static MethodHandle guarded(MethodHandle call, String name, Errors errors) {
    try {
      MethodHandles.Lookup me = MethodHandles.lookup();
      MethodHandle enter =
          me.bind(errors, "enter", MethodType.methodType(void.class, String.class)).bindTo(name);
      MethodHandle failed =
          me.bind(errors, "failed", MethodType.methodType(int.class, String.class, Throwable.class))
              .bindTo(name);
      MethodHandle leave =
          me.bind(errors, "leave", MethodType.methodType(int.class, Throwable.class, int.class));
      MethodHandle caught =
          MethodHandles.catchException(
              MethodHandles.foldArguments(call, enter),
              Throwable.class,
              MethodHandles.dropArguments(failed, 1, call.type().parameterList()));
      MethodHandle locked =
          MethodHandles.foldArguments(
              caught, me.bind(errors, "lock", MethodType.methodType(void.class)));
      return MethodHandles.tryFinally(
          locked, MethodHandles.dropArguments(leave, 2, call.type().parameterList()));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
