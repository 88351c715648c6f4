package engine.verify.self;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.backend.Backend;
import engine.backend.Elementwise;
import engine.backend.cuda.CudaBackend;
import engine.backend.cuda.SimulatedGpus;
import engine.backend.cuda.dnn.PlanFiles;
import engine.backend.sim.dnn.EngineFaults;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import engine.verify.self.Finding.Verdict;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A self-check finds what goes wrong, and nothing where all is right. */
final class SelfCheckTest {
  private static List<Finding> check(Backend device, String... names) {
    List<Finding> all = new ArrayList<>();
    new SelfCheck(device, TestDevices.cpu()).run(List.of(names)::contains, all::add);
    assertEquals(names.length, all.size(), "checks of these names");
    return all;
  }

  /** A device one of whose ops gives something else. */
  private static Backend wrong(Backend device, String op, UnaryOperator<Tensor> change) {
    Elementwise right = device.elementwise();
    Object elementwise =
        Proxy.newProxyInstance(
            Elementwise.class.getClassLoader(),
            new Class<?>[] {Elementwise.class},
            (_, method, args) -> {
              Object result = call(right, method, args);
              return method.getName().equals(op) ? change.apply((Tensor) result) : result;
            });
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (_, method, args) ->
                method.getName().equals("elementwise") ? elementwise : call(device, method, args));
  }

  private static Object call(Object on, java.lang.reflect.Method method, Object[] args)
      throws Throwable {
    try {
      return method.invoke(on, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static void assertFound(String why, List<Finding> all) {
    assertEquals(Verdict.FAILED, all.getFirst().verdict(), all.toString());
    assertTrue(all.getFirst().detail().contains(why), all.toString());
  }

  @Test
  void oneWrongValueOfAKernelIsFound() {
    try (CudaBackend gpu = SimulatedGpus.open(SimulatedGpus.HOPPER)) {
      assertEquals(Verdict.PASSED, check(gpu, "kernels/mul fp32").getFirst().verdict());
      Backend wrong =
          wrong(
              gpu,
              "binary",
              t -> {
                HostTensor values = gpu.memory().download(t);
                float[] v = values.toFloats();
                v[v.length / 2] *= 1.001f;
                gpu.memory().uploadInPlace(HostTensor.of(v, t.shape().dims()), t);
                return t;
              });
      assertFound("element 513 of 1,027", check(wrong, "kernels/mul fp32"));
    }
  }

  @Test
  void whatIsNeverWrittenAndWhatIsNotRepeatedIsFound() {
    try (CudaBackend gpu = SimulatedGpus.open(SimulatedGpus.HOPPER)) {
      Backend lazy =
          wrong(
              gpu,
              "scale",
              t -> {
                Tensor unwritten = gpu.memory().emptyLike(t);
                t.close();
                return unwritten;
              });
      assertFound("NaN", check(lazy, "kernels/sum in place, to a shape, scaled fp32"));
      int[] runs = new int[1];
      Backend fickle =
          wrong(
              gpu,
              "activation",
              t -> {
                HostTensor values = gpu.memory().download(t);
                float[] v = values.toFloats();
                v[0] += runs[0]++ * 1e-7f;
                gpu.memory().uploadInPlace(HostTensor.of(v, t.shape().dims()), t);
                return t;
              });
      assertFound("of a second run differs from byte 0", check(fickle, "kernels/gelu fp32"));
    }
  }

  @Test
  void aFusedConvolutionThatSumsWrongIsFound() {
    String name = "convolutions/3x3 of 8x8x8 to 8 fp16";
    boolean[] on = new boolean[1];
    EngineFaults faults =
        new EngineFaults() {
          @Override
          public double[] written(String graph, long tensor, double[] values) {
            if (on[0] && values.length == 8) { // a value a channel: the sums
              values[3] *= 1.1;
            }
            return values;
          }
        };
    try (CudaBackend gpu = SimulatedGpus.open(faults, PlanFiles.none())) {
      Finding right = check(gpu, name).getFirst();
      assertEquals(Verdict.PASSED, right.verdict(), right.toString());
      assertTrue(right.detail().startsWith("sums, norm as it reads"), right.toString());
      on[0] = true;
      assertFound("sums", check(gpu, name));
    }
  }

  /** The names are of one check in each group; all of them take minutes. */
  @ParameterizedTest
  @ValueSource(ints = {75, 80, 90})
  void nothingIsFoundWhereAllIsRight(int architecture) {
    try (CudaBackend gpu = SimulatedGpus.open(architecture)) {
      List<Finding> all =
          check(
              gpu,
              "kernels/batch norm, add, ReLU fp16",
              "convolutions/1x1 of 8x8x8 to 8 bf16",
              "kernels/layouts fp16",
              "kernels/types fp32",
              "kernels/a network of int8",
              "convolutions/1x1 of 8x8x8 to 8 fp16",
              "training/the loss scale through an overflow");
      for (Finding f : all) {
        boolean refused = architecture < 80 && f.name().endsWith("bf16");
        boolean fine = f.verdict() == Verdict.PASSED || refused && f.verdict() == Verdict.ABSENT;
        assertTrue(fine, f.toString());
      }
    }
  }
}
