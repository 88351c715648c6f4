package engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.backend.Backend;
import engine.backend.DeviceProvider;
import engine.backend.Devices;
import engine.backend.UnsupportedOnDeviceException;
import engine.backend.cuda.SimulatedGpus;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * The devices that are present, each opened once for all tests of this JVM: write a test once and
 * mark it {@link OnEveryDevice}. A device that is absent is named once with its reason.
 */
public final class TestDevices {
  private static final int THREADS = 2;
  private static final List<Named<Backend>> OPEN = new ArrayList<>();

  static {
    for (DeviceProvider p : Devices.all()) {
      if (p.whyNot() == null) {
        OPEN.add(Named.of(p.name(), keptOpen(p.open(0, THREADS))));
      } else {
        System.out.println("not tested on " + p.name() + ": " + p.whyNot());
      }
    }
  }

  /** Opened by the first test that wants it. */
  private static final class Pooled {
    static final Named<Backend> GPU =
        Named.of("sim, pooled", keptOpen(SimulatedGpus.openWithPool()));
  }

  private TestDevices() {}

  /** JUnit closes what it passes to a test; this one stays open for the others. */
  private static Backend keptOpen(Backend device) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, args) ->
                method.getName().equals("close") ? null : call(device, method, args));
  }

  private static Object call(Backend device, Method method, Object[] args) throws Throwable {
    try {
      return method.invoke(device, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  public static Stream<Named<Backend>> all() {
    return OPEN.stream();
  }

  /** A software GPU with the pool of memory that a real one has. */
  public static Stream<Named<Backend>> pooled() {
    return Stream.of(Pooled.GPU);
  }

  /** The CPU device, which every machine has. */
  public static Backend cpu() {
    return OPEN.stream()
        .filter(n -> n.getName().equals("cpu"))
        .findFirst()
        .orElseThrow()
        .getPayload();
  }

  /** Fails on close if tensors made since are still live. */
  public static LeakCheck noLeaks(Backend backend) {
    return new LeakCheck(backend);
  }

  /** See {@link #noLeaks}. */
  public static final class LeakCheck implements AutoCloseable {
    private final Backend backend;
    private final long before;

    private LeakCheck(Backend backend) {
      this.backend = backend;
      this.before = backend.memory().liveTensors();
    }

    @Override
    public void close() {
      assertEquals(before, backend.memory().liveTensors(), "tensors left open");
    }
  }

  /** See {@link OnEveryDevice}. */
  public static final class SkipsWhatADeviceCannotDo implements TestExecutionExceptionHandler {
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable t)
        throws Throwable {
      if (t instanceof UnsupportedOnDeviceException) {
        throw new TestAbortedException(t.getMessage());
      }
      throw t;
    }
  }
}
