// Batch normalisation of a matrix [pixels, channels], which is what channels-last images are (Ioffe and Szegedy
// 2015), with the residual sum and the ReLU that follow it:
// y = act(scale * (x - mean) / sqrt(variance + eps) + shift + residual).
//
// | kernel                  | idea                                                          | bytes moved a 2-byte element |
// | ----------------------- | ------------------------------------------------------------- | ---------------------------- |
// | norm_statistics_f32_v1  | a thread a channel, two passes: the sum of (x - mean)² needs   | 4                            |
// |                         | the mean first, and E[x²] - E[x]² loses all digits for a large |                              |
// |                         | mean                                                           |                              |
// | norm_statistics_*       | one pass: a thread sums over some pixels of 8 channels, less   | 2                            |
// |                         | its first value; mean and sum of squares of two parts make     |                              |
// |                         | those of both (Chan, Golub and LeVeque 1979)                   |                              |
// | norm_finish             | merges the parts of the blocks, and moves the running          | 8 a channel and part         |
// |                         | statistics: running = (1 - momentum) * running + momentum *    |                              |
// |                         | batch                                                          |                              |
// | norm_from_sums          | mean and variance from the sums that a convolution left: none  | 0                            |
// |                         | is read again. E[x²] - E[x]² loses twice the digits of         |                              |
// |                         | mean / deviation: no more than x of 2 bytes has lost itself.   |                              |
// |                         | Moves the running statistics, too                              |                              |
// | norm_forward_*          | 8 elements a thread; what belongs to their channels stays in   | 4 (6 with residual) + 1/8    |
// |                         | registers while a thread meets the same ones; a bit an element |                              |
// |                         | is left of the ReLU                                            |                              |
// | norm_gradients_*        | sums of dy and of dy * xhat behind the ReLU, as the            | 4 + 1/8                      |
// |                         | statistics; of 64 blocks the last adds their parts, and the    |                              |
// |                         | last of those what they have added, in a fixed order           |                              |
// | norm_gradients_line_f16 | the same where the next convolution did the ReLU: it is done   | 4                            |
// |                         | again, on x, and no mask is kept                               |                              |
// | norm_backward_*         | dx = scale / sqrt(variance + eps) *                            | 6 (8 with residual) + 1/8    |
// |                         | (dy - mean(dy) - xhat * mean(dy * xhat)), of which the sums    |                              |
// |                         | have left dx = a * dy + b * x + c a channel: 3 numbers in      |                              |
// |                         | registers, not 5; with a residual also its gradient, dy behind |                              |
// |                         | the ReLU                                                       |                              |
// | norm_backward_line_f16  | the same, as norm_gradients_line_f16                           | 6                            |
//
// Bit i % 8 of byte i / 8 of a mask belongs to element i. All sums are in fp32, in an order that depends on the
// launch alone.
#include "formats.cuh"

__device__ __forceinline__ float or_else(const float* v, int c, float otherwise) { return v ? v[c] : otherwise; }

// Elements i to i + 7 of n; those beyond are 0. i is a multiple of 8 where `aligned`.
template <typename F>
__device__ __forceinline__ void load_some(const typename F::T* x, i64 i, int count, bool aligned, float* v) {
  if (aligned && count >= 8) {
    F::load8(x + i, v);
  } else {
#pragma unroll
    for (int k = 0; k < 8; k++) v[k] = k < count ? F::load(x[i + k]) : 0;
  }
}

template <typename F>
__device__ __forceinline__ void store_some(typename F::T* y, i64 i, int count, const float* v) {
  if (count >= 8) {
    F::store8(y + i, v);
  } else {
#pragma unroll
    for (int k = 0; k < 8; k++) {
      if (k < count) y[i + k] = F::store(v[k]);
    }
  }
}

