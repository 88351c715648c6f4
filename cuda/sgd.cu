// Stochastic gradient descent with momentum as PyTorch defines it, fused like adamw.cu, and the moving average
// of the weights.
//
// | kernel      | idea                                                               | bytes moved an element   |
// | ----------- | ------------------------------------------------------------------ | ------------------------ |
// | sgd         | 54 tensors a launch, unscale, clip, decay, momentum, update, and    | 20 (12 without momentum; |
// |             | the weight's half copy                                              | + 2 for a half copy)     |
// | sgd_steps   | counts the step of each tensor: the first takes its gradient whole  | 8 a tensor               |
// | ema         | average = keep * average + add * value over 54 tensors a launch     | 12                       |
// | scale_list  | gradients times control.factor, for those who want to see them so   | 8                        |
//
//   d = gradient * control.factor + decay * p
//   b = first step ? d : momentum * b + (1 - dampening) * d
//   p = p - lr * (nesterov ? d + momentum * b : b)
#include "multi_tensor.cuh"

struct SgdRule {
  float momentum, one_minus_dampening;
  int nesterov;
  int bf16;  // the format of half copies, else fp16
};

// started [P] receives 1 for tensors that were updated before.
extern "C" __global__ void sgd_steps(
    const Indices index, int tensors, float* steps, const float* control, float* started) {
  int i = (int)global_index();
  if (i >= tensors || skips(control)) return;
  int at = index.at[i];
  started[at] = steps[at] > 0 ? 1 : 0;
  steps[at] += 1;
}

__device__ __forceinline__ void sgd_element(
    float& p, float g, float* b, float unscale, float decay, float lr, float keep, float add, const SgdRule& r) {
  float d = g * unscale + decay * p;
  if (b) {
    *b = keep * *b + add * d;
    d = r.nesterov ? d + r.momentum * *b : *b;
  }
  p -= lr * d;
}

// list: parameter, gradient, momentum buffer (null without momentum), half copy of the parameter (null for none).
extern "C" __global__ void sgd(
    const TensorList<4> list, const float* rates, const float* control, const float* started, const SgdRule rule) {
  if (skips(control)) return;
  Chunk own = chunk(list);
  int t = own.tensor;
  i64 n = own.to;
  float *p = list.at[0][t], *b = list.at[2][t];
  Gradient g = {list.at[1][t], (bool)(list.halves >> t & 1)};
  u16* half = (u16*)list.at[3][t];
  float unscale = factor(control), lr = rates[0], decay = rates[1];
  bool first = started[list.index[t]] == 0;
  float keep = first ? 0 : rule.momentum, add = first ? 1 : rule.one_minus_dampening;
  for (i64 i = own.from + threadIdx.x * 4; i < n; i += blockDim.x * 4) {
    if (i + 4 <= n && b) {
      float4 p4 = *(const float4*)(p + i), g4 = g.four(i), b4 = *(const float4*)(b + i);
      sgd_element(p4.x, g4.x, &b4.x, unscale, decay, lr, keep, add, rule);
      sgd_element(p4.y, g4.y, &b4.y, unscale, decay, lr, keep, add, rule);
      sgd_element(p4.z, g4.z, &b4.z, unscale, decay, lr, keep, add, rule);
      sgd_element(p4.w, g4.w, &b4.w, unscale, decay, lr, keep, add, rule);
      *(float4*)(p + i) = p4;
      *(float4*)(b + i) = b4;
      if (half) store_half4(half + i, p4, rule.bf16);
    } else {
      i64 end = i + 4 < n ? i + 4 : n;
      for (i64 k = i; k < end; k++) {
        sgd_element(p[k], g[k], b ? b + k : nullptr, unscale, decay, lr, keep, add, rule);
        if (half) half[k] = half_of(p[k], rule.bf16);
      }
    }
  }
}

// list: average, value. weights: keep, add.
extern "C" __global__ void ema(const TensorList<2> list, const float* weights) {
  Chunk own = chunk(list);
  int t = own.tensor;
  i64 n = own.to;
  float* a = list.at[0][t];
  const float* v = list.at[1][t];
  float keep = weights[0], add = weights[1];
  for (i64 i = own.from + threadIdx.x * 4; i < n; i += blockDim.x * 4) {
    if (i + 4 <= n) {
      float4 a4 = *(const float4*)(a + i), v4 = *(const float4*)(v + i);
      *(float4*)(a + i) = make_float4(
          keep * a4.x + add * v4.x, keep * a4.y + add * v4.y, keep * a4.z + add * v4.z, keep * a4.w + add * v4.w);
    } else {
      for (; i < n; i++) a[i] = keep * a[i] + add * v[i];
    }
  }
}

extern "C" __global__ void scale_list(const TensorList<1> list, const float* control) {
  Chunk own = chunk(list);
  float* x = list.at[0][own.tensor];
  float by = factor(control);
  for (i64 i = own.from + threadIdx.x; i < own.to; i += blockDim.x) x[i] *= by;
}
