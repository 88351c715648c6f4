// Classification losses of logits [n, k] with their gradient, in one pass over the logits and one over the
// gradient: the backward has nothing left to do but to scale.
//
// | kernel                  | idea                                                        | bytes moved a row of k |
// | ----------------------- | ----------------------------------------------------------- | ---------------------- |
// | cross_entropy_v1        | a thread a row, three passes over it                         | 16 k                   |
// | cross_entropy           | a warp a row; max and sum of exponentials in one pass, then  | 12 k                   |
// |                         | loss and gradient together in a second                       |                        |
// | cross_entropy_soft      | the same against a distribution a row                        | 16 k                   |
// | smoothing_kl            | the same for KL(q, softmax), q with 1-eps on the target     | 12 k                   |
// |                         | and eps/(K-1) on the others                                  |                        |
// | cross_entropy_divisor   | what the mean divides by: the sum of the targets' weights    | 4 a row                |
// | loss_total              | sum of the row losses in a fixed order                       | 4 a row                |
// | scale_rows              | dlogits times the incoming gradient, one or one a row        | 8 k                    |
//
// PyTorch's smoothing puts eps/K on every class, the target's too; a row loses
//   (1-eps) * w[y] * -logp[y] + eps/K * sum_c w[c] * -logp[c].
// A target outside 0..k-1 is left in *fault: the host reports it when it next waits for the device.
#include "common.cuh"

// Of the row at x, by one warp; every lane knows it.
__device__ __forceinline__ LogSum row_log_sum(const float* x, int k) {
  LogSum s = {-infinity(), 0};
  for (int c = threadIdx.x % WARP; c < k; c += WARP) s = merge(s, {x[c], 1});
  return warp_log_sum(s);
}

__device__ __forceinline__ float weight(const float* weights, int c) { return weights ? weights[c] : 1; }

__device__ __forceinline__ float x_log_x(float v) { return v > 0 ? v * logf(v) : 0; }

// The first bad target found, plus one, so that 0 is "none"; negative ones count too.
__device__ __forceinline__ bool is_class(int y, int k, int* fault) {
  if (y >= 0 && y < k) return true;
  atomicCAS(fault, 0, y < 0 ? y : y + 1);
  return false;
}

extern "C" __global__ void cross_entropy_v1(
    const float* x, const int* targets, float smoothing, float* dx, float* losses, int n, int k) {
  i64 row = global_index();
  if (row >= n) return;
  x += row * k;
  dx += row * k;
  int y = targets[row];
  float max = -infinity(), sum = 0, loss = 0;
  for (int c = 0; c < k; c++) max = max_or_nan(max, x[c]);
  for (int c = 0; c < k; c++) sum += expf(x[c] - max);
  for (int c = 0; c < k; c++) {
    float minus_log_p = logf(sum) - (x[c] - max);
    float q = smoothing / k + (c == y ? 1 - smoothing : 0);
    loss += q * minus_log_p;
    dx[c] = (expf(-minus_log_p) - q) / n;
  }
  losses[row] = loss / n;
}

// One block. divisor[0] = sum of w[y] over the rows that count, divisor[1] = sum of all weights.
extern "C" __global__ void cross_entropy_divisor(
    const int* targets, const float* weights, int ignore, float* divisor, int n, int k, int* fault) {
  __shared__ float partial[WARP];
  float sum = 0, all = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) {
    int y = targets[i];
    if (y != ignore && is_class(y, k, fault)) sum += weight(weights, y);
  }
  for (int c = threadIdx.x; c < k; c += blockDim.x) all += weight(weights, c);
  sum = block_sum(sum, partial);
  all = block_sum(all, partial);
  if (threadIdx.x == 0) divisor[0] = sum, divisor[1] = all;
}

