// Products of rows with vectors. Versions of one text: AVX2 where the processor has it, AVX-512 for
// blocks, the vector unit of the target otherwise.
//
// Eight rows of Floats with one vector are the inner loops of direct training: OpenBLAS has them
// for contiguous rows only, and a mini-batch is a list of rows. A block of Doubles with up to four
// vectors is the inner loop of a frame of the past: its rows are read once for all of them, and
// reading is what takes the time. OpenBLAS copies the block first, which pays for more vectors.

#ifndef MASKED_DMFT_CNUMERICS_ROWS_H
#define MASKED_DMFT_CNUMERICS_ROWS_H

typedef double dmft_double4 __attribute__((vector_size(32), aligned(8)));
typedef double dmft_double8 __attribute__((vector_size(64), aligned(8)));
typedef float dmft_float8 __attribute__((vector_size(32), aligned(4)));

#define DMFT_AT(pointer) (*(const dmft_float8 *)((pointer) + j))

#define DMFT_EIGHT_ROWS                                                                          \
  const float *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3], *r4 = rows[4],         \
              *r5 = rows[5], *r6 = rows[6], *r7 = rows[7];

#define DMFT_ROW_KERNELS(SUFFIX, TARGET)                                                         \
  /* out[i] = row i . x */                                                                       \
  TARGET static inline void dmft_dot8_##SUFFIX(                                                  \
      long count, const float *const *rows, const float *x, float *out) {                        \
    DMFT_EIGHT_ROWS                                                                              \
    dmft_float8 s[8] = {{0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}};                                 \
    long j = 0;                                                                                  \
    for (; j + 8 <= count; j += 8) {                                                             \
      const dmft_float8 v = DMFT_AT(x);                                                          \
      s[0] += v * DMFT_AT(r0);                                                                   \
      s[1] += v * DMFT_AT(r1);                                                                   \
      s[2] += v * DMFT_AT(r2);                                                                   \
      s[3] += v * DMFT_AT(r3);                                                                   \
      s[4] += v * DMFT_AT(r4);                                                                   \
      s[5] += v * DMFT_AT(r5);                                                                   \
      s[6] += v * DMFT_AT(r6);                                                                   \
      s[7] += v * DMFT_AT(r7);                                                                   \
    }                                                                                            \
    for (int i = 0; i < 8; i++) {                                                                \
      float sum = 0;                                                                             \
      for (long k = j; k < count; k++) sum += x[k] * rows[i][k];                                 \
      for (int k = 0; k < 8; k++) sum += s[i][k];                                                \
      out[i] = sum;                                                                              \
    }                                                                                            \
  }                                                                                              \
  /* y += sum_i g[i] row i */                                                                    \
  TARGET static inline void dmft_add8_##SUFFIX(                                                  \
      long count, const float *const *rows, const float *g, float *y) {                          \
    DMFT_EIGHT_ROWS                                                                              \
    const float g0 = g[0], g1 = g[1], g2 = g[2], g3 = g[3];                                      \
    const float g4 = g[4], g5 = g[5], g6 = g[6], g7 = g[7];                                      \
    long j = 0;                                                                                  \
    for (; j + 8 <= count; j += 8) {                                                             \
      dmft_float8 s = DMFT_AT(y);                                                                \
      s += g0 * DMFT_AT(r0);                                                                     \
      s += g1 * DMFT_AT(r1);                                                                     \
      s += g2 * DMFT_AT(r2);                                                                     \
      s += g3 * DMFT_AT(r3);                                                                     \
      s += g4 * DMFT_AT(r4);                                                                     \
      s += g5 * DMFT_AT(r5);                                                                     \
      s += g6 * DMFT_AT(r6);                                                                     \
      s += g7 * DMFT_AT(r7);                                                                     \
      *(dmft_float8 *)(y + j) = s;                                                               \
    }                                                                                            \
    for (; j < count; j++) {                                                                     \
      for (int i = 0; i < 8; i++) y[j] += g[i] * rows[i][j];                                     \
    }                                                                                            \
  }

// The numbers of rows and of vectors are constants where these are called, so that all loops over
// them unroll and the sums stay in registers.
#define DMFT_INLINE static inline __attribute__((always_inline))
#define DMFT_UNROLL _Pragma("clang loop unroll(full)")

