// Elementwise functions and their gradients, as PyTorch defines them.
//
// | kernel        | idea                                                    | bytes moved an element |
// | ------------- | ------------------------------------------------------- | ---------------------- |
// | NAME_forward  | 4 elements a thread in one 16-byte load and store       | 8                      |
// | NAME_backward | dx = dy * f'(s), s the output where that is enough, else | 12                     |
// |               | the input; nothing else is kept for the backward         |                        |
//
// All of it is memory-bound: even gelu's error function costs less than the wait for its operands.
#include "common.cuh"

struct Relu {
  static __device__ float f(float x) { return x > 0 || isnan(x) ? x : 0; }
  static __device__ float d(float y) { return y > 0 ? 1 : 0; }
};
struct Relu6 {
  static __device__ float f(float x) { return isnan(x) ? x : fminf(fmaxf(x, 0), 6); }
  static __device__ float d(float x) { return x > 0 && x < 6 ? 1 : 0; }
};
__device__ __forceinline__ float logistic(float x) { return 1 / (1 + expf(-x)); }
struct Sigmoid {
  static __device__ float f(float x) { return logistic(x); }
  static __device__ float d(float y) { return y * (1 - y); }
};
struct Silu {
  static __device__ float f(float x) { return x / (1 + expf(-x)); }
  static __device__ float d(float x) {
    float s = logistic(x);
    return s * (1 + x * (1 - s));
  }
};
struct Hardsigmoid {
  static __device__ float f(float x) { return fminf(fmaxf(x + 3, 0), 6) / 6; }
  static __device__ float d(float x) { return x > -3 && x < 3 ? 1.0f / 6 : 0; }
};
struct Hardswish {
  static __device__ float f(float x) { return x * Hardsigmoid::f(x); }
  static __device__ float d(float x) { return x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5f; }
};
struct Tanh {
  static __device__ float f(float x) { return tanhf(x); }
  static __device__ float d(float y) { return 1 - y * y; }
};
struct Gelu {
  // x * Phi(x); erfc keeps the digits that 1 + erf loses where x is far below 0.
  static __device__ float f(float x) { return 0.5f * x * erfcf(-0.70710678f * x); }
  static __device__ float d(float x) {
    return 0.5f * erfcf(-0.70710678f * x) + x * 0.39894228f * expf(-0.5f * x * x);
  }
};

template <typename F>
__device__ __forceinline__ void forward(const float* __restrict__ x, float* __restrict__ y, i64 n) {
  for (i64 g = global_index(); g < (n + 3) / 4; g += global_size()) {
    i64 i = g * 4;
    if (i + 4 <= n) {
      float4 v = *(const float4*)(x + i);
      *(float4*)(y + i) = make_float4(F::f(v.x), F::f(v.y), F::f(v.z), F::f(v.w));
    } else {
      for (; i < n; i++) y[i] = F::f(x[i]);
    }
  }
}

// No __restrict__: dx may be dy, for those who are asked to work in place.
template <typename F>
__device__ __forceinline__ void backward(const float* s, const float* dy, float* dx, i64 n) {
  for (i64 g = global_index(); g < (n + 3) / 4; g += global_size()) {
    i64 i = g * 4;
    if (i + 4 <= n) {
      float4 v = *(const float4*)(s + i), d = *(const float4*)(dy + i);
      *(float4*)(dx + i) = make_float4(d.x * F::d(v.x), d.y * F::d(v.y), d.z * F::d(v.z), d.w * F::d(v.w));
    } else {
      for (; i < n; i++) dx[i] = dy[i] * F::d(s[i]);
    }
  }
}

#define ACTIVATION(NAME, F)                                                              \
  extern "C" __global__ void NAME##_forward(const float* x, float* y, i64 n) {           \
    forward<F>(x, y, n);                                                                 \
  }                                                                                      \
  extern "C" __global__ void NAME##_backward(const float* s, const float* dy, float* dx, i64 n) { \
    backward<F>(s, dy, dx, n);                                                           \
  }

ACTIVATION(relu, Relu)
ACTIVATION(relu6, Relu6)
ACTIVATION(sigmoid, Sigmoid)
ACTIVATION(silu, Silu)
ACTIVATION(hardswish, Hardswish)
ACTIVATION(hardsigmoid, Hardsigmoid)
ACTIVATION(tanh, Tanh)
ACTIVATION(gelu, Gelu)
