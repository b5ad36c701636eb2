#include "tools/evaluate/pipes_metrics.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lynceus::tools {
namespace {

constexpr std::array<const char*, 5> kOrder{"normal", "insulation_damaged", "insulation_missing", "no_pipe",
                                            "unreadable"};

double share(double part, double of) { return of > 0 ? part / of : 0; }

}  // namespace

void PipesConfusion::add(const std::string& actual, const std::string& diagnosed, int times) {
  counts_[actual][diagnosed] += times;
}

void PipesConfusion::add(const PipesConfusion& other) {
  for (const auto& [actual, row] : other.counts_) {
    for (const auto& [diagnosed, n] : row) add(actual, diagnosed, n);
  }
}

int PipesConfusion::count(const std::string& actual, const std::string& diagnosed) const {
  const auto row = counts_.find(actual);
  if (row == counts_.end()) return 0;
  const auto cell = row->second.find(diagnosed);
  return cell == row->second.end() ? 0 : cell->second;
}

int PipesConfusion::total() const {
  int sum = 0;
  for (const auto& [actual, row] : counts_) {
    for (const auto& [diagnosed, n] : row) sum += n;
  }
  return sum;
}

std::vector<std::string> PipesConfusion::kinds() const {
  std::vector<std::string> out;
  for (const char* kind : kOrder) {
    if (counts_.count(kind) != 0) out.emplace_back(kind);
  }
  for (const auto& [actual, row] : counts_) {
    if (std::find(out.begin(), out.end(), actual) == out.end()) out.push_back(actual);
  }
  return out;
}

std::vector<std::string> PipesConfusion::diagnosed_kinds() const {
  std::vector<std::string> out = kinds();
  for (const char* kind : kOrder) {
    const bool seen =
        std::any_of(counts_.begin(), counts_.end(), [&](const auto& row) { return row.second.count(kind) != 0; });
    if (seen && std::find(out.begin(), out.end(), kind) == out.end()) out.emplace_back(kind);
  }
  return out;
}

ClassFigures PipesConfusion::of(const std::string& kind) const {
  double right = 0, actual = 0, diagnosed = 0;
  for (const auto& [truth, row] : counts_) {
    for (const auto& [said, n] : row) {
      if (truth == kind) actual += n;
      if (said == kind) diagnosed += n;
      if (truth == kind && said == kind) right += n;
    }
  }
  ClassFigures out;
  out.precision = share(right, diagnosed);
  out.recall = share(right, actual);
  out.f1 = share(2 * out.precision * out.recall, out.precision + out.recall);
  const double wrong = (actual - right) + (diagnosed - right);
  out.accuracy = share(total() - wrong, total());
  return out;
}

ClassFigures PipesConfusion::macro() const {
  ClassFigures out;
  const auto all = kinds();
  for (const std::string& kind : all) {
    const ClassFigures one = of(kind);
    out.accuracy += one.accuracy, out.precision += one.precision, out.recall += one.recall, out.f1 += one.f1;
  }
  const auto n = std::max(1.0, double(all.size()));
  return {out.accuracy / n, out.precision / n, out.recall / n, out.f1 / n};
}

double PipesConfusion::accuracy() const {
  double right = 0;
  for (const std::string& kind : kinds()) right += count(kind, kind);
  return share(right, total());
}

std::pair<double, double> PipesConfusion::interval() const {
  constexpr double kZ = 1.959964;
  const double n = total(), p = accuracy();
  if (n == 0) return {0, 1};
  const double middle = (p + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half = kZ * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n)) / (1 + kZ * kZ / n);
  return {middle - half, middle + half};
}

Json PipesConfusion::json() const {
  const auto figures = [](const ClassFigures& f) {
    return Json{{"accuracy", f.accuracy}, {"precision", f.precision}, {"recall", f.recall}, {"f1", f.f1}};
  };
  Json out;
  out["pictures"] = total();
  out["confusion"] = Json::object();
  for (const std::string& kind : kinds()) {
    Json row = Json::object();
    for (const std::string& said : diagnosed_kinds()) {
      if (count(kind, said) > 0) row[said] = count(kind, said);
    }
    out["confusion"][kind] = row;
  }
  out["per_class"] = Json::object();
  for (const std::string& kind : kinds()) out["per_class"][kind] = figures(of(kind));
  out["macro"] = figures(macro());
  out["macro_f1"] = macro().f1;
  out["accuracy"] = accuracy();
  out["accuracy_interval"] = {interval().first, interval().second};
  return out;
}

PipesConfusion patent_laboratory() {
  PipesConfusion c;
  c.add("normal", "normal", 61);
  c.add("normal", "insulation_damaged", 3);
  c.add("insulation_damaged", "normal", 3);
  c.add("insulation_damaged", "insulation_damaged", 98);  // the scan prints 3; the column's total makes it 98
  c.add("insulation_missing", "insulation_missing", 43);
  return c;
}

PipesConfusion patent_field() {
  PipesConfusion c;
  c.add("normal", "normal", 23);
  c.add("normal", "insulation_damaged", 4);
  c.add("insulation_damaged", "normal", 5);
  c.add("insulation_damaged", "insulation_damaged", 92);
  return c;
}

}  // namespace lynceus::tools