// Which of the elements i to i + 7 the ReLU let through: by its mask, or by its results, or all where there was none.
template <typename F>
__device__ __forceinline__ u32 passed(const u8* mask, const typename F::T* out, i64 i, int count, bool aligned) {
  if (mask) {
    u32 bits = mask[i / 8];
    int from = (int)(i % 8);
    if (from + count > 8) bits |= (u32)mask[i / 8 + 1] << 8;
    return bits >> from;
  }
  if (!out) return 0xff;
  float v[8];
  load_some<F>(out, i, count, aligned, v);
  u32 bits = 0;
#pragma unroll
  for (int k = 0; k < 8; k++) bits |= (u32)(v[k] > 0) << k;
  return bits;
}

// ---- Statistics. Blocks of gridDim.x share the channels, 8 a thread of threadIdx.x; those of gridDim.y share the
// pixels, `chunk` each, which the threads of threadIdx.y take in turn.

struct Moments {
  float n, mean, squares;  // squares: the sum of (x - mean)²
};

__device__ __forceinline__ Moments merge(Moments a, Moments b) {
  float n = a.n + b.n;
  if (n == 0) return a;
  float d = b.mean - a.mean, share = b.n / n;
  return {n, a.mean + d * share, a.squares + b.squares + d * d * a.n * share};
}

extern "C" __global__ void norm_statistics_f32_v1(
    const float* x, float* mean, float* variance, i64 pixels, int channels) {
  int c = (int)global_index();
  if (c >= channels) return;
  float sum = 0;
  for (i64 p = 0; p < pixels; p++) sum += x[p * channels + c];
  float m = sum / pixels;
  sum = 0;
  for (i64 p = 0; p < pixels; p++) sum += (x[p * channels + c] - m) * (x[p * channels + c] - m);
  mean[c] = m;
  variance[c] = sum / pixels;
}

#define THREADS 256

