package engine.backend;

import engine.tensor.DType;
import java.util.Map;

/**
 * What a device makes of half precision.
 *
 * @param amp the type that mixed precision computes in
 * @param refused types that convolutions cannot compute in, each with the reason as a clause
 * @param slow types that are computed in without instructions for them, each with the reason as a
 *     clause
 */
public record HalfPrecision(DType amp, Map<DType, String> refused, Map<DType, String> slow) {
  public HalfPrecision {
    refused = Map.copyOf(refused);
    slow = Map.copyOf(slow);
  }
}
