// Fake quantisation (Jacob et al. 2018, section 3) and the observers that choose its scales.
//
//   q = zero_point + round_half_even(x * (1 / scale)),  y = (clamp(q, low, high) - zero_point) * scale
//
// with the reciprocal taken in fp32, and the zero point added after the rounding, as PyTorch does it. The gradient
// passes where q was in range before the clamp.
//
// | kernel               | idea                                                         | bytes moved an element |
// | -------------------- | ------------------------------------------------------------ | ---------------------- |
// | fake_quant           | one scale: 4 elements a thread; 4 mask bytes are one store    | 9                      |
// | fake_quant_channels  | a scale a channel, the axis given by (channels, inner)        | 9                      |
// | fake_quant_backward  | dy where the mask is set                                      | 9                      |
// | observe_v1           | one block reads the whole tensor                              | 4                      |
// | observe              | a block a part; parts meet by atomic min and max on integers  | 4                      |
// |                      | that sort as the floats do: no order, so the same bits always |                        |
// | observe_channels     | a block a channel                                             | 4                      |
// | quant_parameters     | min and max to scale and zero point, affine or symmetric      | 24 a channel           |
// | moving_min_max       | the running range: r = r + c * (batch - r)                    | 24 a channel           |
#include "common.cuh"

struct Quantized {
  float y;
  u8 inside;
};

__device__ __forceinline__ Quantized quantize(float x, float scale, int zero, int low, int high) {
  float q = zero + rintf(x * (1 / scale));
  return {(fminf(fmaxf(q, low), high) - zero) * scale, (u8)(q >= low && q <= high)};
}

extern "C" __global__ void fake_quant(
    const float* x, const float* scale, const int* zero_point, int low, int high, float* y, u8* inside, i64 n) {
  float s = *scale;
  int z = *zero_point;
  for (i64 g = global_index(); g < (n + 3) / 4; g += global_size()) {
    i64 i = g * 4;
    if (i + 4 <= n) {
      float4 v = *(const float4*)(x + i);
      Quantized a = quantize(v.x, s, z, low, high), b = quantize(v.y, s, z, low, high);
      Quantized c = quantize(v.z, s, z, low, high), d = quantize(v.w, s, z, low, high);
      *(float4*)(y + i) = make_float4(a.y, b.y, c.y, d.y);
      *(u32*)(inside + i) = a.inside | b.inside << 8 | c.inside << 16 | d.inside << 24;
    } else {
      for (; i < n; i++) {
        Quantized q = quantize(x[i], s, z, low, high);
        y[i] = q.y;
        inside[i] = q.inside;
      }
    }
  }
}

extern "C" __global__ void fake_quant_channels(
    const float* x, const float* scale, const int* zero_point, int low, int high, float* y, u8* inside, i64 n,
    int channels, i64 inner) {
  for (i64 i = global_index(); i < n; i += global_size()) {
    int c = (int)(i / inner % channels);
    Quantized q = quantize(x[i], scale[c], zero_point[c], low, high);
    y[i] = q.y;
    inside[i] = q.inside;
  }
}

extern "C" __global__ void fake_quant_backward(const float* dy, const u8* inside, float* dx, i64 n) {
  for (i64 i = global_index(); i < n; i += global_size()) dx[i] = inside[i] ? dy[i] : 0;
}

// Integers in the order of the floats they stand for, and back.
__device__ __forceinline__ int sortable(float x) {
  int b = __float_as_int(x);
  return b >= 0 ? b : b ^ 0x7fffffff;
}
__device__ __forceinline__ float unsortable(int b) { return __int_as_float(b >= 0 ? b : b ^ 0x7fffffff); }

struct Range {
  float min, max;
};

// Of one block; complete in thread 0.
__device__ __forceinline__ Range block_range(Range r, Range* shared) {
  for (int d = WARP / 2; d > 0; d /= 2) {
    r.min = fminf(r.min, __shfl_xor_sync(ALL_LANES, r.min, d));
    r.max = fmaxf(r.max, __shfl_xor_sync(ALL_LANES, r.max, d));
  }
  if (threadIdx.x % WARP == 0) shared[threadIdx.x / WARP] = r;
  __syncthreads();
  if (threadIdx.x == 0) {
    for (int w = 1; w < blockDim.x / WARP; w++) {
      r.min = fminf(r.min, shared[w].min);
      r.max = fmaxf(r.max, shared[w].max);
    }
  }
  return r;
}

extern "C" __global__ void observe_v1(const float* x, i64 n, float* range) {
  __shared__ Range shared[WARP];
  Range r = {infinity(), -infinity()};
  for (i64 i = threadIdx.x; i < n; i += blockDim.x) r = {fminf(r.min, x[i]), fmaxf(r.max, x[i])};
  r = block_range(r, shared);
  if (threadIdx.x == 0) range[0] = r.min, range[1] = r.max;
}

// bits: {0x7fffffff, 0x80000000} before the first launch; sortable integers of min and max after it.
extern "C" __global__ void observe(const float* x, i64 n, int* bits) {
  __shared__ Range shared[WARP];
  Range r = {infinity(), -infinity()};
  for (i64 i = global_index(); i < n; i += global_size()) r = {fminf(r.min, x[i]), fmaxf(r.max, x[i])};
  r = block_range(r, shared);
  if (threadIdx.x == 0) {
    atomicMin(bits, sortable(r.min));
    atomicMax(bits + 1, sortable(r.max));
  }
}

extern "C" __global__ void observed_range(const int* bits, float* range) {
  range[0] = unsortable(bits[0]);
  range[1] = unsortable(bits[1]);
}

// range [channels][2]; x is [outer, channels, inner]; gridDim.x = channels.
extern "C" __global__ void observe_channels(const float* x, i64 outer, int channels, i64 inner, float* range) {
  __shared__ Range shared[WARP];
  Range r = {infinity(), -infinity()};
  for (i64 i = threadIdx.x; i < outer * inner; i += blockDim.x) {
    float v = x[(i / inner * channels + blockIdx.x) * inner + i % inner];
    r = {fminf(r.min, v), fmaxf(r.max, v)};
  }
  r = block_range(r, shared);
  if (threadIdx.x == 0) range[2 * blockIdx.x] = r.min, range[2 * blockIdx.x + 1] = r.max;
}

extern "C" __global__ void moving_min_max(float* running, const float* batch, float c, int channels) {
  int i = (int)global_index();
  if (i < 2 * channels) running[i] += c * (batch[i] - running[i]);
}

// PyTorch's observers: the range is widened to hold 0; symmetric: absmax over half the number of steps.
extern "C" __global__ void quant_parameters(
    const float* range, int low, int high, int symmetric, float* scale, int* zero_point, int channels) {
  int c = (int)global_index();
  if (c >= channels) return;
  float min = fminf(range[2 * c], 0), max = fmaxf(range[2 * c + 1], 0);
  const float eps = 1.1920929e-7f;
  if (symmetric) {
    scale[c] = fmaxf(fmaxf(-min, max) / ((high - low) / 2.0f), eps);
    zero_point[c] = low < 0 ? 0 : (high + low + 1) / 2;
  } else {
    float s = fmaxf((max - min) / (high - low), eps);
    scale[c] = s;
    zero_point[c] = (int)fminf(fmaxf(low - rintf(min / s), low), high);
  }
}
