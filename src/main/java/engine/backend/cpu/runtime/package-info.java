/**
 * What CPU work runs on: the queue that records and replays it, OpenMP's threads, huge pages, raw
 * memory.
 *
 * <p>Start with {@link engine.backend.cpu.runtime.CpuQueue}; {@link
 * engine.backend.cpu.runtime.Parallel} cuts work for threads.
 */
package engine.backend.cpu.runtime;
