// Fake quantisation (Jacob et al. 2018, section 3), its gradients, and the observers that choose its scales.
//
//   r = clamp(round_half_even(x * (1 / scale)), qmin - zero, qmax - zero),  y = r * scale
//
// with the reciprocal taken in fp32, as PyTorch does it. A gradient passes where the clamp changed nothing. A factor
// stands for the norm behind a weight: x * factor is rounded, and y divided by it; 0 leaves its channel alone.
//
// | kernel              | idea                                                          | bytes moved an element |
// | ------------------- | ------------------------------------------------------------- | ---------------------- |
// | fake_quant_v1       | one grid for all, an element a thread                          | 8                      |
// | fake_quant          | 4 elements a thread in 16-byte accesses                        | 8                      |
// | fake_quant_channels | a grid a channel; the channel of an element by division        | 8                      |
// | fake_quant_backward | rounds x again, which costs less than to keep a mask of bytes  | 12                     |
// | rounding_gradient   | sum of dy * (inside * x - y): blocks share a channel           | 8                      |
// | observe_v1          | one block reads a channel: most of the GPU waits               | 4                      |
// | observe             | blocks share a channel and leave their parts                   | 4                      |
// | *_finish            | the parts in order: the same bits always, and no atomics       | 8 or 16 a part         |
// | quant_parameters    | a range to scale and zero point, by three schemes              | 16 a channel           |
// | norm_factor         | gamma / sqrt(variance + eps)                                   | 12 a channel           |
//
// x is [outer, channels, inner]; one grid for all is channels = 1. NaN stays NaN, in values and in ranges.
#include "common.cuh"

struct Grid {
  float factor, scale, inverse, low, high;
};

// factor may be null.
__device__ __forceinline__ Grid grid_of(
    const float* factor, const float* scale, const int* zero_point, int qmin, int qmax, int c) {
  float s = scale[c];
  int zero = zero_point[c];
  return {factor ? factor[c] : 1, s, 1 / s, (float)(qmin - zero), (float)(qmax - zero)};
}

__device__ __forceinline__ float min_or_nan(float a, float b) { return a < b || isnan(a) ? a : b; }
__device__ __forceinline__ float clamp_or_nan(float r, float low, float high) {
  return r < low ? low : r > high ? high : r;
}

__device__ __forceinline__ float rounded(float x, const Grid& g) {
  return clamp_or_nan(rintf(x * g.inverse), g.low, g.high) * g.scale;
}

extern "C" __global__ void fake_quant_v1(
    const float* x, const float* scale, const int* zero_point, int qmin, int qmax, float* y, i64 n) {
  Grid g = grid_of(nullptr, scale, zero_point, qmin, qmax, 0);
  i64 i = global_index();
  if (i < n) y[i] = rounded(x[i], g);
}

extern "C" __global__ void fake_quant(
    const float* x, const float* scale, const int* zero_point, int qmin, int qmax, float* y, i64 n) {
  Grid g = grid_of(nullptr, scale, zero_point, qmin, qmax, 0);
  for (i64 q = global_index(); q < (n + 3) / 4; q += global_size()) {
    i64 i = q * 4;
    if (i + 4 <= n) {
      float4 v = *(const float4*)(x + i);
      *(float4*)(y + i) = make_float4(rounded(v.x, g), rounded(v.y, g), rounded(v.z, g), rounded(v.w, g));
    } else {
      for (; i < n; i++) y[i] = rounded(x[i], g);
    }
  }
}

extern "C" __global__ void fake_quant_channels(
    const float* x, const float* factor, const float* scale, const int* zero_point, int qmin, int qmax, float* y,
    i64 n, int channels, i64 inner) {
  for (i64 i = global_index(); i < n; i += global_size()) {
    Grid g = grid_of(factor, scale, zero_point, qmin, qmax, (int)(i / inner % channels));
    y[i] = g.factor == 0 ? x[i] : rounded(x[i] * g.factor, g) * (1 / g.factor);
  }
}

extern "C" __global__ void fake_quant_backward(
    const float* dy, const float* x, const float* factor, const float* scale, const int* zero_point, int qmin,
    int qmax, float* dx, i64 n, int channels, i64 inner) {
  for (i64 i = global_index(); i < n; i += global_size()) {
    Grid g = grid_of(factor, scale, zero_point, qmin, qmax, (int)(i / inner % channels));
    float r = rintf(x[i] * g.factor * g.inverse);
    dx[i] = g.factor == 0 || (r >= g.low && r <= g.high) ? dy[i] : 0;
  }
}

// parts [channels][gridDim.x]; gridDim.y = channels.
extern "C" __global__ void rounding_gradient(
    const float* dy, const float* x, const float* factor, const float* scale, const int* zero_point, int qmin,
    int qmax, double* parts, i64 outer, int channels, i64 inner) {
  __shared__ double partial[WARP];
  int c = blockIdx.y;
  Grid g = grid_of(factor, scale, zero_point, qmin, qmax, c);
  double sum = 0;
  for (i64 k = global_index(); k < outer * inner; k += global_size()) {
    i64 i = (k / inner * channels + c) * inner + k % inner;
    float v = x[i] * g.factor, r = rintf(v * g.inverse), kept = clamp_or_nan(r, g.low, g.high);
    sum += dy[i] * ((r == kept ? v : 0) - kept * g.scale);
  }
  sum = block_sum(sum, partial);
  if (threadIdx.x == 0) parts[(i64)c * gridDim.x + blockIdx.x] = g.factor == 0 ? 0 : sum / g.factor;
}

