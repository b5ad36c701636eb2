#include "plugins/context/axis_plan.h"

#include <cmath>
#include <complex>
#include <map>
#include <mutex>
#include <numbers>
#include <stdexcept>
#include <utility>

#include "plugins/context/strip_tables.h"

namespace lynceus::context {
namespace {

using Complex = std::complex<double>;

constexpr std::size_t kMostCached = 32;

/// exp(-2 pi i part / whole)
Complex turn_by(double part, double whole) { return std::polar(1.0, -2 * std::numbers::pi * part / whole); }

template <class S>
void append(std::vector<S>& to, Complex value) {
  to.push_back(static_cast<S>(value.real()));
  to.push_back(static_cast<S>(value.imag()));
}

/// Factors in the order of the passes; what is left over is the last one, 1 when nothing is.
std::vector<int> factors_of(int n, int& left) {
  std::vector<int> factors;
  for (const int p : {4, 2, 3, 5, 7, 11, 13}) {
    for (; n % p == 0; n /= p) factors.push_back(p);
  }
  left = n;
  return factors;
}

/// The discrete Fourier transform by its recursion, for tables; lengths of small factors only.
std::vector<Complex> fourier(const std::vector<Complex>& values) {
  const std::size_t n = values.size();
  if (n == 1) return values;
  std::size_t p = 2;
  while (n % p != 0) ++p;
  std::vector<std::vector<Complex>> parts(p);
  for (std::size_t i = 0; i < n; ++i) parts[i % p].push_back(values[i]);
  for (auto& part : parts) part = fourier(part);
  std::vector<Complex> out(n);
  for (std::size_t k = 0; k < n; ++k) {
    for (std::size_t j = 0; j < p; ++j) out[k] += parts[j][k % (n / p)] * turn_by(double(j * k % n), double(n));
  }
  return out;
}

bool is_quick(int n) {
  for (const int p : {2, 3, 5}) {
    while (n % p == 0) n /= p;
  }
  return n == 1;
}

}  // namespace

int quick_length(int n, bool even) {
  while (!is_quick(n) || (even && n % 2 != 0)) ++n;
  return n;
}

/// The FFT's tables. They stay where they are: views point into them.
template <class S>
struct AxisPlan<S>::Fft {
  explicit Fft(int n) {
    view.n = n;
    int left = 1;
    const std::vector<int> factors = factors_of(n, left);
    left == 1 ? make_passes(factors) : make_convolution();
  }
  Fft(const Fft&) = delete;
  Fft& operator=(const Fft&) = delete;

  void make_passes(const std::vector<int>& factors) {
    tables.reserve(2 * factors.size());
    int n = view.n;
    for (const int p : factors) {
      StageView<S> stage;
      stage.radix = p;
      stage.count = n / p;
      stage.twiddles = add_twiddles(n, p);
      if (p > 5) stage.roots = add_roots(p);
      stages.push_back(stage);
      n /= p;
    }
    view.stages = static_cast<int>(stages.size());
    view.stage = stages.data();
  }

  const S* add_twiddles(int n, int p) {
    std::vector<S>& table = tables.emplace_back();
    for (int k = 0; k < n / p; ++k) {
      for (int r = 1; r < p; ++r) append(table, turn_by(double(k) * r, n));
    }
    return table.data();
  }

  const S* add_roots(int p) {
    std::vector<S>& table = tables.emplace_back();
    for (int r = 0; r < p; ++r) append(table, turn_by(r, p));
    return table.data();
  }

  void make_convolution() {
    inner = std::make_unique<Fft>(quick_length(2 * view.n - 1));
    tables.reserve(2);
    std::vector<S>& chirp = tables.emplace_back();
    std::vector<Complex> filter(std::size_t(inner->view.n));
    for (long long i = 0; i < view.n; ++i) {
      const Complex turned = turn_by(double(i * i % (2LL * view.n)), 2.0 * view.n);
      append(chirp, turned);
      filter[std::size_t(i)] = std::conj(turned);
      if (i > 0) filter[filter.size() - std::size_t(i)] = std::conj(turned);
    }
    std::vector<S>& spectrum = tables.emplace_back();
    for (const Complex& value : fourier(filter)) append(spectrum, value / double(inner->view.n));
    view.inner = &inner->view;
    view.chirp = chirp.data();
    view.spectrum = spectrum.data();
  }

