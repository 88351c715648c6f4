package engine.inspect.kernel;

import static engine.inspect.kernel.SampleValues.i32;
import static engine.inspect.kernel.SampleValues.normal;
import static engine.inspect.kernel.SampleValues.room;
import static engine.inspect.kernel.SampleValues.zeros;

import engine.backend.kernels.KernelLaunch;
import engine.backend.kernels.Size3;
import java.util.Map;

/** Of planted.cu: each launch meets its kernel's bug. */
final class PlantedSamples {
  private static final int N = 256;

  private PlantedSamples() {}

  static Map<String, KernelLaunch> all() {
    Samples s = new Samples().of("256 numbers", N);
    s.threads("planted_out_of_bounds", 2 * N, normal(N + 1), room(4 * N), i32(N));
    s.threads("planted_misaligned", 32, normal(N), room(4 * N), i32(32));
    s.threads("planted_race", N, normal(N), room(4 * N));
    s.threads("reverse", N, normal(N), room(4 * N));
    s.grid("planted_block_race", Size3.of(4), Size3.of(32), zeros(4));
    s.threads("planted_uninitialised", N, normal(N), room(4 * N));
    s.threads("planted_lost_barrier", N, normal(N), room(4 * N), i32(40));
    s.threads("planted_lost_shuffle", 32, normal(N), room(4 * N), i32(20));
    s.threads("planted_endless", 32, room(4 * N), i32(3));
    return s.all();
  }
}
