// Conversions between fp32, fp16 and bf16, rounding to nearest even.
//
// | kernel          | idea                                                            | bytes moved an element |
// | --------------- | --------------------------------------------------------------- | ---------------------- |
// | cast_f32_f16_v1 | an element a thread: 4-byte loads, 2-byte stores                 | 6                      |
// | cast_*          | 8 elements a thread: 16-byte accesses on the 2-byte side and two | 6 (4 between halves)   |
// |                 | on the 4-byte side; a quarter to an eighth of the requests       |                        |
//
// Tensors start on 16-byte boundaries, which every allocator here guarantees; the last n % 8 elements
// are done one at a time.
#include "formats.cuh"

extern "C" __global__ void cast_f32_f16_v1(const float* __restrict__ x, u16* __restrict__ y, i64 n) {
  i64 i = global_index();
  if (i < n) y[i] = f32_to_f16(x[i]);
}

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
