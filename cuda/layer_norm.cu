// Layer normalisation of the rows of a matrix [rows, n] (Ba, Kiros and Hinton 2016), which is what channels-last images
// and features are: y = scale * (x - mean) * rstd + shift, rstd = 1 / sqrt(variance + eps).
//
// | kernel                 | idea                                                           | bytes moved a 2-byte element |
// | ---------------------- | -------------------------------------------------------------- | ---------------------------- |
// | layer_norm_f32_v1      | a thread a row: threads that run together read n elements apart, | 8                          |
// |                        | each from a cache line of its own                              |                              |
// | layer_norm_*           | a warp a row, whose lanes read side by side; three looks at it, | 4                           |
// |                        | for the mean, the squares of what is off the mean, and the     |                              |
// |                        | result, of which the last two come from the cache              |                              |
// | layer_norm_backward_*  | a warp a row: with g = dy * scale and xhat = (x - mean) * rstd, | 6                           |
// |                        | dx = rstd * (g - mean(g) - xhat * mean(g * xhat))              |                              |
// | layer_norm_gradients_* | sums of dy * xhat and of dy down the columns: a block takes 32 | 4                            |
// |                        | of them and `chunk` rows, 8 rows at a time; the blocks' parts   |                              |
// |                        | are summed by reduce.cu                                        |                              |
//
// A row is short (96 to 768 channels) and there are many. All sums are in fp32, in an order that depends on the launch
// alone. mean and rstd, 8 bytes a row, are all that the forward leaves beside its input.
#include "formats.cuh"

extern "C" __global__ void layer_norm_f32_v1(
    const float* x, const float* scale, const float* shift, float eps, float* y, float* mean, float* rstd, i64 rows,
    i64 n) {
  i64 r = global_index();
  if (r >= rows) return;
  float sum = 0, squares = 0;
  for (i64 i = 0; i < n; i++) sum += x[r * n + i];
  float m = sum / n;
  for (i64 i = 0; i < n; i++) squares += (x[r * n + i] - m) * (x[r * n + i] - m);
  float by = 1 / sqrtf(squares / n + eps);
  for (i64 i = 0; i < n; i++) y[r * n + i] = (x[r * n + i] - m) * by * scale[i] + shift[i];
  mean[r] = m;
  rstd[r] = by;
}

template <typename F>
__device__ __forceinline__ void forward(
    const typename F::T* __restrict__ x, const float* __restrict__ scale, const float* __restrict__ shift, float eps,
    typename F::T* __restrict__ y, float* mean, float* rstd, i64 rows, i64 n) {
  int lane = threadIdx.x % WARP;
  for (i64 r = global_index() / WARP; r < rows; r += global_size() / WARP) {
    const typename F::T* row = x + r * n;
    float sum = 0, squares = 0;
    for (i64 i = lane; i < n; i += WARP) sum += F::load(row[i]);
    float m = warp_sum(sum) / n;
    for (i64 i = lane; i < n; i += WARP) {
      float d = F::load(row[i]) - m;
      squares += d * d;
    }
    float by = 1 / sqrtf(warp_sum(squares) / n + eps);
    for (i64 i = lane; i < n; i += WARP) {
      y[r * n + i] = F::store((F::load(row[i]) - m) * by * scale[i] + shift[i]);
    }
    if (lane == 0) {
      mean[r] = m;
      rstd[r] = by;
    }
  }
}

template <typename F>
__device__ __forceinline__ void backward(
    const typename F::T* __restrict__ x, const typename F::T* __restrict__ dy, const float* __restrict__ scale,
    const float* mean, const float* rstd, typename F::T* __restrict__ dx, i64 rows, i64 n) {
  int lane = threadIdx.x % WARP;
  for (i64 r = global_index() / WARP; r < rows; r += global_size() / WARP) {
    float m = mean[r], by = rstd[r], sum = 0, dot = 0;
    for (i64 i = lane; i < n; i += WARP) {
      float g = F::load(dy[r * n + i]) * scale[i];
      sum += g;
      dot += g * ((F::load(x[r * n + i]) - m) * by);
    }
    sum = warp_sum(sum) / n;
    dot = warp_sum(dot) / n;
    for (i64 i = lane; i < n; i += WARP) {
      float g = F::load(dy[r * n + i]) * scale[i], v = (F::load(x[r * n + i]) - m) * by;
      dx[r * n + i] = F::store(by * (g - sum - v * dot));
    }
  }
}

#define ROWS 8

// scales and shifts [gridDim.y, n]. Grid: x over 32 columns, y over chunks of rows; 32x8 threads.
template <typename F>
__device__ __forceinline__ void gradients(
    const typename F::T* __restrict__ x, const typename F::T* __restrict__ dy, const float* mean, const float* rstd,
    float* scales, float* shifts, i64 rows, i64 n, i64 chunk) {
  __shared__ float2 partial[ROWS][WARP];
  i64 c = (i64)blockIdx.x * WARP + threadIdx.x, end = min((blockIdx.y + 1) * chunk, rows);
  float2 s = make_float2(0, 0);
  if (c < n) {
    for (i64 r = blockIdx.y * chunk + threadIdx.y; r < end; r += ROWS) {
      float d = F::load(dy[r * n + c]);
      s.x += d * ((F::load(x[r * n + c]) - mean[r]) * rstd[r]);
      s.y += d;
    }
  }
  partial[threadIdx.y][threadIdx.x] = s;
  __syncthreads();
  if (threadIdx.y > 0 || c >= n) return;
  for (int k = 1; k < ROWS; k++) s.x += partial[k][threadIdx.x].x, s.y += partial[k][threadIdx.x].y;
  scales[blockIdx.y * n + c] = s.x;
  shifts[blockIdx.y * n + c] = s.y;
}

#define LAYER_NORM(NAME, F)                                                                                        \
  extern "C" __global__ void layer_norm_##NAME(                                                                    \
      const F::T* x, const float* scale, const float* shift, float eps, F::T* y, float* mean, float* rstd,         \
      i64 rows, i64 n) {                                                                                           \
    forward<F>(x, scale, shift, eps, y, mean, rstd, rows, n);                                                      \
  }                                                                                                                \
  extern "C" __global__ void layer_norm_backward_##NAME(                                                           \
      const F::T* x, const F::T* dy, const float* scale, const float* mean, const float* rstd, F::T* dx, i64 rows, \
      i64 n) {                                                                                                     \
    backward<F>(x, dy, scale, mean, rstd, dx, rows, n);                                                            \
  }                                                                                                                \
  extern "C" __global__ void layer_norm_gradients_##NAME(                                                          \
      const F::T* x, const F::T* dy, const float* mean, const float* rstd, float* scales, float* shifts, i64 rows, \
      i64 n, i64 chunk) {                                                                                          \
    gradients<F>(x, dy, mean, rstd, scales, shifts, rows, n, chunk);                                               \
  }

LAYER_NORM(f32, F32)
LAYER_NORM(f16, F16)
LAYER_NORM(bf16, BF16)
