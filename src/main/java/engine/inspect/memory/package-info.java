/**
 * What lives in a device's memory while a training step runs: start at {@link MemoryInspection}.
 */
package engine.inspect.memory;