extern "C" __global__ void rounding_gradient_finish(const double* parts, int count, float* out, int channels) {
  int c = (int)global_index();
  if (c >= channels) return;
  double sum = 0;
  for (int p = 0; p < count; p++) sum += parts[(i64)c * count + p];
  out[c] = (float)sum;
}

struct Range {
  float min, max;
};

__device__ __forceinline__ Range widened(Range a, Range b) {
  return {min_or_nan(a.min, b.min), max_or_nan(a.max, b.max)};
}

// Of one block; complete in thread 0.
__device__ __forceinline__ Range block_range(Range r, Range* shared) {
  for (int d = WARP / 2; d > 0; d /= 2) {
    r = widened(r, {__shfl_xor_sync(ALL_LANES, r.min, d), __shfl_xor_sync(ALL_LANES, r.max, d)});
  }
  if (threadIdx.x % WARP == 0) shared[threadIdx.x / WARP] = r;
  __syncthreads();
  if (threadIdx.x == 0) {
    for (int w = 1; w < blockDim.x / WARP; w++) r = widened(r, shared[w]);
  }
  return r;
}

// parts [channels][gridDim.x]; gridDim.y = channels.
extern "C" __global__ void observe(const float* x, Range* parts, i64 outer, int channels, i64 inner) {
  __shared__ Range shared[WARP];
  Range r = {infinity(), -infinity()};
  for (i64 k = global_index(); k < outer * inner; k += global_size()) {
    float v = x[(k / inner * channels + blockIdx.y) * inner + k % inner];
    r = widened(r, {v, v});
  }
  r = block_range(r, shared);
  if (threadIdx.x == 0) parts[(i64)blockIdx.y * gridDim.x + blockIdx.x] = r;
}

// The running range takes the new one: r + averaging * (new - r), or with averaging 0 the widest.
__device__ __forceinline__ void take(float* min, float* max, Range r, float averaging) {
  if (*min == infinity() && *max == -infinity()) {
    *min = r.min, *max = r.max;
  } else if (averaging == 0) {
    *min = min_or_nan(*min, r.min), *max = max_or_nan(*max, r.max);
  } else {
    // Rounded twice as on the CPU: a fused multiply-add would give other bits.
    *min = __fadd_rn(*min, __fmul_rn(averaging, r.min - *min));
    *max = __fadd_rn(*max, __fmul_rn(averaging, r.max - *max));
  }
}

// factor may be null; a negative one swaps the ends of its range.
extern "C" __global__ void observe_finish(
    const Range* parts, int count, const float* factor, float* min, float* max, float averaging, int channels) {
  int c = (int)global_index();
  if (c >= channels) return;
  Range r = {infinity(), -infinity()};
  for (int p = 0; p < count; p++) r = widened(r, parts[(i64)c * count + p]);
  if (factor) {
    float f = factor[c], a = r.min * f, b = r.max * f;
    r = f < 0 ? Range{b, a} : Range{a, b};
  }
  take(min + c, max + c, r, averaging);
}

extern "C" __global__ void observe_v1(
    const float* x, float* min, float* max, float averaging, i64 outer, int channels, i64 inner) {
  __shared__ Range shared[WARP];
  Range r = {infinity(), -infinity()};
  for (i64 k = threadIdx.x; k < outer * inner; k += blockDim.x) {
    float v = x[(k / inner * channels + blockIdx.x) * inner + k % inner];
    r = widened(r, {v, v});
  }
  r = block_range(r, shared);
  if (threadIdx.x == 0) take(min + blockIdx.x, max + blockIdx.x, r, averaging);
}

// scheme: 0 affine, 1 symmetric over half the number of steps, 2 symmetric with the grid's ends on the extremes.
extern "C" __global__ void quant_parameters(
    const float* min, const float* max, int scheme, int qmin, int qmax, float* scale, int* zero_point, int channels) {
  int c = (int)global_index();
  if (c >= channels) return;
  float a = min_or_nan(min[c], 0), b = max_or_nan(max[c], 0), middle = (qmax - qmin) / 2.0f;
  float step = scheme == 0   ? (b - a) / (qmax - qmin)
               : scheme == 1 ? max_or_nan(-a, b) / middle
                             : max_or_nan(-a / ceilf(middle), b / floorf(middle));
  step = max_or_nan(step, 1.1920929e-7f);
  scale[c] = step;
  float zero = qmin - rintf(a / step);
  zero_point[c] = scheme == 0 ? (int)fminf(fmaxf(zero, qmin), qmax) : qmin < 0 ? 0 : (qmin + qmax + 1) / 2;
}

extern "C" __global__ void norm_factor(
    const float* gamma, const float* variance, float eps, float* factor, int channels) {
  int c = (int)global_index();
  if (c < channels) factor[c] = gamma[c] / sqrtf(variance[c] + eps);
}
