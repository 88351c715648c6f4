// softmax and log-softmax along one axis of [outer, n, inner], forward and backward.
//
// | kernel           | idea                                                              | bytes moved an element |
// | ---------------- | ----------------------------------------------------------------- | ---------------------- |
// | softmax_v1       | a thread a row, three passes: maximum, sum of exp(x - max), result | 16                     |
// | softmax          | a warp a row; maximum and sum in one pass, the sum rescaled when   | 12                     |
// |                  | the maximum moves (Milakov and Gimelshein 2018, algorithm 3)       |                        |
// | softmax_backward | a warp a row: dx = y * (dy - sum(dy * y)), or dy - exp(y) * sum(dy) | 20                     |
//
// With inner > 1 neighbouring rows are side by side in memory, so neighbouring warps share cache lines.
#include "common.cuh"

extern "C" __global__ void softmax_v1(const float* x, float* y, i64 outer, i64 n, i64 inner, int log) {
  i64 row = global_index();
  if (row >= outer * inner) return;
  i64 base = row / inner * n * inner + row % inner;
  float max = -infinity();
  for (i64 i = 0; i < n; i++) max = max_or_nan(max, x[base + i * inner]);
  float sum = 0;
  for (i64 i = 0; i < n; i++) sum += expf(x[base + i * inner] - max);
  for (i64 i = 0; i < n; i++) {
    float v = x[base + i * inner] - max;
    y[base + i * inner] = log ? v - logf(sum) : expf(v) / sum;
  }
}

extern "C" __global__ void softmax(const float* x, float* y, i64 outer, i64 n, i64 inner, int log) {
  int lane = threadIdx.x % WARP;
  for (i64 row = global_index() / WARP; row < outer * inner; row += global_size() / WARP) {
    i64 base = row / inner * n * inner + row % inner;
    LogSum s = {-infinity(), 0};
    for (i64 i = lane; i < n; i += WARP) s = merge(s, {x[base + i * inner], 1});
    s = warp_log_sum(s);
    float log_sum = logf(s.sum);
    for (i64 i = lane; i < n; i += WARP) {
      float v = x[base + i * inner] - s.max;
      y[base + i * inner] = log ? v - log_sum : expf(v) / s.sum;
    }
  }
}

extern "C" __global__ void softmax_backward(
    const float* dy, const float* y, float* dx, i64 outer, i64 n, i64 inner, int log) {
  int lane = threadIdx.x % WARP;
  for (i64 row = global_index() / WARP; row < outer * inner; row += global_size() / WARP) {
    i64 base = row / inner * n * inner + row % inner;
    float sum = 0;
    for (i64 i = lane; i < n; i += WARP) {
      i64 at = base + i * inner;
      sum += log ? dy[at] : dy[at] * y[at];
    }
    sum = warp_sum(sum);
    for (i64 i = lane; i < n; i += WARP) {
      i64 at = base + i * inner;
      dx[at] = log ? dy[at] - expf(y[at]) * sum : y[at] * (dy[at] - sum);
    }
  }
}
