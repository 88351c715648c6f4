// Arithmetic on two tensors, with NumPy's broadcasting, and what belongs to it.
//
// | kernel          | idea                                                             | bytes moved an element |
// | --------------- | ---------------------------------------------------------------- | ---------------------- |
// | NAME_same       | one shape: 4 elements a thread, 16-byte accesses                  | 12                     |
// | NAME_same_*     | the same for halves, 8 a thread: what flows back into both sides  | 6                      |
// |                 | of a residual sum is added so                                     |                        |
// | NAME_broadcast  | a stride of 0 along every axis that repeats; the index of an      | 4 + what the operands  |
// |                 | element is taken apart once for both operands                     | hold                   |
// | scale           | y = x * factor                                                    | 8                      |
// | increment       | adds 1 to a counter on the device, for steps that are replayed    | 16 in all              |
#include "formats.cuh"

// The shape of the result and the strides of the operands in it, innermost axis last; axes that run on
// in both operands were merged by the host, so that few remain.
#define MAX_AXES 6
struct Broadcast {
  i64 dim[MAX_AXES];
  i64 stride_a[MAX_AXES];
  i64 stride_b[MAX_AXES];
  int axes;
};

struct Add {
  static __device__ float f(float a, float b) { return a + b; }
};
struct Sub {
  static __device__ float f(float a, float b) { return a - b; }
};
struct Mul {
  static __device__ float f(float a, float b) { return a * b; }
};
struct Div {
  static __device__ float f(float a, float b) { return a / b; }
};

template <typename F>
__device__ __forceinline__ void same(const float* a, const float* b, float* y, i64 n) {
  for (i64 g = global_index(); g < (n + 3) / 4; g += global_size()) {
    i64 i = g * 4;
    if (i + 4 <= n) {
      float4 u = *(const float4*)(a + i), v = *(const float4*)(b + i);
      *(float4*)(y + i) = make_float4(F::f(u.x, v.x), F::f(u.y, v.y), F::f(u.z, v.z), F::f(u.w, v.w));
    } else {
      for (; i < n; i++) y[i] = F::f(a[i], b[i]);
    }
  }
}

template <typename F, typename H>
__device__ __forceinline__ void same_halves(const u16* a, const u16* b, u16* y, i64 n) {
  for (i64 g = global_index(); g < (n + 7) / 8; g += global_size()) {
    i64 i = g * 8;
    if (i + 8 <= n) {
      float u[8], v[8];
      H::load8(a + i, u);
      H::load8(b + i, v);
#pragma unroll
      for (int k = 0; k < 8; k++) u[k] = F::f(u[k], v[k]);
      H::store8(y + i, u);
    } else {
      for (; i < n; i++) y[i] = H::store(F::f(H::load(a[i]), H::load(b[i])));
    }
  }
}

template <typename F>
__device__ __forceinline__ void broadcast(
    const float* __restrict__ a, const float* __restrict__ b, float* __restrict__ y, i64 n, const Broadcast& s) {
  for (i64 i = global_index(); i < n; i += global_size()) {
    i64 rest = i, at_a = 0, at_b = 0;
    for (int k = s.axes - 1; k >= 0; k--) {
      i64 next = rest / s.dim[k];
      i64 along = rest - next * s.dim[k];
      at_a += along * s.stride_a[k];
      at_b += along * s.stride_b[k];
      rest = next;
    }
    y[i] = F::f(a[at_a], b[at_b]);
  }
}

#define BINARY(NAME, F)                                                                      \
  extern "C" __global__ void NAME##_same(const float* a, const float* b, float* y, i64 n) {  \
    same<F>(a, b, y, n);                                                                     \
  }                                                                                          \
  extern "C" __global__ void NAME##_same_f16(const u16* a, const u16* b, u16* y, i64 n) {    \
    same_halves<F, F16>(a, b, y, n);                                                         \
  }                                                                                          \
  extern "C" __global__ void NAME##_same_bf16(const u16* a, const u16* b, u16* y, i64 n) {   \
    same_halves<F, BF16>(a, b, y, n);                                                        \
  }                                                                                          \
  extern "C" __global__ void NAME##_broadcast(const float* a, const float* b, float* y, i64 n, const Broadcast s) { \
    broadcast<F>(a, b, y, n, s);                                                             \
  }

BINARY(add, Add)
BINARY(sub, Sub)
BINARY(mul, Mul)
BINARY(div, Div)

extern "C" __global__ void scale(const float* x, float* y, i64 n, float factor) {
  for (i64 g = global_index(); g < (n + 3) / 4; g += global_size()) {
    i64 i = g * 4;
    if (i + 4 <= n) {
      float4 v = *(const float4*)(x + i);
      *(float4*)(y + i) = make_float4(v.x * factor, v.y * factor, v.z * factor, v.w * factor);
    } else {
      for (; i < n; i++) y[i] = x[i] * factor;
    }
  }
}

extern "C" __global__ void increment(i64* counter) { *counter += 1; }
