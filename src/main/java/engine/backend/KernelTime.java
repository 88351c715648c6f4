package engine.backend;

import java.util.List;

/**
 * What the launches of one kernel took together, on the device's own clock.
 *
 * @param kernel its name
 * @param ops that launched it, see {@link Backend#ran}; empty for what is no op: pictures,
 *     optimiser
 * @param launches how many
 * @param milliseconds of all of them
 * @param bytes of the tensors they were given, each once a launch: the least that must be read or
 *     written
 */
public record KernelTime(
    String kernel, List<String> ops, int launches, double milliseconds, double bytes) {}
