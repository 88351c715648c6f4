// Bugs, planted for the software GPU to find; `engine inspect kernel planted_race` shows one being caught. Each
// kernel is what a hurried author might write, and says what is wrong with it. A real GPU runs most of them to
// the end and gives a wrong answer, sometimes.
//
// | kernel                | the bug                                                    | what is reported        |
// | --------------------- | ---------------------------------------------------------- | ----------------------- |
// | planted_out_of_bounds | <= where < belongs                                         | address, and past what  |
// | planted_misaligned    | 16-byte loads from an odd start                            | address and alignment   |
// | planted_race          | a read of what another thread writes, no barrier between   | both threads and lines  |
// | planted_block_race    | blocks add to one place without an atomic                  | both blocks and lines   |
// | planted_uninitialised | shared memory that only half of the threads write          | the byte never written  |
// | planted_lost_barrier  | __syncthreads in a branch that not all threads take        | who is there, who isn't |
// | planted_lost_shuffle  | a shuffle whose mask names lanes that took another branch  | the lane                |
// | planted_endless       | a loop that counts past its end                            | the jump                |
// | reverse               | none: planted_race as it should be                         | nothing                 |

#include "common.cuh"

// y = 2 x; the last thread goes one too far.
extern "C" __global__ void planted_out_of_bounds(const float* x, float* y, int n) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i <= n) y[i] = 2 * x[i];
}

// Sums groups of four that start at x[1]: not a multiple of 16 bytes.
extern "C" __global__ void planted_misaligned(const float* x, float* y, int groups) {
  int i = blockIdx.x * blockDim.x + threadIdx.x;
  if (i >= groups) return;
  float4 v = reinterpret_cast<const float4*>(x + 1)[i];
  y[i] = v.x + v.y + v.z + v.w;
}

// Reverses 256 numbers through shared memory.
extern "C" __global__ void planted_race(const float* x, float* y) {
  __shared__ float tile[256];
  int t = threadIdx.x;
  tile[t] = x[t];
  y[t] = tile[255 - t];
}

extern "C" __global__ void reverse(const float* x, float* y) {
  __shared__ float tile[256];
  int t = threadIdx.x;
  tile[t] = x[t];
  __syncthreads();
  y[t] = tile[255 - t];
}

// The first thread of each block adds the block's number to one sum.
extern "C" __global__ void planted_block_race(float* sum) {
  if (threadIdx.x == 0) sum[0] += blockIdx.x + 1;
}

// Only the even threads write.
extern "C" __global__ void planted_uninitialised(const float* x, float* y) {
  __shared__ float tile[256];
  int t = threadIdx.x;
  if (t % 2 == 0) tile[t] = x[t];
  __syncthreads();
  y[t] = tile[t];
}

// The barrier is inside the branch.
extern "C" __global__ void planted_lost_barrier(const float* x, float* y, int n) {
  __shared__ float tile[256];
  int t = threadIdx.x;
  if (t < n) {
    tile[t] = x[t];
    __syncthreads();
    y[t] = tile[n - 1 - t];
  }
}

// Lanes from n on are named by the mask and never come.
extern "C" __global__ void planted_lost_shuffle(const float* x, float* y, int n) {
  int t = threadIdx.x;
  float v = x[t];
  if (t < n) v += __shfl_down_sync(ALL_LANES, v, 1);
  y[t] = v;
}

// The step never hits the end for an odd n.
extern "C" __global__ void planted_endless(volatile u32* y, u32 n) {
  for (u32 i = 0; i != n; i += 2) y[threadIdx.x] = i;
}