#define DMFT_BLOCK_KERNELS(SUFFIX, TARGET, VECTOR)                                               \
  /* out[k rows + r] += row r . x_k for `together` rows from `first` on */                       \
  TARGET DMFT_INLINE void dmft_some_dots_##SUFFIX(                                               \
      int together, int vectors, long first, long rows, long width, const double *block,         \
      const double *x, double *out) {                                                            \
    const long lanes = sizeof(VECTOR) / sizeof(double);                                          \
    const double *a = block + first * width;                                                     \
    VECTOR s[4][4];                                                                              \
    DMFT_UNROLL                                                                                  \
    for (int i = 0; i < together; i++) {                                                         \
      DMFT_UNROLL                                                                                \
      for (int k = 0; k < vectors; k++) s[i][k] = (VECTOR){0};                                   \
    }                                                                                            \
    long j = 0;                                                                                  \
    for (; j + lanes <= width; j += lanes) {                                                     \
      VECTOR u[4];                                                                               \
      DMFT_UNROLL                                                                                \
      for (int k = 0; k < vectors; k++) u[k] = *(const VECTOR *)(x + k * width + j);             \
      DMFT_UNROLL                                                                                \
      for (int i = 0; i < together; i++) {                                                       \
        const VECTOR row = *(const VECTOR *)(a + i * width + j);                                 \
        DMFT_UNROLL                                                                              \
        for (int k = 0; k < vectors; k++) s[i][k] += row * u[k];                                 \
      }                                                                                          \
    }                                                                                            \
    DMFT_UNROLL                                                                                  \
    for (int i = 0; i < together; i++) {                                                         \
      DMFT_UNROLL                                                                                \
      for (int k = 0; k < vectors; k++) {                                                        \
        double sum = 0;                                                                          \
        DMFT_UNROLL                                                                              \
        for (long n = 0; n < lanes; n++) sum += s[i][k][n];                                      \
        for (long n = j; n < width; n++) sum += a[i * width + n] * x[k * width + n];             \
        out[k * rows + first + i] += sum;                                                        \
      }                                                                                          \
    }                                                                                            \
  }                                                                                              \
  TARGET DMFT_INLINE void dmft_all_dots_##SUFFIX(                                                \
      int together, int vectors, long rows, long width, const double *block, const double *x,    \
      double *out) {                                                                             \
    long r = 0;                                                                                  \
    for (; r + together <= rows; r += together) {                                                \
      dmft_some_dots_##SUFFIX(together, vectors, r, rows, width, block, x, out);                 \
    }                                                                                            \
    for (; r < rows; r++) dmft_some_dots_##SUFFIX(1, vectors, r, rows, width, block, x, out);    \
  }                                                                                              \
  /* y_k += sum_r c[k rows + r] row r over `together` rows from `first` on */                    \
  TARGET DMFT_INLINE void dmft_some_sums_##SUFFIX(                                               \
      int together, int vectors, long first, long rows, long width, const double *block,         \
      const double *c, double *y) {                                                              \
    const long lanes = sizeof(VECTOR) / sizeof(double);                                          \
    const double *a = block + first * width;                                                     \
    double factors[4][4];                                                                        \
    DMFT_UNROLL                                                                                  \
    for (int i = 0; i < together; i++) {                                                         \
      DMFT_UNROLL                                                                                \
      for (int k = 0; k < vectors; k++) factors[i][k] = c[k * rows + first + i];                 \
    }                                                                                            \
    long j = 0;                                                                                  \
    for (; j + lanes <= width; j += lanes) {                                                     \
      VECTOR s[4];                                                                               \
      DMFT_UNROLL                                                                                \
      for (int k = 0; k < vectors; k++) s[k] = *(const VECTOR *)(y + k * width + j);             \
      DMFT_UNROLL                                                                                \
      for (int i = 0; i < together; i++) {                                                       \
        const VECTOR row = *(const VECTOR *)(a + i * width + j);                                 \
        DMFT_UNROLL                                                                              \
        for (int k = 0; k < vectors; k++) s[k] += factors[i][k] * row;                           \
      }                                                                                          \
      DMFT_UNROLL                                                                                \
      for (int k = 0; k < vectors; k++) *(VECTOR *)(y + k * width + j) = s[k];                   \
    }                                                                                            \
    for (; j < width; j++) {                                                                     \
      DMFT_UNROLL                                                                                \
      for (int k = 0; k < vectors; k++) {                                                        \
        DMFT_UNROLL                                                                              \
        for (int i = 0; i < together; i++) y[k * width + j] += factors[i][k] * a[i * width + j]; \
      }                                                                                          \
    }                                                                                            \
  }                                                                                              \
  TARGET DMFT_INLINE void dmft_all_sums_##SUFFIX(                                                \
      int together, int vectors, long rows, long width, const double *block, const double *c,    \
      double *y) {                                                                               \
    long r = 0;                                                                                  \
    for (; r + together <= rows; r += together) {                                                \
      dmft_some_sums_##SUFFIX(together, vectors, r, rows, width, block, c, y);                   \
    }                                                                                            \
    for (; r < rows; r++) dmft_some_sums_##SUFFIX(1, vectors, r, rows, width, block, c, y);      \
  }                                                                                              \
  /* With four vectors two rows: AVX2 has not enough registers for sixteen sums. */              \
  TARGET static inline void dmft_dots_##SUFFIX(                                                  \
      int vectors, long rows, long width, const double *block, const double *x, double *out) {   \
    switch (vectors) {                                                                           \
      case 1: dmft_all_dots_##SUFFIX(4, 1, rows, width, block, x, out); break;                   \
      case 2: dmft_all_dots_##SUFFIX(4, 2, rows, width, block, x, out); break;                   \
      case 3: dmft_all_dots_##SUFFIX(4, 3, rows, width, block, x, out); break;                   \
      case 4: dmft_all_dots_##SUFFIX(2, 4, rows, width, block, x, out); break;                   \
    }                                                                                            \
  }                                                                                              \
  TARGET static inline void dmft_sums_##SUFFIX(                                                  \
      int vectors, long rows, long width, const double *block, const double *c, double *y) {     \
    switch (vectors) {                                                                           \
      case 1: dmft_all_sums_##SUFFIX(4, 1, rows, width, block, c, y); break;                     \
      case 2: dmft_all_sums_##SUFFIX(4, 2, rows, width, block, c, y); break;                     \
      case 3: dmft_all_sums_##SUFFIX(4, 3, rows, width, block, c, y); break;                     \
      case 4: dmft_all_sums_##SUFFIX(4, 4, rows, width, block, c, y); break;                     \
    }                                                                                            \
  }

