// Counts right answers on the device, so that a validation pass reads two numbers at its end.
//
// | kernel          | idea                                                              | bytes moved a row of k |
// | --------------- | ----------------------------------------------------------------- | ---------------------- |
// | count_correct   | a warp a row counts the classes that beat the target; it is in the | 4 k                   |
// |                 | top m if fewer than m do. No sorting                               |                        |
//
// Of equal logits the class of the lower index is ahead, as argmax and topk have it.
#include "common.cuh"

// counts: rows right, rows in the top m, rows counted; rows whose target is `ignore` are left out.
extern "C" __global__ void count_correct(
    const float* logits, const int* targets, int ignore, int m, u64* counts, i64 n, int k) {
  int lane = threadIdx.x % WARP;
  for (i64 row = global_index() / WARP; row < n; row += global_size() / WARP) {
    int y = targets[row];
    if (y == ignore) continue;
    const float* x = logits + row * k;
    float own = x[y];
    int ahead = 0;
    for (int c = lane; c < k; c += WARP) ahead += x[c] > own || (x[c] == own && c < y);
    for (int d = WARP / 2; d > 0; d /= 2) ahead += __shfl_xor_sync(ALL_LANES, ahead, d);
    if (lane == 0) {
      if (ahead == 0 && !isnan(own)) atomicAdd(counts, 1ull);
      if (ahead < m && !isnan(own)) atomicAdd(counts + 1, 1ull);
      atomicAdd(counts + 2, 1ull);
    }
  }
}