// parts [gridDim.y][2][channels]: means, then sums of squares. blockDim.x * blockDim.y = THREADS, powers of two.
template <typename F>
__device__ __forceinline__ void statistics(
    const typename F::T* x, float* parts, i64 pixels, int channels, i64 chunk) {
  __shared__ float counts[THREADS], means[8][THREADS], squares[8][THREADS];
  int c = (int)(blockIdx.x * blockDim.x + threadIdx.x) * 8, count = min(8, channels - c);
  bool aligned = channels % 8 == 0;
  i64 end = min((blockIdx.y + 1) * chunk, pixels);
  i64 p = blockIdx.y * chunk + threadIdx.y;
  float n = 0, first[8], sum[8] = {0, 0, 0, 0, 0, 0, 0, 0}, square[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  if (count > 0 && p < end) {
    load_some<F>(x, p * channels + c, count, aligned, first);
    for (; p < end; p += blockDim.y) {
      float v[8];
      load_some<F>(x, p * channels + c, count, aligned, v);
      n++;
#pragma unroll
      for (int k = 0; k < 8; k++) {
        float d = v[k] - first[k];
        sum[k] += d;
        square[k] += d * d;
      }
    }
  }
  int at = threadIdx.y * blockDim.x + threadIdx.x;
  counts[at] = n;
#pragma unroll
  for (int k = 0; k < 8; k++) {
    means[k][at] = n > 0 ? first[k] + sum[k] / n : 0;
    squares[k][at] = n > 0 ? square[k] - sum[k] * (sum[k] / n) : 0;
  }
  for (int half = blockDim.y / 2; half > 0; half /= 2) {
    __syncthreads();
    int other = at + half * blockDim.x;
    float mine = counts[at], theirs = threadIdx.y < half ? counts[other] : 0;
    __syncthreads();
    if (threadIdx.y < half) {
#pragma unroll
      for (int k = 0; k < 8; k++) {
        Moments m =
            merge({mine, means[k][at], squares[k][at]}, {theirs, means[k][other], squares[k][other]});
        means[k][at] = m.mean;
        squares[k][at] = m.squares;
      }
      counts[at] = mine + theirs;
    }
  }
  if (threadIdx.y == 0) {
    for (int k = 0; k < count; k++) {
      parts[(i64)blockIdx.y * 2 * channels + c + k] = means[k][at];
      parts[((i64)blockIdx.y * 2 + 1) * channels + c + k] = squares[k][at];
    }
  }
}

#define ROWS 8

// What training moves towards the statistics of its batches. mean may be null for nothing; so may batches, their
// number. unbiased: n / (n - 1) for n values a channel.
struct Running {
  float *mean, *variance;
  i64* batches;
  float momentum, unbiased;
};

__device__ __forceinline__ void move_running(const Running& r, int c, float mean, float variance) {
  if (!r.mean) return;
  r.mean[c] = (1 - r.momentum) * r.mean[c] + r.momentum * mean;
  r.variance[c] = (1 - r.momentum) * r.variance[c] + r.momentum * (variance * r.unbiased);
  if (c == 0 && r.batches) ++*r.batches;
}

// Grid: x over 32 channels; 32x8 threads, which share the parts.
extern "C" __global__ void norm_finish(
    const float* parts, float* mean, float* variance, i64 pixels, int channels, i64 chunk, int count,
    const Running running) {
  __shared__ Moments partial[ROWS][WARP];
  int c = blockIdx.x * WARP + threadIdx.x;
  Moments m = {0, 0, 0};
  if (c < channels) {
    for (int i = threadIdx.y; i < count; i += ROWS) {
      float n = (float)(min((i + 1) * chunk, pixels) - i * chunk);
      m = merge(m, {n, parts[(i64)i * 2 * channels + c], parts[((i64)i * 2 + 1) * channels + c]});
    }
  }
  partial[threadIdx.y][threadIdx.x] = m;
  __syncthreads();
  if (threadIdx.y > 0 || c >= channels) return;
  for (int r = 1; r < ROWS; r++) m = merge(m, partial[r][threadIdx.x]);
  float v = m.squares / pixels;
  mean[c] = m.mean;
  variance[c] = v;
  move_running(running, c, m.mean, v);
}

// Sums of x and of x² over n pixels of each channel. With factor and offset: the norm as the line
// y = x * factor + offset in fp16, for convolutions that draw it as they read x.
extern "C" __global__ void norm_from_sums(
    const float* sum, const float* squares, const float* scale, const float* shift, float eps, i64 n, float* mean,
    float* variance, F16::T* factor, F16::T* offset, int channels, const Running running) {
  int c = (int)global_index();
  if (c >= channels) return;
  double m = (double)sum[c] / n, above = (double)squares[c] / n - m * m;
  float v = above < 0 ? 0 : (float)above;  // a NaN stays one
  mean[c] = (float)m;
  variance[c] = v;
  move_running(running, c, (float)m, v);
  if (!factor) return;
  F16::T by = F16::store(or_else(scale, c, 1) / sqrtf(v + eps));
  factor[c] = by;
  // Of the rounded factor, so that the mean of y stays shift.
  offset[c] = F16::store(or_else(shift, c, 0) - (float)m * F16::load(by));
}

// ---- Forward. 8 elements that follow each other lie in channels c, c + 1, ..., past the last one again at 0.


__device__ __forceinline__ int channel_after(int c, int k, int channels) {
  c += k;
  return c < channels ? c : c % channels;
}

// scale, shift, residual and mask may be null; the mask has a bit where y > 0.
template <typename F>
__device__ __forceinline__ void forward(
    const typename F::T* x, const float* scale, const float* shift, const float* mean, const float* variance,
    float eps, const typename F::T* residual, int relu, typename F::T* y, u8* mask, i64 n, int channels) {
  float m[8], by[8], add[8];
  int loaded = -1;
  for (i64 g = global_index(); g < (n + 7) / 8; g += global_size()) {
    i64 i = g * 8;
    int count = (int)min((i64)8, n - i), first = (int)(i % channels);
    if (first != loaded) {
      loaded = first;
#pragma unroll
      for (int k = 0; k < 8; k++) {
        int c = channel_after(first, k, channels);
        m[k] = mean[c];
        by[k] = or_else(scale, c, 1) / sqrtf(variance[c] + eps);
        add[k] = or_else(shift, c, 0);
      }
    }
    float v[8], r[8] = {0, 0, 0, 0, 0, 0, 0, 0};
    load_some<F>(x, i, count, true, v);
    if (residual) load_some<F>(residual, i, count, true, r);
    u32 bits = 0;
#pragma unroll
    for (int k = 0; k < 8; k++) {
      v[k] = (v[k] - m[k]) * by[k] + add[k] + r[k];
      if (relu) v[k] = v[k] > 0 || isnan(v[k]) ? v[k] : 0;
      bits |= (u32)(k < count && v[k] > 0) << k;
    }
    store_some<F>(y, i, count, v);
    if (mask) mask[g] = (u8)bits;
  }
}

// ---- Backward. What the ReLU let through is told by mask or out, see `passed`, of which both may be null; or, with
// LINE, by factor and offset.

// Which x have x * factor + offset > 0, where the convolution rounded product and sum to fp16. That sum is 0 only
// where it is 0 unrounded: a step between numbers of fp16 is one of them.
__device__ __forceinline__ bool above(float x, float factor, float offset) {
  return F16::load(F16::store(x * factor)) + offset > 0;
}
__device__ __forceinline__ u32 above_line(const float* x, const float* factor, const float* offset) {
  u32 bits = 0;
#pragma unroll
  for (int k = 0; k < 8; k++) bits |= (u32)above(x[k], factor[k], offset[k]) << k;
  return bits;
}

// Blocks that leave their sums together; the last of a group adds them, the last of the groups those of all.
#define GROUP 64

// Whether this block is the last of some to come here, which then sees what the others wrote before. count: of those
// that came, 0 before and after. All threads call it.
__device__ __forceinline__ bool comes_last(u32* count, int of) {
  __shared__ bool last;
  __threadfence();
  __syncthreads();
  if (threadIdx.x == 0 && threadIdx.y == 0) {
    last = atomicInc(count, of - 1) == of - 1;  // and begins again at 0
    __threadfence();
  }
  __syncthreads();
  return last;
}

// Four channels of a part, of which `count` there are.
__device__ __forceinline__ void add_four(float4& to, const float* part, int count, bool aligned) {
  float4 v = {0, 0, 0, 0};
  if (aligned) {
    v = *(const float4*)part;
  } else {
    v.x = part[0];
    if (count > 1) v.y = part[1];
    if (count > 2) v.z = part[2];
    if (count > 3) v.w = part[3];
  }
  to.x += v.x, to.y += v.y, to.z += v.z, to.w += v.w;
}

__device__ __forceinline__ void store_four(float* to, float4 v, int count) {
  to[0] = v.x;
  if (count > 1) to[1] = v.y;
  if (count > 2) to[2] = v.z;
  if (count > 3) to[3] = v.w;
}

// What makes the gradient of x out of the sums: dx = a * dy + b * x + c in each channel, at [3][channels].
struct Lines {
  const float *scale, *mean, *variance;
  float eps;
  int fixed;  // mean and variance are constants: b and c are 0
  i64 pixels;
  float* at;
};

// From dx = scale / deviation * (dy - dshift / n - xhat * dscale / n). c is rounded once: x and mean may be large
// beside the deviation, and no more may be lost than in the rounding of x itself.
__device__ __forceinline__ void leave_line(const Lines& l, int c, int channels, float dshift, float dscale) {
  float by = 1 / sqrtf(l.variance[c] + l.eps), a = by * or_else(l.scale, c, 1), per = 1.0f / l.pixels;
  float b = l.fixed ? 0 : -(a * by) * (dscale * per);
  l.at[c] = a;
  l.at[channels + c] = b;
  l.at[2 * channels + c] = l.fixed ? 0 : (float)(-(double)b * l.mean[c] - (double)a * (dshift * per));
}

// Adds n parts [2][channels], for the channels of this block: in an order that neither time nor chance changes. lines:
// what to make of the sums, or null.
__device__ __forceinline__ void add_parts(
    const float* parts, int n, int channels, float* first, float* second, float4* firsts, float4* seconds,
    const Lines* lines) {
  int at = threadIdx.y * blockDim.x + threadIdx.x, width = blockDim.x * 2, rows = THREADS / width;
  int lane = at % width, row = at / width;
  int c = (blockIdx.x * width + lane) * 4, count = min(4, channels - c);
  bool aligned = channels % 4 == 0;
  float4 s = {0, 0, 0, 0}, t = {0, 0, 0, 0};
  if (count > 0) {
#pragma unroll 4
    for (int p = row; p < n; p += rows) {
      const float* part = parts + (i64)p * 2 * channels + c;
      add_four(s, part, count, aligned);
      add_four(t, part + channels, count, aligned);
    }
  }
  firsts[at] = s, seconds[at] = t;
  __syncthreads();
  if (row > 0 || count <= 0) return;
  for (int r = 1; r < rows; r++) {
    add_four(s, (const float*)&firsts[r * width + lane], 4, true);
    add_four(t, (const float*)&seconds[r * width + lane], 4, true);
  }
  store_four(first + c, s, count);
  store_four(second + c, t, count);
  if (!lines) return;
  float shifts[4] = {s.x, s.y, s.z, s.w}, scales[4] = {t.x, t.y, t.z, t.w};
  for (int k = 0; k < count; k++) leave_line(*lines, c + k, channels, shifts[k], scales[k]);
}

// The grid is that of the statistics. parts: [gridDim.y][2][channels], sums of dy, then of dy * xhat, and behind them
// those of each group, if there is more than one. arrived: for each of gridDim.x as many counts as there are groups,
// and one; 0 before and after.
template <typename F, bool LINE>
__device__ __forceinline__ void gradients(
    const typename F::T* x, const typename F::T* dy, const u8* mask, const typename F::T* out, const F16::T* factor,
    const F16::T* offset, const Lines& lines, float* parts, u32* arrived, float* dshift, float* dscale, int channels,
    i64 chunk) {
  const float *mean = lines.mean, *variance = lines.variance;
  float eps = lines.eps;
  i64 pixels = lines.pixels;
  __shared__ __align__(16) float sums[8][THREADS], dots[8][THREADS];
  int c = (int)(blockIdx.x * blockDim.x + threadIdx.x) * 8, count = min(8, channels - c);
  bool aligned = channels % 8 == 0;
  i64 end = min((blockIdx.y + 1) * chunk, pixels);
  float m[8], by[8], sum[8] = {0, 0, 0, 0, 0, 0, 0, 0}, dot[8] = {0, 0, 0, 0, 0, 0, 0, 0};
  float times[8], plus[8];
#pragma unroll
  for (int k = 0; k < 8; k++) {
    m[k] = k < count ? mean[c + k] : 0;
    by[k] = k < count ? 1 / sqrtf(variance[c + k] + eps) : 0;
    if (LINE) times[k] = k < count ? F16::load(factor[c + k]) : 0, plus[k] = k < count ? F16::load(offset[c + k]) : 0;
  }
  if (count > 0) {
    for (i64 p = blockIdx.y * chunk + threadIdx.y; p < end; p += blockDim.y) {
      i64 i = p * channels + c;
      float v[8], d[8];
      load_some<F>(x, i, count, aligned, v);
      load_some<F>(dy, i, count, aligned, d);
      u32 bits = LINE ? above_line(v, times, plus) : passed<F>(mask, out, i, count, aligned);
#pragma unroll
      for (int k = 0; k < 8; k++) {
        float g = bits >> k & 1 ? d[k] : 0;
        sum[k] += g;
        dot[k] += g * ((v[k] - m[k]) * by[k]);
      }
    }
  }
  int at = threadIdx.y * blockDim.x + threadIdx.x;
#pragma unroll
  for (int k = 0; k < 8; k++) sums[k][at] = sum[k], dots[k][at] = dot[k];
  for (int half = blockDim.y / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.y < half) {
#pragma unroll
      for (int k = 0; k < 8; k++) {
        sums[k][at] += sums[k][at + half * blockDim.x];
        dots[k][at] += dots[k][at + half * blockDim.x];
      }
    }
  }
  if (threadIdx.y == 0) {
    for (int k = 0; k < count; k++) {
      parts[(i64)blockIdx.y * 2 * channels + c + k] = sums[k][at];
      parts[((i64)blockIdx.y * 2 + 1) * channels + c + k] = dots[k][at];
    }
  }
  int groups = (gridDim.y + GROUP - 1) / GROUP, group = blockIdx.y / GROUP, first = group * GROUP;
  int size = min(GROUP, (int)gridDim.y - first);
  u32* counts = arrived + blockIdx.x * (groups + 1);
  float4 *firsts = (float4*)&sums[0][0], *seconds = (float4*)&dots[0][0];
  if (!comes_last(counts + group, size)) return;
  i64 row = 2 * (i64)channels;
  float* whole = parts + gridDim.y * row;
  float* to = whole + group * row;
  bool alone = groups == 1;
  add_parts(parts + first * row, size, channels, alone ? dshift : to, alone ? dscale : to + channels, firsts, seconds,
            alone ? &lines : 0);
  if (alone || !comes_last(counts + groups, groups)) return;
  add_parts(whole, groups, channels, dshift, dscale, firsts, seconds, &lines);
}

