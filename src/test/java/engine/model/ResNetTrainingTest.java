package engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.autograd.Parameter;
import engine.backend.Backend;
import engine.backend.Devices;
import engine.backend.Memory;
import engine.optim.AdamW;
import engine.optim.Optimizer;
import engine.optim.ParameterGroup;
import engine.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What a training step may not do: convert layouts between layers, keep memory, depend on chance.
 */
final class ResNetTrainingTest {
  private static final Backend CPU = TestDevices.cpu();
  private static final int[] CLASSES = {3, 1, 4, 1};

  /** Input, logits and what lies between the pooled features and the classifier. */
  private static final long EDGES = 4;

  private final Memory memory = CPU.memory();
  private final HostTensor images = SmallResNets.images(4, 3, 40, 56, 1);

  @Test
  void noLayoutIsConvertedBetweenLayers() {
    // One a backward-data convolution, for its weights; the first convolution has none.
    for (int depth : new int[] {18, 50}) {
      try (ResNet net = SmallResNets.open(CPU, SmallResNets.thin(depth, 16), 1);
          Optimizer optimizer = adamW(net)) {
        step(net, optimizer);
        long before = memory.reorders();
        step(net, optimizer);
        long made = memory.reorders() - before;
        long allowed = SmallResNets.convolutions(net) - 1 + EDGES;
        assertTrue(made <= allowed, "resnet" + depth + ": " + made + " of " + allowed);
      }
    }
  }

  @Test
  void evaluationConvertsLayoutsAtTheEdgesOnly() {
    try (ResNet net = SmallResNets.open(CPU, SmallResNets.thin(50, 16), 1)) {
      SmallResNets.evaluate(CPU, net, images, null);
      long before = memory.reorders();
      SmallResNets.evaluate(CPU, net, images, null);
      assertTrue(memory.reorders() - before <= 2, "conversions: " + (memory.reorders() - before));
    }
  }

  @Test
  void aStepClosesEveryTensorItMade() {
    try (ResNet net = SmallResNets.open(CPU, SmallResNets.thin(50, 8), 1);
        Optimizer optimizer = adamW(net)) {
      step(net, optimizer);
      long tensors = memory.liveTensors();
      long bytes = memory.liveBytes();
      step(net, optimizer);
      assertEquals(tensors, memory.liveTensors());
      assertEquals(bytes, memory.liveBytes());
    }
  }

  @Test
  void closingTheModelFreesItAll() {
    long tensors = memory.liveTensors();
    long bytes = memory.liveBytes();
    try (ResNet net = SmallResNets.open(CPU, SmallResNets.thin(18, 8), 1);
        Optimizer optimizer = adamW(net)) {
      step(net, optimizer);
    }
    assertEquals(tensors, memory.liveTensors());
    assertEquals(bytes, memory.liveBytes());
  }

  @Test
  void thePeakOfMemoryDoesNotGrow() {
    // A device of its own, whose peak is this test's.
    try (Backend own = Devices.open("cpu", 2);
        ResNet net = SmallResNets.open(own, SmallResNets.thin(18, 8), 1);
        Optimizer optimizer = adamW(own, net)) {
      step(own, net, optimizer);
      step(own, net, optimizer);
      long peak = own.memory().peakBytes();
      for (int i = 0; i < 20; i++) {
        step(own, net, optimizer);
      }
      assertEquals(peak, own.memory().peakBytes());
    }
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    SmallResNets.assertSameBits(threeSteps(7), threeSteps(7));
  }

  @Test
  void gradientsOfTwoHalvesAreTheGradientOfTheWhole() {
    try (ResNet net = SmallResNets.open(CPU, SmallResNets.thin(18, 6), 1)) {
      SmallResNets.trainFrozen(CPU, net, images, CLASSES, 1);
      Map<String, HostTensor> whole = gradients(net);
      net.parameters().values().forEach(Parameter::clearGrad);
      HostTensor first = SmallResNets.part(images, 0, 2);
      HostTensor second = SmallResNets.part(images, 2, 4);
      SmallResNets.trainFrozen(CPU, net, first, new int[] {CLASSES[0], CLASSES[1]}, 0.5f);
      SmallResNets.trainFrozen(CPU, net, second, new int[] {CLASSES[2], CLASSES[3]}, 0.5f);
      gradients(net).forEach((name, g) -> assertClose(name, whole.get(name), g));
    }
  }

  private Map<String, HostTensor> threeSteps(long seed) {
    try (ResNet net = SmallResNets.open(CPU, SmallResNets.thin(50, 8), seed);
        Optimizer optimizer = adamW(net)) {
      for (int i = 0; i < 3; i++) {
        step(net, optimizer);
      }
      Map<String, HostTensor> out = new LinkedHashMap<>(net.stateDict(CPU));
      out.putAll(optimizer.stateDict());
      return out;
    }
  }

  private void step(ResNet net, Optimizer optimizer) {
    step(CPU, net, optimizer);
  }

  private void step(Backend device, ResNet net, Optimizer optimizer) {
    SmallResNets.train(device, net, images, CLASSES, 1);
    optimizer.step();
    optimizer.zeroGrad();
  }

  private static Optimizer adamW(ResNet net) {
    return adamW(CPU, net);
  }

  private static Optimizer adamW(Backend device, ResNet net) {
    return new AdamW(device, ParameterGroup.splitByDecay(net.parameters(), 3e-4, 0.01));
  }

  private static Map<String, HostTensor> gradients(ResNet net) {
    Map<String, HostTensor> out = new LinkedHashMap<>();
    net.parameters().forEach((name, p) -> out.put(name, CPU.memory().download(p.grad())));
    return out;
  }

  /** Within 1e-5 of the tensor's norm. */
  private static void assertClose(String name, HostTensor a, HostTensor b) {
    double size = 0;
    double off = 0;
    for (long i = 0; i < a.shape().elements(); i++) {
      size += a.get(i) * a.get(i);
      off += (a.get(i) - b.get(i)) * (a.get(i) - b.get(i));
    }
    assertTrue(
        Math.sqrt(off) <= 1e-5 * Math.sqrt(size) + 1e-9,
        name + " is off by " + Math.sqrt(off / size));
  }
}
