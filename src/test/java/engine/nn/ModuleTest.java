package engine.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ModuleTest {
  private static final Backend CPU = TestDevices.cpu();

  private final long before = CPU.memory().liveTensors();
  private final Module net = new Net();

  /** A convolution, a norm and a classifier. */
  private static final class Net extends Module {
    Net() {
      SplittableRandom random = new SplittableRandom(1);
      child("conv", new Conv2d(CPU, 2, 3, 3, 1, 1, random));
      child("norm", new BatchNorm2d(CPU, 3, 1));
      child("fc", new Linear(CPU, 3, 2, random));
    }

    @Override
    public Variable forward(Tape tape, Variable x) {
      return x;
    }
  }

  @AfterEach
  void closeAndCount() {
    net.close();
    assertEquals(before, CPU.memory().liveTensors());
  }

  @Test
  void namesAreInTheOrderOfPyTorchsStateDict() {
    assertEquals(
        List.of(
            "conv.weight",
            "norm.weight",
            "norm.bias",
            "norm.running_mean",
            "norm.running_var",
            "norm.num_batches_tracked",
            "fc.weight",
            "fc.bias"),
        List.copyOf(net.stateDict(CPU).keySet()));
    assertEquals(List.of("", "conv", "norm", "fc"), List.copyOf(net.modules().keySet()));
    assertEquals(54 + 6 + 8, net.parameterCount());
  }

  @Test
  void weightsDecayAndNormsAndBiasesDoNot() {
    Map<String, Boolean> decay = new LinkedHashMap<>();
    net.parameters().forEach((name, p) -> decay.put(name, p.decay()));
    assertEquals(
        Map.of(
            "conv.weight", true,
            "norm.weight", false,
            "norm.bias", false,
            "fc.weight", true,
            "fc.bias", false),
        decay);
  }

  @Test
  void whatIsMissingUnexpectedOrOfAnotherShapeIsNamed() {
    Map<String, HostTensor> state = new LinkedHashMap<>(net.stateDict(CPU));
    state.remove("norm.running_mean");
    state.put(
        "fc.weight", HostTensor.zeros(DType.F32, net.parameters().get("conv.weight").shape()));
    state.put("head.weight", HostTensor.of(new float[] {1}, 1));
    assertEquals(
        "these weights are of another model: 1 missing (norm.running_mean); 1 unexpected (head.weight);"
            + " 1 of another shape (fc.weight is [3, 2, 3, 3] and should be [2, 3]);"
            + " use the checkpoint's own --model, --width and classes",
        assertThrows(StateMismatchException.class, () -> net.loadStateDict(CPU, state))
            .getMessage());
  }

  @Test
  void manyDifferencesAreCountedAndThreeNamed() {
    String message =
        assertThrows(StateMismatchException.class, () -> net.loadStateDict(CPU, Map.of()))
            .getMessage();
    assertTrue(
        message.contains("8 missing (conv.weight, norm.weight, norm.bias, and 5 more)"), message);
  }

  @Test
  void nothingIsLoadedWhenSomethingDoesNotFit() {
    Map<String, HostTensor> state = new LinkedHashMap<>();
    net.stateDict(CPU).forEach((n, t) -> state.put(n, HostTensor.zeros(t.dtype(), t.shape())));
    state.remove("fc.bias");
    assertThrows(StateMismatchException.class, () -> net.loadStateDict(CPU, state));
    assertEquals(1, net.stateDict(CPU).get("norm.weight").get(0));
  }

  @Test
  void halfAndDoubleWeightsAreTaken() {
    Map<String, HostTensor> state = new LinkedHashMap<>(net.stateDict(CPU));
    state.put("norm.weight", HostTensor.of(new double[] {0.5, 1.5, -2}, 3));
    state.put("norm.num_batches_tracked", HostTensor.of(new int[] {9}));
    net.loadStateDict(CPU, state);
    Map<String, HostTensor> after = net.stateDict(CPU);
    assertEquals(-2, after.get("norm.weight").get(2));
    assertEquals(9, after.get("norm.num_batches_tracked").item());
  }
}
