// What every kernel file shares: short type names, half formats, reductions, Philox. No CUDA header is
// included anywhere, so NVRTC needs nothing but this folder.
#pragma once

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

#define WARP 32
#define ALL_LANES 0xffffffffu

__device__ __forceinline__ float infinity() { return __uint_as_float(0x7f800000u); }

// Elements are counted in 64 bits: a tensor may be larger than 2^31.
__device__ __forceinline__ i64 global_index() { return (i64)blockIdx.x * blockDim.x + threadIdx.x; }
__device__ __forceinline__ i64 global_size() { return (i64)gridDim.x * blockDim.x; }

// ---- fp16 and bf16. Both round to nearest, ties to even.

__device__ __forceinline__ u16 f32_to_f16(float x) {
  u16 h;
  asm("cvt.rn.f16.f32 %0, %1;" : "=h"(h) : "f"(x));
  return h;
}

__device__ __forceinline__ float f16_to_f32(u16 h) {
  float x;
  asm("cvt.f32.f16 %0, %1;" : "=f"(x) : "h"(h));
  return x;
}

// The hardware converts to bf16 only from sm_80 on; this integer form runs on every GPU.
__device__ __forceinline__ u16 f32_to_bf16(float x) {
  u32 bits = __float_as_uint(x);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return (u16)((bits >> 16) | 0x40);  // a NaN stays one
  return (u16)((bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

__device__ __forceinline__ float bf16_to_f32(u16 h) { return __uint_as_float((u32)h << 16); }

// ---- Reductions. The order of additions depends on the launch alone, never on timing: the same bits every time.

__device__ __forceinline__ float warp_sum(float v) {
  for (int d = WARP / 2; d > 0; d /= 2) v += __shfl_xor_sync(ALL_LANES, v, d);
  return v;
}

__device__ __forceinline__ double warp_sum(double v) {
  for (int d = WARP / 2; d > 0; d /= 2) v += __shfl_xor_sync(ALL_LANES, v, d);
  return v;
}

// The larger one, and NaN if either is: fmaxf would drop it.
__device__ __forceinline__ float max_or_nan(float a, float b) { return a > b || isnan(a) ? a : b; }

__device__ __forceinline__ float warp_max(float v) {
  for (int d = WARP / 2; d > 0; d /= 2) v = max_or_nan(v, __shfl_xor_sync(ALL_LANES, v, d));
  return v;
}

// Sum over a block of whole warps, known to every thread; `partial` is shared, one place a warp.
template <typename T>
__device__ __forceinline__ T block_sum(T v, T* partial) {
  v = warp_sum(v);
  int lane = threadIdx.x % WARP;
  if (lane == 0) partial[threadIdx.x / WARP] = v;
  __syncthreads();
  v = warp_sum(lane < blockDim.x / WARP ? partial[lane] : (T)0);
  __syncthreads();  // the next sum may use `partial` again
  return v;
}

// ---- A running maximum and the sum of exp(x - maximum); merging two is associative.
struct LogSum {
  float max, sum;
};

__device__ __forceinline__ LogSum merge(LogSum a, LogSum b) {
  float max = max_or_nan(a.max, b.max);
  if (max == -infinity()) return {max, 0};  // nothing but -inf so far: -inf - -inf would be NaN
  return {max, a.sum * expf(a.max - max) + b.sum * expf(b.max - max)};
}

__device__ __forceinline__ LogSum warp_log_sum(LogSum s) {
  for (int d = WARP / 2; d > 0; d /= 2) {
    s = merge(s, {__shfl_xor_sync(ALL_LANES, s.max, d), __shfl_xor_sync(ALL_LANES, s.sum, d)});
  }
  return s;
}

// ---- Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).

struct Philox {
  u32 x, y, z, w;
};

__device__ __forceinline__ Philox philox(u32 c0, u32 c1, u32 c2, u32 c3, u32 k0, u32 k1) {
#pragma unroll
  for (int round = 0; round < 10; round++) {
    u32 high0 = __umulhi(0xD2511F53u, c0), low0 = 0xD2511F53u * c0;
    u32 high1 = __umulhi(0xCD9E8D57u, c2), low1 = 0xCD9E8D57u * c2;
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return {c0, c1, c2, c3};
}

// A uniform in [0, 1) of 24 bits.
__device__ __forceinline__ float uniform(u32 word) { return (float)(word >> 8) * 0x1p-24f; }
