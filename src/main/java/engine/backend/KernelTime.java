package engine.backend;

/**
 * What the launches of one kernel took together, on the device's own clock.
 *
 * @param kernel its name
 * @param launches how many
 * @param milliseconds of all of them
 * @param bytes of the tensors they were given, each once a launch: the least that must be read or
 *     written
 */
public record KernelTime(String kernel, int launches, double milliseconds, double bytes) {}
