#include "tools/evaluate/people_tracking.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <unordered_map>

#include "plugins/people/assignment.h"

namespace lynceus::tools {
namespace {

using people::CostTable;

constexpr double kMatch = 0.5;
constexpr double kTiny = std::numeric_limits<double>::epsilon();
constexpr double kPercent = 100;

/// One frame with ids as indices.
struct Moment {
  std::vector<std::size_t> truth, result;
  CostTable overlap{0, 0};
};

/// A sequence as matrices.
struct Sequence {
  std::vector<Moment> moments;
  std::size_t truth_ids = 0, result_ids = 0;
  std::vector<double> truth_count, result_count;  // boxes an id
};

class Numbering {
 public:
  std::size_t of(std::int64_t id) { return numbers_.try_emplace(id, numbers_.size()).first->second; }
  std::size_t size() const { return numbers_.size(); }

 private:
  std::unordered_map<std::int64_t, std::size_t> numbers_;
};

const std::vector<LabelledBox>& at(const Tracks& tracks, int frame) {
  static const std::vector<LabelledBox> none;
  const auto found = tracks.find(frame);
  return found == tracks.end() ? none : found->second;
}

void count(std::vector<double>& counts, std::size_t id) {
  if (counts.size() <= id) counts.resize(id + 1);
  ++counts[id];
}

Sequence sequence_of(const Tracks& truth, const Tracks& result) {
  std::set<int> frames;
  for (const auto& [frame, boxes] : truth) frames.insert(frame);
  for (const auto& [frame, boxes] : result) frames.insert(frame);
  Sequence out;
  Numbering truths, results;
  for (const int frame : frames) {
    const auto &real = at(truth, frame), &ours = at(result, frame);
    Moment m;
    m.overlap = CostTable(real.size(), ours.size());
    for (const LabelledBox& b : real) m.truth.push_back(truths.of(b.id)), count(out.truth_count, m.truth.back());
    for (const LabelledBox& b : ours) m.result.push_back(results.of(b.id)), count(out.result_count, m.result.back());
    for (std::size_t r = 0; r < real.size(); ++r) {
      for (std::size_t c = 0; c < ours.size(); ++c) m.overlap(r, c) = box_overlap(real[r].box, ours[c].box);
    }
    out.moments.push_back(std::move(m));
  }
  out.truth_ids = truths.size();
  out.result_ids = results.size();
  return out;
}

/// Columns that make the sum of scores greatest; every row gets one as long as there are any.
std::vector<int> best(const CostTable& score) {
  double greatest = 1;
  for (std::size_t r = 0; r < score.rows(); ++r) {
    for (std::size_t c = 0; c < score.columns(); ++c) greatest = std::max(greatest, score(r, c));
  }
  CostTable cost(score.rows(), score.columns());
  for (std::size_t r = 0; r < score.rows(); ++r) {
    for (std::size_t c = 0; c < score.columns(); ++c) cost(r, c) = -score(r, c);
  }
  return people::assign(cost, greatest + 1);
}

/// Who was matched keeps his match while it holds, then the greatest overlap counts.
void add_clear(const Sequence& s, TrackingFigures& out) {
  constexpr std::size_t nobody = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> ever(s.truth_ids, nobody), before(s.truth_ids, nobody);
  for (const Moment& m : s.moments) {
    CostTable score(m.truth.size(), m.result.size());
    for (std::size_t r = 0; r < score.rows(); ++r) {
      for (std::size_t c = 0; c < score.columns(); ++c) {
        if (m.overlap(r, c) < kMatch - kTiny) continue;
        score(r, c) = m.overlap(r, c) + (before[m.truth[r]] == m.result[c] ? 1000 : 0);
      }
    }
    const std::vector<int> column = best(score);
    std::fill(before.begin(), before.end(), nobody);
    for (std::size_t r = 0; r < score.rows(); ++r) {
      if (column[r] < 0 || score(r, std::size_t(column[r])) <= kTiny) continue;
      const std::size_t id = m.result[std::size_t(column[r])], who = m.truth[r];
      out.switches += ever[who] != nobody && ever[who] != id;
      ever[who] = before[who] = id;
      ++out.matches;
      out.overlap += m.overlap(r, std::size_t(column[r]));
    }
  }
}

void add_identities(const Sequence& s, TrackingFigures& out) {
  CostTable together(s.truth_ids, s.result_ids);
  for (const Moment& m : s.moments) {
    for (std::size_t r = 0; r < m.truth.size(); ++r) {
      for (std::size_t c = 0; c < m.result.size(); ++c) together(m.truth[r], m.result[c]) += m.overlap(r, c) >= kMatch;
    }
  }
  const std::vector<int> column = best(together);
  for (std::size_t r = 0; r < column.size(); ++r) {
    if (column[r] >= 0) out.id_true_positives += together(r, std::size_t(column[r]));
  }
}

/// How well two ids agree over the whole sequence.
CostTable alignment(const Sequence& s) {
  CostTable shared(s.truth_ids, s.result_ids);
  for (const Moment& m : s.moments) {
    std::vector<double> row(m.truth.size()), col(m.result.size());
    for (std::size_t r = 0; r < row.size(); ++r) {
      for (std::size_t c = 0; c < col.size(); ++c) row[r] += m.overlap(r, c), col[c] += m.overlap(r, c);
    }
    for (std::size_t r = 0; r < row.size(); ++r) {
      for (std::size_t c = 0; c < col.size(); ++c) {
        const double rest = row[r] + col[c] - m.overlap(r, c);
        if (rest > kTiny) shared(m.truth[r], m.result[c]) += m.overlap(r, c) / rest;
      }
    }
  }
  for (std::size_t r = 0; r < s.truth_ids; ++r) {
    for (std::size_t c = 0; c < s.result_ids; ++c) {
      shared(r, c) /= std::max(1.0, s.truth_count[r] + s.result_count[c] - shared(r, c));
    }
  }
  return shared;
}

double alpha(int i) { return 0.05 * (i + 1); }

void add_hota(const Sequence& s, TrackingFigures& out) {
  const CostTable aligned = alignment(s);
  std::vector<CostTable> matched(TrackingFigures::kAlphas, CostTable(s.truth_ids, s.result_ids));
  for (const Moment& m : s.moments) {
    CostTable score(m.truth.size(), m.result.size());
    for (std::size_t r = 0; r < score.rows(); ++r) {
      for (std::size_t c = 0; c < score.columns(); ++c)
        score(r, c) = aligned(m.truth[r], m.result[c]) * m.overlap(r, c);
    }
    const std::vector<int> column = best(score);
    for (std::size_t r = 0; r < score.rows(); ++r) {
      if (column[r] < 0) continue;
      const std::size_t c = std::size_t(column[r]);
      for (int a = 0; a < TrackingFigures::kAlphas; ++a) {
        if (m.overlap(r, c) >= alpha(a) - kTiny) ++matched[std::size_t(a)](m.truth[r], m.result[c]);
      }
    }
  }
  for (std::size_t a = 0; a < matched.size(); ++a) {
    for (std::size_t r = 0; r < s.truth_ids; ++r) {
      for (std::size_t c = 0; c < s.result_ids; ++c) {
        const double n = matched[a](r, c);
        out.found[a] += n;
        out.association[a] += n * n / std::max(1.0, s.truth_count[r] + s.result_count[c] - n);
      }
    }
  }
}

}  // namespace

double box_overlap(const cv::Rect2d& a, const cv::Rect2d& b) {
  const double w = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x);
  const double h = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y);
  if (!(w > 0) || !(h > 0)) return 0;
  const double both = w * h, all = a.width * a.height + b.width * b.height - both;
  return all > 0 ? both / all : 0;
}