// Four numbers, of which `count` there are: the others are 0. In one access where they are whole.
__device__ __forceinline__ void load_four(const float* x, float* v) {
  float4 four = *(const float4*)x;
  v[0] = four.x, v[1] = four.y, v[2] = four.z, v[3] = four.w;
}
template <typename F>
__device__ __forceinline__ void load_four(const typename F::T* x, int count, float* v) {
  if (count < 4) {
#pragma unroll
    for (int k = 0; k < 4; k++) v[k] = k < count ? F::load(x[k]) : 0;
  } else if (sizeof(*x) == 4) {
    load_four((const float*)x, v);
  } else {
    uint2 two = *(const uint2*)x;
    v[0] = F::load((u16)two.x), v[1] = F::load((u16)(two.x >> 16));
    v[2] = F::load((u16)two.y), v[3] = F::load((u16)(two.y >> 16));
  }
}
template <typename F>
__device__ __forceinline__ void store_four(typename F::T* y, int count, const float* v) {
  if (count < 4) {
#pragma unroll
    for (int k = 0; k < 4; k++) {
      if (k < count) y[k] = F::store(v[k]);
    }
  } else if (sizeof(*y) == 4) {
    *(float4*)y = make_float4(v[0], v[1], v[2], v[3]);
  } else {
    u32 low = (u32)F::store(v[0]) | (u32)F::store(v[1]) << 16, high = (u32)F::store(v[2]) | (u32)F::store(v[3]) << 16;
    *(uint2*)y = make_uint2(low, high);
  }
}