// weights may be null; mean: divide by divisor[0].
extern "C" __global__ void cross_entropy(
    const float* x, const int* targets, const float* weights, const float* divisor, float smoothing, int ignore,
    int mean, float* dx, float* losses, int n, int k) {
  int lane = threadIdx.x % WARP;
  float by = mean ? divisor[0] : 1;
  float even = smoothing / k;
  for (i64 row = global_index() / WARP; row < n; row += global_size() / WARP) {
    const float* xr = x + row * k;
    float* dr = dx + row * k;
    int y = targets[row];
    if (y == ignore || y < 0 || y >= k) {
      for (int c = lane; c < k; c += WARP) dr[c] = 0;
      if (lane == 0) losses[row] = 0 / by;  // 0/0 where every row is ignored, as in PyTorch
      continue;
    }
    LogSum s = row_log_sum(xr, k);
    float log_sum = logf(s.sum);
    float own = (1 - smoothing) * weight(weights, y);
    float mass = own + even * divisor[1];
    float loss = 0;
    for (int c = lane; c < k; c += WARP) {
      float minus_log_p = log_sum - (xr[c] - s.max);
      float q = even * weight(weights, c) + (c == y ? own : 0);
      if (q != 0) loss += q * minus_log_p;
      dr[c] = (expf(-minus_log_p) * mass - q) / by;
    }
    loss = warp_sum(loss);
    if (lane == 0) losses[row] = loss / by;
  }
}

// kl: less the entropy of the smoothed q, which makes it KL(q || softmax(x)). divide by `by`.
extern "C" __global__ void cross_entropy_soft(
    const float* x, const float* q, float smoothing, int kl, float by, float* dx, float* losses, int n, int k) {
  int lane = threadIdx.x % WARP;
  for (i64 row = global_index() / WARP; row < n; row += global_size() / WARP) {
    const float* xr = x + row * k;
    const float* qr = q + row * k;
    LogSum s = row_log_sum(xr, k);
    float log_sum = logf(s.sum);
    float loss = 0, mass = 0;
    for (int c = lane; c < k; c += WARP) {
      float t = (1 - smoothing) * qr[c] + smoothing / k;
      mass += t;
      if (t != 0) loss += t * (log_sum - (xr[c] - s.max));
      if (kl) loss += x_log_x(t);
    }
    mass = warp_sum(mass);
    loss = warp_sum(loss);
    for (int c = lane; c < k; c += WARP) {
      float t = (1 - smoothing) * qr[c] + smoothing / k;
      dx[row * k + c] = (expf(xr[c] - s.max - log_sum) * mass - t) / by;
    }
    if (lane == 0) losses[row] = loss / by;
  }
}

extern "C" __global__ void smoothing_kl(
    const float* x, const int* targets, float smoothing, float* dx, float* losses, int n, int k, int* fault) {
  int lane = threadIdx.x % WARP;
  float own = 1 - smoothing, other = k > 1 ? smoothing / (k - 1) : 0;
  float mass = own + (k - 1) * other;
  float entropy = -(x_log_x(own) + (k - 1) * x_log_x(other));
  for (i64 row = global_index() / WARP; row < n; row += global_size() / WARP) {
    const float* xr = x + row * k;
    float* dr = dx + row * k;
    int y = targets[row];
    if (!is_class(y, k, fault)) {
      for (int c = lane; c < k; c += WARP) dr[c] = 0;
      if (lane == 0) losses[row] = 0;
      continue;
    }
    LogSum s = row_log_sum(xr, k);
    float log_sum = logf(s.sum);
    float cross = 0;
    for (int c = lane; c < k; c += WARP) {
      float minus_log_p = log_sum - (xr[c] - s.max);
      float q = c == y ? own : other;
      if (q != 0) cross += q * minus_log_p;
      dr[c] = (expf(-minus_log_p) * mass - q) / n;
    }
    cross = warp_sum(cross);
    if (lane == 0) losses[row] = (cross - entropy) / n;
  }
}

// One block.
extern "C" __global__ void loss_total(const float* losses, float* total, int n) {
  __shared__ float partial[WARP];
  float sum = 0;
  for (int i = threadIdx.x; i < n; i += blockDim.x) sum += losses[i];
  sum = block_sum(sum, partial);
  if (threadIdx.x == 0) *total = sum;
}

// each: by[row], else by[0].
extern "C" __global__ void scale_rows(const float* x, const float* by, int each, float* y, i64 n, i64 k) {
  for (i64 i = global_index(); i < n * k; i += global_size()) y[i] = x[i] * by[each ? i / k : 0];
}