TrackingFigures& TrackingFigures::operator+=(const TrackingFigures& o) {
  truths += o.truths, results += o.results, matches += o.matches, overlap += o.overlap, switches += o.switches;
  id_true_positives += o.id_true_positives;
  for (std::size_t a = 0; a < found.size(); ++a) found[a] += o.found[a], association[a] += o.association[a];
  return *this;
}

double TrackingFigures::mota() const { return kPercent * (matches - (results - matches) - switches) / truths; }
double TrackingFigures::motp() const { return kPercent * overlap / matches; }
double TrackingFigures::idf1() const { return kPercent * 2 * id_true_positives / (truths + results); }
double TrackingFigures::hota() const {
  double sum = 0;
  for (std::size_t a = 0; a < found.size(); ++a) {
    const double detection = found[a] / std::max(1.0, truths + results - found[a]);
    sum += std::sqrt(detection * association[a] / std::max(1.0, found[a]));
  }
  return kPercent * sum / kAlphas;
}

TrackingFigures tracking_figures(const Tracks& truth, const Tracks& result) {
  const Sequence s = sequence_of(truth, result);
  TrackingFigures out;
  for (const double n : s.truth_count) out.truths += n;
  for (const double n : s.result_count) out.results += n;
  add_clear(s, out);
  add_identities(s, out);
  add_hota(s, out);
  return out;
}

}  // namespace lynceus::tools
