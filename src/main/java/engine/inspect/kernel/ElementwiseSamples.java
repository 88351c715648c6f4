package engine.inspect.kernel;

import static engine.inspect.kernel.SampleValues.f32;
import static engine.inspect.kernel.SampleValues.halves;
import static engine.inspect.kernel.SampleValues.i32;
import static engine.inspect.kernel.SampleValues.i64;
import static engine.inspect.kernel.SampleValues.longs;
import static engine.inspect.kernel.SampleValues.longsInMemory;
import static engine.inspect.kernel.SampleValues.noise;
import static engine.inspect.kernel.SampleValues.normal;
import static engine.inspect.kernel.SampleValues.room;

import engine.backend.kernels.Argument;
import engine.backend.kernels.KernelLaunch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Of activation.cu, binary.cu, cast.cu, dropout.cu and residual.cu. */
final class ElementwiseSamples {
  private static final int N = 32 * 1024 + 5;

  /** MAX_AXES of binary.cu. */
  private static final int AXES = 6;

  private ElementwiseSamples() {}

  static Map<String, KernelLaunch> all() {
    Samples s = new Samples().of("32,773 elements: not a multiple of the vector width", N);
    activations(s);
    binary(s);
    casts(s);
    dropout(s);
    residual(s);
    return s.all();
  }

  private static void activations(Samples s) {
    for (String name :
        List.of("relu", "relu6", "sigmoid", "silu", "hardswish", "hardsigmoid", "tanh", "gelu")) {
      s.threads(name + "_forward", N / 4 + 1, normal(N), room(4 * N), i64(N));
      s.threads(name + "_backward", N / 4 + 1, normal(N), normal(N), room(4 * N), i64(N));
    }
  }

  private static void binary(Samples s) {
    for (String name : List.of("add", "sub", "mul", "div")) {
      s.threads(name + "_same", N / 4 + 1, normal(N), normal(N), room(4 * N), i64(N));
      for (String type : List.of("_same_f16", "_same_bf16")) {
        s.threads(name + type, N / 8 + 1, halves(N), halves(N), room(2 * N), i64(N));
      }
    }
    s.threads("scale", N / 4 + 1, normal(N), room(4 * N), i64(N), f32(0.5));
    s.of("a tensor of 16 x 32 x 49 and a vector of 32 channels", 16 * 32 * 49);
    for (String name : List.of("add", "sub", "mul", "div")) {
      int n = 16 * 32 * 49;
      s.threads(
          name + "_broadcast", n, normal(n), normal(32), room(4 * n), i64(n), channelBroadcast());
    }
    s.of("one counter", 1).one("increment", longsInMemory(41));
  }

  /** {@code struct Broadcast} of [16, 32, 49] with [32, 1]. */
  private static Argument channelBroadcast() {
    List<Argument> fields = new ArrayList<>();
    fields.addAll(longs(AXES, 16, 32, 49));
    fields.addAll(longs(AXES, 32 * 49, 49, 1));
    fields.addAll(longs(AXES, 0, 1, 0));
    fields.add(i32(3));
    return new Argument.Struct(fields);
  }

  private static void casts(Samples s) {
    s.of("32,773 elements: not a multiple of the vector width", N);
    s.threads("cast_f32_f16_v1", N, normal(N), room(2 * N), i64(N));
    for (String name : List.of("cast_f32_f16", "cast_f32_bf16")) {
      s.threads(name, N / 8 + 1, normal(N), room(2 * N), i64(N));
    }
    for (String name : List.of("cast_f16_f32", "cast_bf16_f32")) {
      s.threads(name, N / 8 + 1, halves(N), room(4 * N), i64(N));
    }
    for (String name : List.of("cast_f16_bf16", "cast_bf16_f16")) {
      s.threads(name, N / 8 + 1, halves(N), room(2 * N), i64(N));
    }
  }

  private static void dropout(Samples s) {
    Argument[] rest = {i64(N), f32(0.3), f32(1 / 0.7), longsInMemory(1, 7), i32(3)};
    s.threads("dropout_mask_v1", N, with(room(4 * N), rest));
    s.threads("dropout_mask", N / 4 + 1, with(room(4 * N), rest));
  }

  private static Argument[] with(Argument first, Argument... rest) {
    Argument[] all = new Argument[rest.length + 1];
    all[0] = first;
    System.arraycopy(rest, 0, all, 1, rest.length);
    return all;
  }

  private static void residual(Samples s) {
    int bits = N / 8 + 1;
    s.threads("add_relu_f16_v1", N, halves(N), halves(N), room(2 * N), room(bits), i64(N));
    s.threads("add_relu_f16", bits, halves(N), halves(N), room(2 * N), room(bits), i64(N));
    s.threads("add_relu_f32", bits, normal(N), normal(N), room(4 * N), room(bits), i64(N));
    s.threads("mask_f16", bits, halves(N), noise(bits), room(2 * N), i64(N));
    s.threads("mask_f32", bits, normal(N), noise(bits), room(4 * N), i64(N));
  }
}