  FftView<S> view;
  std::vector<std::vector<S>> tables;
  std::vector<StageView<S>> stages;
  std::unique_ptr<Fft> inner;
};

template <class S>
AxisPlan<S>::AxisPlan(int n, Ends ends) {
  const bool alike = ends == Ends::even || ends == Ends::odd;
  if (n < 1 || (!alike && n % 2 != 0)) throw std::invalid_argument("a transform of this length is not possible");
  fft_ = std::make_shared<const Fft>(alike ? n : n / 2);
  view_.n = n;
  view_.ends = ends;
  view_.fft = fft_->view;
  fill_turns();
  fill_eigenvalues();
}

template <class S>
void AxisPlan<S>::fill_turns() {
  const int n = view_.n;
  if (view_.ends == Ends::even || view_.ends == Ends::odd) {
    for (int k = 0; k <= n / 2; ++k) append(turn_, std::conj(turn_by(k, 4.0 * n)));  // cosine and sine of pi k / 2n
  } else {
    for (int k = 0; k < n / 2; ++k) append(turn_, turn_by(8.0 * k + 1, 16.0 * n));
  }
  view_.turn = turn_.data();
}

template <class S>
void AxisPlan<S>::fill_eigenvalues() {
  const int n = view_.n;
  constexpr double pi = std::numbers::pi;
  for (int k = 0; k < n; ++k) {
    double eigen = 0;
    switch (view_.ends) {
      case Ends::even:
        eigen = 2 * std::cos(pi * k / n) - 2;
        break;
      case Ends::odd:
        eigen = -2 * std::cos(pi * k / n) - 2;
        break;  // the spectrum comes in falling order
      default:
        eigen = 2 * std::cos(pi * (2 * k + 1) / (2.0 * n)) - 2;
        break;
    }
    eigen_.push_back(static_cast<S>(eigen));
  }
  eigen_.resize(std::size_t((n + kStrip - 1) / kStrip * kStrip), S(-1));
  view_.eigen = eigen_.data();
}

template <class S>
std::size_t AxisPlan<S>::scratch_pairs() const {
  const int n = view_.fft.inner ? view_.fft.inner->n : view_.fft.n;
  return 2 * std::size_t(n > view_.n ? n : view_.n);
}

template <class S>
double AxisPlan<S>::gain() const {
  return view_.ends == Ends::even || view_.ends == Ends::odd ? view_.n : view_.n / 2.0;
}

template <class S>
std::shared_ptr<const AxisPlan<S>> AxisPlan<S>::shared(int n, Ends ends) {
  static std::mutex mutex;
  static std::map<std::pair<int, Ends>, std::shared_ptr<const AxisPlan>> plans;  // guarded by mutex
  std::lock_guard lock(mutex);
  auto& plan = plans[{n, ends}];
  if (!plan) plan = std::make_shared<const AxisPlan>(n, ends);
  const auto found = plan;
  if (plans.size() > kMostCached) {
    std::erase_if(plans, [](const auto& entry) { return entry.second.use_count() == 1; });
  }
  return found;
}

bool has_avx2() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return false;
#endif
}

template <>
const StripKernels<float>& strip_kernels<float>() {
  static const bool wide = has_avx2();
  return wide ? kAvx2Float : kBaseFloat;
}

template <>
const StripKernels<double>& strip_kernels<double>() {
  static const bool wide = has_avx2();
  return wide ? kAvx2Double : kBaseDouble;
}

template class AxisPlan<float>;
template class AxisPlan<double>;

}  // namespace lynceus::context