// 6 blocks of 256 threads share the registers of a multiprocessor, where 5 numbers for each of 8 channels left 2.
#define REGISTERS 38

// dx = a * dy + b * x + c, by the lines that the sums left. fixed: b and c are 0, whatever x is. dresidual may be null,
// or dy. 4 elements a thread.
template <typename F, bool LINE>
__device__ __forceinline__ void backward(
    const typename F::T* x, const typename F::T* dy, const u8* mask, const typename F::T* out, const F16::T* factor,
    const F16::T* offset, const float* line, int fixed, typename F::T* dx, typename F::T* dresidual, i64 n,
    int channels) {
  float a[4], b[4], shift[4];
  u32 times[2], plus[2];  // each of two channels
  auto take = [&](int c) {
    if (channels % 4 == 0) {
      load_four(line + c, a);
      load_four(line + channels + c, b);
      load_four(line + 2 * channels + c, shift);
    } else {
#pragma unroll
      for (int k = 0; k < 4; k++) {
        int own = channel_after(c, k, channels);
        a[k] = line[own], b[k] = line[channels + own], shift[k] = line[2 * channels + own];
      }
    }
#pragma unroll
    for (int k = 0; k < 4 && LINE; k += 2) {
      int one = channel_after(c, k, channels), other = channel_after(c, k + 1, channels);
      times[k / 2] = factor[one] | (u32)factor[other] << 16;
      plus[k / 2] = offset[one] | (u32)offset[other] << 16;
    }
  };
  u32 fours = (u32)((n + 3) / 4), g = (u32)global_index(), size = (u32)global_size();
  if (g >= fours) return;
  int c = (int)((i64)g * 4 % channels), step = (int)((i64)size * 4 % channels);
  take(c);
  for (; g < fours; g += size) {
    i64 i = (i64)g * 4;
    int count = (int)min((i64)4, n - i);
    float v[4], d[4];
    load_four<F>(x + i, count, v);
    load_four<F>(dy + i, count, d);
    u32 bits = 0xf;
    if (LINE) {
      bits = 0;
#pragma unroll
      for (int k = 0; k < 4; k++) {
        int from = k % 2 * 16;
        bits |= (u32)above(v[k], F16::load((u16)(times[k / 2] >> from)), F16::load((u16)(plus[k / 2] >> from))) << k;
      }
    } else if (mask) {
      bits = mask[g / 2] >> g % 2 * 4;
    } else if (out) {
      float y[4];
      load_four<F>(out + i, count, y);
      bits = 0;
#pragma unroll
      for (int k = 0; k < 4; k++) bits |= (u32)(y[k] > 0) << k;
    }
#pragma unroll
    for (int k = 0; k < 4; k++) {
      d[k] = bits >> k & 1 ? d[k] : 0;
      v[k] = fixed ? a[k] * d[k] : a[k] * d[k] + (b[k] * v[k] + shift[k]);
    }
    store_four<F>(dx + i, count, v);
    if (dresidual) store_four<F>(dresidual + i, count, d);
    if (step != 0) {  // in few networks: the channels of a thread are mostly the same
      c += step;
      if (c >= channels) c -= channels;
      take(c);
    }
  }
}

