package engine.backend.cpu;

/**
 * What a loss reads and writes.
 *
 * @param x address of the logits [n, k]
 * @param dx address of their gradient
 * @param losses address of a loss a row
 */
record LossRows(long x, long dx, long losses, long n, int k) {}
