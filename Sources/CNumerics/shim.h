// The C libraries as Swift sees them: OpenBLAS, GSL, FFTW, NLopt and Random123 in one module.
//
// OpenBLAS comes first, and its cblas.h stands in for GSL's: linking gslcblas would silently bind
// cblas_dgemm to a naive implementation.

#ifndef MASKED_DMFT_CNUMERICS_SHIM_H
#define MASKED_DMFT_CNUMERICS_SHIM_H

#include <stdint.h>

#include <cblas.h>
#define __GSL_CBLAS_H__

#define FFTW_NO_Complex  // pairs of doubles: Swift has no C complex numbers
#include <fftw3.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_fit.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_min.h>
#include <gsl/gsl_multiroots.h>
#include <gsl/gsl_odeiv2.h>
#include <gsl/gsl_qrng.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_sf_expint.h>
#include <gsl/gsl_sf_zeta.h>
#include <gsl/gsl_statistics_double.h>
#include <gsl/gsl_version.h>

#include <nlopt.h>

#include <Random123/philox.h>

#include "philox8.h"
#include "rows.h"

// LAPACK, exported by OpenBLAS (no LAPACKE). Column-major.
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);
void dsyev_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w,
            double *work, const int *lwork, int *info);
void dgelsy_(const int *m, const int *n, const int *nrhs, double *a, const int *lda, double *b,
             const int *ldb, int *jpvt, const double *rcond, int *rank, double *work,
             const int *lwork, int *info);

// GSL's global tables need an accessor: Swift 6 sees a C global as shared mutable state.
static inline const gsl_integration_fixed_type *dmft_fixed_hermite(void) {
  return gsl_integration_fixed_hermite;
}
static inline const gsl_min_fminimizer_type *dmft_min_brent(void) {
  return gsl_min_fminimizer_brent;
}
static inline const gsl_root_fsolver_type *dmft_root_brent(void) { return gsl_root_fsolver_brent; }
static inline const gsl_multiroot_fsolver_type *dmft_multiroot_hybrids(void) {
  return gsl_multiroot_fsolver_hybrids;
}
static inline const gsl_odeiv2_step_type *dmft_ode_dopri(void) { return gsl_odeiv2_step_rk8pd; }
static inline const gsl_odeiv2_step_type *dmft_ode_fehlberg(void) {
  return gsl_odeiv2_step_rkf45;
}
static inline int dmft_bad_function(void) { return GSL_EBADFUNC; }
static inline const char *dmft_gsl_version(void) { return GSL_VERSION; }
static inline const gsl_qrng_type *dmft_qrng_sobol(void) { return gsl_qrng_sobol; }

// One Philox 4x32-10 block: four 32-bit words of the stream `key` at `counter`.
static inline void dmft_philox(uint64_t key, uint64_t high, uint64_t low, uint32_t out[4]) {
  philox4x32_key_t k = {{(uint32_t)key, (uint32_t)(key >> 32)}};
  philox4x32_ctr_t c = {
      {(uint32_t)low, (uint32_t)(low >> 32), (uint32_t)high, (uint32_t)(high >> 32)}};
  philox4x32_ctr_t r = philox4x32(c, k);
  out[0] = r.v[0];
  out[1] = r.v[1];
  out[2] = r.v[2];
  out[3] = r.v[3];
}

#endif