#define NORM(NAME, F)                                                                                               \
  extern "C" __global__ void norm_statistics_##NAME(                                                                \
      const F::T* x, float* parts, i64 pixels, int channels, i64 chunk) {                                           \
    statistics<F>(x, parts, pixels, channels, chunk);                                                               \
  }                                                                                                                 \
  extern "C" __global__ void norm_forward_##NAME(                                                                   \
      const F::T* x, const float* scale, const float* shift, const float* mean, const float* variance, float eps,   \
      const F::T* residual, int relu, F::T* y, u8* mask, i64 n, int channels) {                                     \
    forward<F>(x, scale, shift, mean, variance, eps, residual, relu, y, mask, n, channels);                         \
  }                                                                                                                 \
  extern "C" __global__ void norm_gradients_##NAME(                                                                 \
      const F::T* x, const F::T* dy, const u8* mask, const F::T* out, const Lines lines, float* parts,              \
      u32* arrived, float* dshift, float* dscale, int channels, i64 chunk) {                                        \
    gradients<F, false>(x, dy, mask, out, 0, 0, lines, parts, arrived, dshift, dscale, channels, chunk);            \
  }                                                                                                                 \
  extern "C" __global__ void __maxnreg__(REGISTERS) norm_backward_##NAME(                                      \
      const F::T* x, const F::T* dy, const u8* mask, const F::T* out, const float* line, int fixed, F::T* dx,       \
      F::T* dresidual, i64 n, int channels) {                                                                       \
    backward<F, false>(x, dy, mask, out, 0, 0, line, fixed, dx, dresidual, n, channels);                            \
  }

NORM(f32, F32)
NORM(f16, F16)
NORM(bf16, BF16)

extern "C" __global__ void norm_gradients_line_f16(
    const F16::T* x, const F16::T* dy, const F16::T* factor, const F16::T* offset, const Lines lines, float* parts,
    u32* arrived, float* dshift, float* dscale, int channels, i64 chunk) {
  gradients<F16, true>(x, dy, 0, 0, factor, offset, lines, parts, arrived, dshift, dscale, channels, chunk);
}

extern "C" __global__ void __maxnreg__(REGISTERS) norm_backward_line_f16(
    const F16::T* x, const F16::T* dy, const F16::T* factor, const F16::T* offset, const float* line, F16::T* dx,
    i64 n, int channels) {
  backward<F16, true>(x, dy, 0, 0, factor, offset, line, 0, dx, 0, n, channels);
}
