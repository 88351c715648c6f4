// Batch normalisation of row-major [N, C, S] (Ioffe and Szegedy 2015), with the residual sum and the ReLU that
// follow it: y = act(scale * (x - mean) / sqrt(variance + eps) + shift + residual).
//
// | kernel              | idea                                                             | bytes moved an element |
// | ------------------- | ---------------------------------------------------------------- | ---------------------- |
// | norm_statistics     | a block a channel; the sum of (x - mean)² needs the mean first,   | 8                      |
// |                     | so two passes: E[x²] - E[x]² loses all digits for a large mean    |                        |
// | norm_forward        | a thread an element; statistics folded to one multiply-add; ReLU  | 8 (12 with residual)   |
// |                     | leaves a bit an element: a ballot of the warp is one 4-byte store |                        |
// | relu_mask_backward  | dy where the bit is set, else 0; serves the residual too          | 8 + 1/8                |
// | norm_gradients      | a block a channel: sums of dy and of dy * xhat                     | 8                      |
// | norm_backward       | dx = scale / sqrt(variance + eps) *                                | 12                     |
// |                     | (dy - mean(dy) - xhat * mean(dy * xhat))                           |                        |
// | norm_update_running | running = (1 - momentum) * running + momentum * batch              | 16 a channel           |
#include "common.cuh"

__device__ __forceinline__ float or_else(const float* v, int c, float otherwise) { return v ? v[c] : otherwise; }

// gridDim.x = channels; blockDim.x a multiple of 32.
extern "C" __global__ void norm_statistics(const float* x, float* mean, float* variance, i64 n, int channels, i64 size) {
  __shared__ float partial[WARP];
  int c = blockIdx.x;
  float sum = 0;
  for (i64 i = threadIdx.x; i < n * size; i += blockDim.x) sum += x[(i / size * channels + c) * size + i % size];
  float m = block_sum(sum, partial) / (n * size);
  sum = 0;
  for (i64 i = threadIdx.x; i < n * size; i += blockDim.x) {
    float d = x[(i / size * channels + c) * size + i % size] - m;
    sum += d * d;
  }
  sum = block_sum(sum, partial);
  if (threadIdx.x == 0) mean[c] = m, variance[c] = sum / (n * size);
}

// scale, shift, residual and mask may be null. mask: a bit an element, set where y > 0; elements is n * channels *
// size. Whole warps run to the end, so that every lane takes part in the ballot.
extern "C" __global__ void norm_forward(
    const float* x, const float* scale, const float* shift, const float* mean, const float* variance, float eps,
    const float* residual, int relu, float* y, u32* mask, i64 elements, int channels, i64 size) {
  for (i64 i = global_index(); i - threadIdx.x % WARP < elements; i += global_size()) {
    float v = 0;
    if (i < elements) {
      int c = (int)(i / size % channels);
      float by = or_else(scale, c, 1) / sqrtf(variance[c] + eps);
      v = (x[i] - mean[c]) * by + or_else(shift, c, 0);
      if (residual) v += residual[i];
      if (relu) v = v > 0 || isnan(v) ? v : 0;
      y[i] = v;
    }
    if (mask) {
      u32 bits = __ballot_sync(ALL_LANES, v > 0);
      if (threadIdx.x % WARP == 0) mask[i / WARP] = bits;
    }
  }
}

extern "C" __global__ void relu_mask_backward(const float* dy, const u32* mask, float* dx, i64 n) {
  for (i64 i = global_index(); i < n; i += global_size()) dx[i] = mask[i / WARP] >> (i % WARP) & 1 ? dy[i] : 0;
}

// dshift, dscale [channels]: the sums of dy and of dy * xhat.
extern "C" __global__ void norm_gradients(
    const float* x, const float* dy, const float* mean, const float* variance, float eps, float* dshift,
    float* dscale, i64 n, int channels, i64 size) {
  __shared__ float partial[WARP];
  int c = blockIdx.x;
  float m = mean[c], by = 1 / sqrtf(variance[c] + eps);
  float sum = 0, dot = 0;
  for (i64 i = threadIdx.x; i < n * size; i += blockDim.x) {
    i64 at = (i / size * channels + c) * size + i % size;
    float d = dy[at];
    sum += d;
    dot += d * ((x[at] - m) * by);
  }
  sum = block_sum(sum, partial);
  dot = block_sum(dot, partial);
  if (threadIdx.x == 0) dshift[c] = sum, dscale[c] = dot;
}

// fixed: mean and variance are constants, dx = dy * scale / sqrt(variance + eps).
extern "C" __global__ void norm_backward(
    const float* x, const float* dy, const float* scale, const float* mean, const float* variance, float eps,
    const float* dshift, const float* dscale, int fixed, float* dx, i64 elements, int channels, i64 size) {
  float per = (float)channels / elements;
  for (i64 i = global_index(); i < elements; i += global_size()) {
    int c = (int)(i / size % channels);
    float by = 1 / sqrtf(variance[c] + eps);
    float d = dy[i];
    if (!fixed) d -= dshift[c] * per + (x[i] - mean[c]) * by * (dscale[c] * per);
    dx[i] = d * by * or_else(scale, c, 1);
  }
}

// unbiased: n / (n - 1) for n values a channel.
extern "C" __global__ void norm_update_running(
    float* mean, float* variance, const float* batch_mean, const float* batch_variance, float momentum, float unbiased,
    int channels) {
  int c = (int)global_index();
  if (c >= channels) return;
  mean[c] = (1 - momentum) * mean[c] + momentum * batch_mean[c];
  variance[c] = (1 - momentum) * variance[c] + momentum * (batch_variance[c] * unbiased);
}
