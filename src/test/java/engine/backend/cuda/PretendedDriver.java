package engine.backend.cuda;

import engine.backend.sim.driver.SimDevice;
import engine.backend.sim.exec.SimOptions;
import engine.ffi.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The software GPU's driver, some of whose calls answer as those of another machine would. */
public final class PretendedDriver implements SymbolLookup, AutoCloseable {
  /** A call of the driver. */
  public interface Answer {
    int to(Object[] arguments);
  }

  private final SimDevice device = new SimDevice(SimOptions.standard().withThreads(1));
  private final Arena arena = Arena.ofShared();
  private final Map<String, MemorySegment> answers = new HashMap<>();

  /** The call {@code function} is answered here from now on. */
  public PretendedDriver answer(String function, Answer answer) {
    FunctionDescriptor type = CudaDriver.FUNCTIONS.get(function);
    try {
      MethodHandle to =
          MethodHandles.lookup()
              .findVirtual(Answer.class, "to", MethodType.methodType(int.class, Object[].class))
              .bindTo(answer)
              .asCollector(Object[].class, type.argumentLayouts().size())
              .asType(type.toMethodType());
      answers.put(function, Linker.nativeLinker().upcallStub(to, type, arena));
      return this;
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  /** The call puts {@code value} where its first argument points, and succeeds. */
  public PretendedDriver gives(String function, int value) {
    return answer(
        function,
        a -> {
          put((long) a[0], value);
          return 0;
        });
  }

  /** The call fails with {@code status}. */
  public PretendedDriver fails(String function, int status) {
    return answer(function, _ -> status);
  }

  /** Writes an int into the caller's memory. */
  public static void put(long address, int value) {
    MemorySegment.ofAddress(address).reinterpret(4).set(ValueLayout.JAVA_INT_UNALIGNED, 0, value);
  }

  /** The driver. */
  public CudaDriver driver() {
    return new CudaDriver(this);
  }

  @Override
  public Optional<MemorySegment> find(String name) {
    return answers.containsKey(name) ? Optional.of(answers.get(name)) : device.symbols().find(name);
  }

  @Override
  public void close() {
    device.close();
    arena.close();
  }
}
