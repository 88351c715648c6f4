// The norm of all gradients, whether any is infinite or NaN, and what the optimiser is to do about it: all on the
// device, so that a step that must be skipped is skipped without the host hearing of it.
//
// | kernel           | idea                                                             | bytes moved an element |
// | ---------------- | ---------------------------------------------------------------- | ---------------------- |
// | grad_norm_v1     | squares added up by atomicAdd: as many orders as runs            | 4                      |
// | grad_norm_blocks | each chunk leaves one sum; 54 tensors a launch                   | 4                      |
// | grad_norm_finish | one block adds those in their order: the same bits every time     | 8 a block              |
// | grad_control     | from norm and loss scale: factor, skip, true norm                 | 20 in all              |
// | loss_scale       | PyTorch's GradScaler.update                                       | 16 in all              |
//
// Squares are added in double: the square of a large finite float is infinite as a float, and would be taken for
// an overflow. The memory is slower than the double units of every GPU since sm_75 at one add each 4 bytes.
#include "multi_tensor.cuh"

extern "C" __global__ void grad_norm_v1(const float* x, i64 n, float* sum) {
  float s = 0;
  for (i64 i = global_index(); i < n; i += global_size()) s += x[i] * x[i];
  s = warp_sum(s);
  if (threadIdx.x % WARP == 0) atomicAdd(sum, s);
}

// sums [gridDim.x], from `first` on: one a chunk, so that they do not depend on the GPU.
extern "C" __global__ void grad_norm_blocks(const TensorList<1> list, double* sums, int first) {
  __shared__ double partial[WARP];
  Chunk own = chunk(list);
  int t = own.tensor;
  i64 n = own.to;
  Gradient x = {list.at[0][t], (bool)(list.halves >> t & 1)};
  double s = 0;
  for (i64 i = own.from + threadIdx.x * 4; i < n; i += blockDim.x * 4) {
    if (i + 4 <= n) {
      float4 v = x.four(i);
      s += (double)v.x * v.x + (double)v.y * v.y + ((double)v.z * v.z + (double)v.w * v.w);
    } else {
      for (; i < n; i++) s += (double)x[i] * x[i];
    }
  }
  s = block_sum(s, partial);
  if (threadIdx.x == 0) sums[first + blockIdx.x] = s;
}

// norm: root of the sum; 1 if it is infinite or NaN, else 0. One block.
extern "C" __global__ void grad_norm_finish(const double* sums, int count, float* norm) {
  __shared__ double partial[WARP];
  double s = 0;
  for (int i = threadIdx.x; i < count; i += blockDim.x) s += sums[i];
  s = block_sum(s, partial);
  if (threadIdx.x == 0) {
    norm[0] = (float)sqrt(s);
    norm[1] = isfinite(s) ? 0 : 1;
  }
}

// control: factor for the gradients, 1 to skip the step, the norm without the loss scale. loss_scale may be null;
// max_norm is infinite for no clipping. The clipping is clip_grad_norm_'s: min(1, max_norm / (norm + 1e-6)).
extern "C" __global__ void grad_control(const float* norm, const float* loss_scale, float max_norm, float* control) {
  float unscale = loss_scale ? (float)(1 / (double)*loss_scale) : 1;
  float total = norm[0] * unscale;
  float clip = isinf(max_norm) ? 1 : fminf(1, max_norm / (total + 1e-6f));
  if (isnan(total) && !isinf(max_norm)) clip = total;  // fminf would drop the NaN
  control[0] = unscale * clip;
  control[1] = loss_scale ? norm[1] : 0;
  control[2] = total;
}

extern "C" __global__ void loss_scale(
    float* scale, float* tracker, const float* control, double growth, double backoff, int interval) {
  float s = *scale;
  bool skipped = skips(control);
  float good = skipped ? 0 : *tracker + 1;
  if (skipped) {
    s = (float)(s * backoff);
  } else if (good == interval) {
    float grown = (float)(s * growth);
    s = isinf(grown) ? s : grown;
    good = 0;
  }
  *scale = s;
  *tracker = good;
}
