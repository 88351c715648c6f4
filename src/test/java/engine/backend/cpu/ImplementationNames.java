package engine.backend.cpu;

import engine.autograd.CrossEntropy;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.ffi.Dnnl;
import engine.model.ResNet;
import engine.model.ResNetConfig;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.SplittableRandom;

/**
 * A program of its own, because oneDNN fixes its instruction set once a process: trains ResNet-50
 * on one image of 224x224 and a thin ResNet-18, whose first layers have fewer channels than a
 * vector has floats, and prints the instruction set, then a line for each primitive:
 * implementation, tab, what it computes.
 */
final class ImplementationNames {
  private ImplementationNames() {}

  public static void main(String[] args) {
    try (CpuBackend cpu = new CpuBackend(2)) {
      train(cpu, 50, 64, 224);
      train(cpu, 18, 8, 128);
      System.out.println(Dnnl.dnnl_get_effective_cpu_isa());
      cpu.implementations().forEach((what, name) -> System.out.println(name + "\t" + what));
    }
  }

  private static void train(CpuBackend cpu, int depth, int channels, int side) {
    ResNetConfig config =
        new ResNetConfig(depth, channels, 3, 10, ResNetConfig.Stem.STANDARD, 0, false);
    try (ResNet net = new ResNet(cpu, config, new SplittableRandom(1));
        Tape tape = Tape.training(cpu);
        Tensor target = cpu.memory().upload(HostTensor.of(new int[] {1, 2}, 2))) {
      Variable x = tape.constant(cpu.memory().zeros(DType.F32, Shape.of(2, 3, side, side)));
      Variable loss = CrossEntropy.apply(tape, net.forward(tape, x), target, 0.1f);
      tape.backward(loss, 1);
    }
  }
}
