// Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019, algorithm 2), fused: unscaling,
// clipping, both moments, the update, the weight's half copy and the skipping of a step are one pass over memory.
//
// | kernel     | idea                                                              | bytes moved an element | launches    |
// | ---------- | ----------------------------------------------------------------- | ---------------------- | ----------- |
// | adamw_v1   | one tensor a launch, an element a thread                           | 28                     | 1 a tensor  |
// | adamw_v2   | 54 tensors a launch: ResNet-50 has 161, most of them tiny, and a   | 28                     | 1 for 54    |
// |            | launch costs more than their update                                |                        |
// | adamw      | a block a chunk of 4,096 elements, for a grid of largest * 54 is    | 28 (36 with amsgrad;   | 1 for 54    |
// |            | mostly blocks with nothing to do; and 4 elements a thread: 16-byte  | + 2 for a half copy;   |             |
// |            | accesses keep four times as many bytes in flight a thread           | - 2 for a half         |             |
// |            |                                                                    | gradient)              |             |
// | adam_steps | counts the step of each tensor and prepares its two factors        | 12 a tensor            | 1           |
//
// Nothing here waits for the host: `rates` holds what the host may change between steps, `control` what
// grad_norm.cu found out about the gradients. Element by element, with t the number of this step:
//
//   g = gradient * control.factor                (+ decay * p without decoupling)
//   m = m + (1 - beta1) * (g - m)
//   v = beta2 * v + (1 - beta2) * g * g
//   p = (1 - lr * decay) * p - step_size * m / (sqrt(v) * root_scale + eps)
//
// with step_size = lr / (1 - beta1^t) and root_scale = 1 / sqrt(1 - beta2^t): eps is added after the bias
// correction of the root. amsgrad divides by the largest v so far.
#include "multi_tensor.cuh"

// rates: learning rate, weight decay. control: factor, skip, norm; may be null.
struct AdamRule {
  float one_minus_beta1, beta2, one_minus_beta2, eps;
  int decoupled;
  int bf16;  // the format of half copies, else fp16
};

// beta^t for a whole t by squaring, in double: a float power is wrong in the fourth digit of 1 - beta2^t.
__device__ __forceinline__ double power(double beta, u32 t) {
  double r = 1;
  for (; t > 0; t >>= 1, beta *= beta) {
    if (t & 1) r *= beta;
  }
  return r;
}

// steps [P] counts updates done; factors [P][2] receives step_size and root_scale.
extern "C" __global__ void adam_steps(
    const Indices index, int tensors, const float* rates, float* steps, const float* control, double beta1,
    double beta2, float* factors) {
  int i = (int)global_index();
  if (i >= tensors || skips(control)) return;
  int at = index.at[i];
  u32 t = (u32)steps[at] + 1;
  steps[at] = (float)t;
  factors[2 * at] = (float)(rates[0] / (1 - power(beta1, t)));
  factors[2 * at + 1] = (float)(1 / sqrt(1 - power(beta2, t)));
}

// What stays the same for all elements of a tensor.
struct AdamStep {
  float unscale, l2, shrink, step_size, root_scale;
};

__device__ __forceinline__ AdamStep adam_step(
    const float* rates, const float* control, const float* factors, const AdamRule& r, int index) {
  float decay = rates[1];
  return {factor(control), r.decoupled ? 0 : decay, r.decoupled ? (float)(1 - (double)rates[0] * decay) : 1,
          factors[2 * index], factors[2 * index + 1]};
}

__device__ __forceinline__ void adam_element(
    float& p, float g, float& m, float& v, float* largest, const AdamStep& s, const AdamRule& r) {
  float d = g * s.unscale + s.l2 * p;
  m = m + r.one_minus_beta1 * (d - m);
  v = r.beta2 * v + r.one_minus_beta2 * d * d;
  float root = v;
  if (largest) root = *largest = fmaxf(*largest, v);
  p = s.shrink * p - s.step_size * m / (sqrtf(root) * s.root_scale + r.eps);
}

extern "C" __global__ void adamw_v1(
    float* p, const float* g, float* m, float* v, i64 n, int index, const float* rates, const float* control,
    const float* factors, const AdamRule rule) {
  if (skips(control)) return;
  AdamStep s = adam_step(rates, control, factors, rule, index);
  i64 i = global_index();
  if (i < n) adam_element(p[i], g[i], m[i], v[i], nullptr, s, rule);
}

extern "C" __global__ void adamw_v2(
    const TensorList<6> list, const float* rates, const float* control, const float* factors, const AdamRule rule) {
  if (skips(control)) return;
  int t = blockIdx.y;
  float *p = list.at[0][t], *m = list.at[2][t], *v = list.at[3][t];
  const float* g = list.at[1][t];
  AdamStep s = adam_step(rates, control, factors, rule, list.index[t]);
  for (i64 i = global_index(); i < list.elements[t]; i += global_size()) {
    adam_element(p[i], g[i], m[i], v[i], nullptr, s, rule);
  }
}

// list: parameter, gradient, first moment, second moment, largest second moment (null without amsgrad), half copy of
// the parameter (null for none).
extern "C" __global__ void adamw(
    const TensorList<6> list, const float* rates, const float* control, const float* factors, const AdamRule rule) {
  if (skips(control)) return;
  Chunk own = chunk(list);
  int t = own.tensor;
  i64 n = own.to;
  float *p = list.at[0][t], *m = list.at[2][t], *v = list.at[3][t], *largest = list.at[4][t];
  Gradient g = {list.at[1][t], (bool)(list.halves >> t & 1)};
  u16* half = (u16*)list.at[5][t];
  AdamStep s = adam_step(rates, control, factors, rule, list.index[t]);
  for (i64 i = own.from + threadIdx.x * 4; i < n; i += blockDim.x * 4) {
    if (i + 4 <= n && !largest) {
      float4 p4 = *(const float4*)(p + i), g4 = g.four(i);
      float4 m4 = *(const float4*)(m + i), v4 = *(const float4*)(v + i);
      adam_element(p4.x, g4.x, m4.x, v4.x, nullptr, s, rule);
      adam_element(p4.y, g4.y, m4.y, v4.y, nullptr, s, rule);
      adam_element(p4.z, g4.z, m4.z, v4.z, nullptr, s, rule);
      adam_element(p4.w, g4.w, m4.w, v4.w, nullptr, s, rule);
      *(float4*)(p + i) = p4;
      *(float4*)(m + i) = m4;
      *(float4*)(v + i) = v4;
      if (half) store_half4(half + i, p4, rule.bf16);
    } else {
      i64 end = i + 4 < n ? i + 4 : n;
      for (i64 k = i; k < end; k++) {
        adam_element(p[k], g[k], m[k], v[k], largest ? largest + k : nullptr, s, rule);
        if (half) half[k] = half_of(p[k], rule.bf16);
      }
    }
  }
}
