package engine.backend.kernels;

import java.util.List;

/**
 * A launch to look at: {@code kernel<<<grid, block>>>(arguments)}.
 *
 * @param what the arguments in words, for people
 * @param elements of the work, to which bytes and instructions are put in relation; 0 where that
 *     says nothing
 */
public record KernelLaunch(
    String kernel, Size3 grid, Size3 block, List<Argument> arguments, String what, long elements) {

  @Override
  public String toString() {
    return "%s<<<%s, %s>>>".formatted(kernel, grid, block);
  }
}
