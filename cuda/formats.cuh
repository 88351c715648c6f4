// Eight elements of fp32, fp16 or bf16 at a time: 16-byte accesses on the 2-byte formats, two of them on fp32.
#pragma once
#include "common.cuh"

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
