// The end of a residual block: y = relu(a + b), with a bit an element for the backward.
//
// | kernel            | idea                                                             | bytes moved an element |
// | ----------------- | ---------------------------------------------------------------- | ---------------------- |
// | add_relu_f16_v1   | an element a thread; the warp's ballot makes 32 mask bits         | 6 + 1/8                |
// | add_relu_f16      | 8 elements a thread in 16-byte accesses: a thread's own 8 bits are | 6 + 1/8               |
// |                   | one byte of the mask, and no lane waits for another               |                        |
// | add_relu_f32      | likewise with two 16-byte accesses                                | 12 + 1/8               |
// | mask_f16, mask_f32 | the backward: dy where the bit is set; both operands of the sum   | 4 + 1/8, 8 + 1/8       |
// |                   | get the same gradient, so one pass serves both                    |                        |
//
// Bit i % 8 of byte i / 8 belongs to element i. Sums are rounded once, from fp32.
#include "formats.cuh"

__device__ __forceinline__ float relu(float x) { return x > 0 || isnan(x) ? x : 0; }

extern "C" __global__ void add_relu_f16_v1(const u16* a, const u16* b, u16* y, u8* mask, i64 n) {
  for (i64 i = global_index(); i - threadIdx.x % WARP < n; i += global_size()) {
    float v = i < n ? f16_to_f32(a[i]) + f16_to_f32(b[i]) : 0;
    if (i < n) y[i] = f32_to_f16(relu(v));
    u32 bits = __ballot_sync(ALL_LANES, v > 0);
    // One byte each by the lanes at multiples of 8.
    if (threadIdx.x % 8 == 0 && i < n) mask[i / 8] = (u8)(bits >> threadIdx.x % WARP);
  }
}

template <typename F>
__device__ __forceinline__ void add_relu(
    const typename F::T* a, const typename F::T* b, typename F::T* y, u8* mask, i64 n) {
  for (i64 g = global_index(); g < (n + 7) / 8; g += global_size()) {
    i64 i = g * 8;
    u32 bits = 0;
    if (i + 8 <= n) {
      float u[8], v[8];
      F::load8(a + i, u);
      F::load8(b + i, v);
#pragma unroll
      for (int k = 0; k < 8; k++) {
        u[k] = relu(u[k] + v[k]);
        bits |= (u32)(u[k] > 0) << k;
      }
      F::store8(y + i, u);
    } else {
      for (int k = 0; i + k < n; k++) {
        float s = relu(F::load(a[i + k]) + F::load(b[i + k]));
        bits |= (u32)(s > 0) << k;
        y[i + k] = F::store(s);
      }
    }
    mask[g] = (u8)bits;
  }
}

template <typename F>
__device__ __forceinline__ void apply_mask(const typename F::T* dy, const u8* mask, typename F::T* dx, i64 n) {
  for (i64 g = global_index(); g < (n + 7) / 8; g += global_size()) {
    i64 i = g * 8;
    u32 bits = mask[g];
    if (i + 8 <= n) {
      float v[8];
      F::load8(dy + i, v);
#pragma unroll
      for (int k = 0; k < 8; k++) v[k] = bits >> k & 1 ? v[k] : 0;
      F::store8(dx + i, v);
    } else {
      for (int k = 0; i + k < n; k++) dx[i + k] = bits >> k & 1 ? dy[i + k] : F::store(0);
    }
  }
}

extern "C" __global__ void add_relu_f16(const u16* a, const u16* b, u16* y, u8* mask, i64 n) {
  add_relu<F16>(a, b, y, mask, n);
}
extern "C" __global__ void add_relu_f32(const float* a, const float* b, float* y, u8* mask, i64 n) {
  add_relu<F32>(a, b, y, mask, n);
}
extern "C" __global__ void mask_f16(const u16* dy, const u8* mask, u16* dx, i64 n) { apply_mask<F16>(dy, mask, dx, n); }
extern "C" __global__ void mask_f32(const float* dy, const u8* mask, float* dx, i64 n) { apply_mask<F32>(dy, mask, dx, n); }