DMFT_ROW_KERNELS(plain, )
DMFT_BLOCK_KERNELS(plain, , dmft_double4)

#if defined(__x86_64__)
DMFT_ROW_KERNELS(avx2, __attribute__((target("avx2,fma"))))
DMFT_BLOCK_KERNELS(avx2, __attribute__((target("avx2,fma"))), dmft_double4)
DMFT_BLOCK_KERNELS(avx512, __attribute__((target("avx512f,fma"))), dmft_double8)
static inline int dmft_has_avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#define DMFT_ROW_CALL(NAME, ...) \
  (dmft_has_avx2() ? dmft_##NAME##_avx2(__VA_ARGS__) : dmft_##NAME##_plain(__VA_ARGS__))
static inline int dmft_has_avx512(void) { return __builtin_cpu_supports("avx512f") != 0; }
#define DMFT_BLOCK_CALL(NAME, ...)                                                               \
  (dmft_has_avx512() ? dmft_##NAME##_avx512(__VA_ARGS__)                         \
                                     : DMFT_ROW_CALL(NAME, __VA_ARGS__))
#else
#define DMFT_ROW_CALL(NAME, ...) dmft_##NAME##_plain(__VA_ARGS__)
#define DMFT_BLOCK_CALL(NAME, ...) DMFT_ROW_CALL(NAME, __VA_ARGS__)
#endif

// out[k rows + r] += row_r . x_k for one to four vectors x_k and `rows` rows, all of `width`
// entries, one behind the other.
static inline void dmft_dots(
    int vectors, long rows, long width, const double *block, const double *x, double *out) {
  DMFT_BLOCK_CALL(dots, vectors, rows, width, block, x, out);
}

// y_k += sum_r c[k rows + r] row_r for one to four sums y_k, of `width` entries, one behind the
// other.
static inline void dmft_sums(
    int vectors, long rows, long width, const double *block, const double *c, double *y) {
  DMFT_BLOCK_CALL(sums, vectors, rows, width, block, c, y);
}

// out[i] = row_i . x for the eight rows of `count` entries.
static inline void dmft_dot8(
    long count, const float *const *rows, const float *x, float *out) {
  DMFT_ROW_CALL(dot8, count, rows, x, out);
}

// y += sum_i g[i] row_i for the eight rows of `count` entries.
static inline void dmft_add8(
    long count, const float *const *rows, const float *g, float *y) {
  DMFT_ROW_CALL(add8, count, rows, g, y);
}

#endif
