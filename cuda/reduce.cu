// Sums and maxima over any axes of a row-major tensor, and their gradients.
//
// | kernel            | idea                                                            | bytes moved             |
// | ----------------- | --------------------------------------------------------------- | ----------------------- |
// | sum_v1            | a thread an output, whatever the axes: reads of one thread run   | 4 an element, but up to |
// |                   | along a row while its neighbours are a row away                  | 32 fetched              |
// | sum_columns       | the same for outputs that lie side by side: a warp's 32 reads     | 4 an element            |
// |                   | are one line                                                     |                         |
// | sum_rows          | a warp an output: 32 lanes read side by side and meet in a        | 4 an element            |
// |                   | shuffle tree                                                      |                         |
// | max_rows          | the same for the maximum; NaN wins                                | 4 an element            |
// | expand            | repeats a reduction over the axes it came from, times a factor    | 4 an element            |
// | max_backward      | amax: the gradient is shared by all elements equal to the maximum | 12 an element           |
// | argmax(_backward) | max along one axis with the place of the first maximum; its       | 4 an element            |
// |                   | gradient goes there whole                                         |                         |
//
// Rows are summed in fp32 by 32 lanes apart and then pairwise, so the error grows with n/32, not n.
#include "common.cuh"

// Row-major axes of x, merged where neighbours are both kept or both reduced; innermost last.
#define MAX_AXES 4
struct Reduction {
  i64 kept_dim[MAX_AXES], kept_stride[MAX_AXES];
  i64 reduced_dim[MAX_AXES], reduced_stride[MAX_AXES];
  i64 outputs;  // product of kept_dim
  i64 inputs;   // product of reduced_dim: elements that go into one output
  int kept, reduced;
};

__device__ __forceinline__ i64 offset(i64 index, const i64* dim, const i64* stride, int axes) {
  i64 at = 0;
  for (int k = axes - 1; k > 0; k--) {
    i64 next = index / dim[k];
    at += (index - next * dim[k]) * stride[k];
    index = next;
  }
  return axes > 0 ? at + index * stride[0] : 0;
}
__device__ __forceinline__ i64 kept_offset(const Reduction& r, i64 o) {
  return offset(o, r.kept_dim, r.kept_stride, r.kept);
}
__device__ __forceinline__ i64 reduced_offset(const Reduction& r, i64 i) {
  return offset(i, r.reduced_dim, r.reduced_stride, r.reduced);
}

__device__ __forceinline__ void sum_by_thread(const float* x, float* y, float factor, const Reduction& r) {
  for (i64 o = global_index(); o < r.outputs; o += global_size()) {
    const float* from = x + kept_offset(r, o);
    float sum[4] = {0, 0, 0, 0};  // four chains: additions need not wait for each other
    i64 i = 0;
    for (; i + 4 <= r.inputs; i += 4) {
      for (int k = 0; k < 4; k++) sum[k] += from[reduced_offset(r, i + k)];
    }
    for (; i < r.inputs; i++) sum[0] += from[reduced_offset(r, i)];
    y[o] = ((sum[0] + sum[1]) + (sum[2] + sum[3])) * factor;
  }
}

extern "C" __global__ void sum_v1(const float* x, float* y, float factor, const Reduction r) {
  sum_by_thread(x, y, factor, r);
}
extern "C" __global__ void sum_columns(const float* x, float* y, float factor, const Reduction r) {
  sum_by_thread(x, y, factor, r);
}

extern "C" __global__ void sum_rows(const float* x, float* y, float factor, const Reduction r) {
  for (i64 o = global_index() / WARP; o < r.outputs; o += global_size() / WARP) {
    const float* from = x + kept_offset(r, o);
    float sum = 0;
    for (i64 i = threadIdx.x % WARP; i < r.inputs; i += WARP) sum += from[reduced_offset(r, i)];
    sum = warp_sum(sum);
    if (threadIdx.x % WARP == 0) y[o] = sum * factor;
  }
}

extern "C" __global__ void max_rows(const float* x, float* y, const Reduction r) {
  for (i64 o = global_index() / WARP; o < r.outputs; o += global_size() / WARP) {
    const float* from = x + kept_offset(r, o);
    float best = -infinity();
    for (i64 i = threadIdx.x % WARP; i < r.inputs; i += WARP) best = max_or_nan(best, from[reduced_offset(r, i)]);
    best = warp_max(best);
    if (threadIdx.x % WARP == 0) y[o] = best;
  }
}

extern "C" __global__ void expand(const float* y, float* dx, float factor, const Reduction r) {
  for (i64 e = global_index(); e < r.outputs * r.inputs; e += global_size()) {
    i64 o = e / r.inputs;
    dx[kept_offset(r, o) + reduced_offset(r, e - o * r.inputs)] = y[o] * factor;
  }
}

extern "C" __global__ void max_backward(const float* dy, const float* y, const float* x, float* dx, const Reduction r) {
  for (i64 o = global_index() / WARP; o < r.outputs; o += global_size() / WARP) {
    i64 base = kept_offset(r, o);
    float best = y[o];
    float ties = 0;
    for (i64 i = threadIdx.x % WARP; i < r.inputs; i += WARP) ties += x[base + reduced_offset(r, i)] == best ? 1 : 0;
    float share = dy[o] / warp_sum(ties);
    for (i64 i = threadIdx.x % WARP; i < r.inputs; i += WARP) {
      i64 at = base + reduced_offset(r, i);
      dx[at] = x[at] == best ? share : 0;
    }
  }
}

// x is [outer, n, inner]; an output is one (outer, inner).
extern "C" __global__ void argmax(const float* x, float* y, i64* index, i64 outer, i64 n, i64 inner) {
  for (i64 o = global_index(); o < outer * inner; o += global_size()) {
    const float* from = x + o / inner * n * inner + o % inner;
    float best = from[0];
    i64 at = 0;
    for (i64 i = 1; i < n; i++) {
      float v = from[i * inner];
      // The first maximum stays; the first NaN beats every number.
      if (v > best || (isnan(v) && !isnan(best))) best = v, at = i;
    }
    y[o] = best;
    index[o] = at;
  }
}

extern "C" __global__ void argmax_backward(const float* dy, const i64* index, float* dx, i64 outer, i64 n, i64 inner) {
  for (i64 e = global_index(); e < outer * n * inner; e += global_size()) {
    i64 along = e / inner % n;
    i64 o = e / inner / n * inner + e % inner;
    dx[e] = index[o] == along ? dy[o] : 0;
  }
}
