// Conversions between fp32, fp16 and bf16, rounding to nearest even.
//
// | kernel          | idea                                                            | bytes moved an element |
// | --------------- | --------------------------------------------------------------- | ---------------------- |
// | cast_f32_f16_v1 | an element a thread: 4-byte loads, 2-byte stores                 | 6                      |
// | cast_A_B        | 8 elements a thread: 16-byte accesses on the 2-byte side and two | 6 (4 between halves)   |
// |                 | on the 4-byte side; a quarter to an eighth of the requests       |                        |
//
// Tensors start on 16-byte boundaries, which every allocator here guarantees; the last n % 8 elements
// are done one at a time.
#include "common.cuh"

extern "C" __global__ void cast_f32_f16_v1(const float* __restrict__ x, u16* __restrict__ y, i64 n) {
  i64 i = global_index();
  if (i < n) y[i] = f32_to_f16(x[i]);
}

// Format tags: how 8 elements are loaded to and stored from fp32.
struct F32 {
  typedef float T;
  static __device__ float load(T x) { return x; }
  static __device__ T store(float x) { return x; }
  static __device__ void load8(const T* p, float* v) {
    float4 a = ((const float4*)p)[0], b = ((const float4*)p)[1];
    v[0] = a.x, v[1] = a.y, v[2] = a.z, v[3] = a.w, v[4] = b.x, v[5] = b.y, v[6] = b.z, v[7] = b.w;
  }
  static __device__ void store8(T* p, const float* v) {
    ((float4*)p)[0] = make_float4(v[0], v[1], v[2], v[3]);
    ((float4*)p)[1] = make_float4(v[4], v[5], v[6], v[7]);
  }
};

template <u16 (*NARROW)(float), float (*WIDEN)(u16)>
struct HalfFormat {
  typedef u16 T;
  static __device__ float load(T x) { return WIDEN(x); }
  static __device__ T store(float x) { return NARROW(x); }
  static __device__ void load8(const T* p, float* v) {
    uint4 a = *(const uint4*)p;
    u32 w[4] = {a.x, a.y, a.z, a.w};
#pragma unroll
    for (int k = 0; k < 4; k++) v[2 * k] = WIDEN((u16)w[k]), v[2 * k + 1] = WIDEN((u16)(w[k] >> 16));
  }
  static __device__ void store8(T* p, const float* v) {
    u32 w[4];
#pragma unroll
    for (int k = 0; k < 4; k++) w[k] = NARROW(v[2 * k]) | (u32)NARROW(v[2 * k + 1]) << 16;
    *(uint4*)p = make_uint4(w[0], w[1], w[2], w[3]);
  }
};
typedef HalfFormat<f32_to_f16, f16_to_f32> F16;
typedef HalfFormat<f32_to_bf16, bf16_to_f32> BF16;

template <typename FROM, typename TO>
__device__ __forceinline__ void cast(const typename FROM::T* __restrict__ x, typename TO::T* __restrict__ y, i64 n) {
  for (i64 g = global_index(); g < (n + 7) / 8; g += global_size()) {
    i64 i = g * 8;
    if (i + 8 <= n) {
      float v[8];
      FROM::load8(x + i, v);
      TO::store8(y + i, v);
    } else {
      for (; i < n; i++) y[i] = TO::store(FROM::load(x[i]));
    }
  }
}

extern "C" __global__ void cast_f32_f16(const float* x, u16* y, i64 n) { cast<F32, F16>(x, y, n); }
extern "C" __global__ void cast_f32_bf16(const float* x, u16* y, i64 n) { cast<F32, BF16>(x, y, n); }
extern "C" __global__ void cast_f16_f32(const u16* x, float* y, i64 n) { cast<F16, F32>(x, y, n); }
extern "C" __global__ void cast_bf16_f32(const u16* x, float* y, i64 n) { cast<BF16, F32>(x, y, n); }
extern "C" __global__ void cast_f16_bf16(const u16* x, u16* y, i64 n) { cast<F16, BF16>(x, y, n); }
extern "C" __global__ void cast_bf16_f16(const u16* x, u16* y, i64 n) { cast<BF16, F16>(x, y, n); }
