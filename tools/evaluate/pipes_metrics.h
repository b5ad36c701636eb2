// What a confusion matrix of pipe diagnoses says: per kind and as means over the kinds that occur in the truth.
//
//   PipesConfusion c;   c.add("normal", "insulation_damaged", 3);   c.macro().f1
// A kind that is never diagnosed has precision 0; a diagnosis outside the truth's kinds is a miss of the true one.
// Thread: bound to its owner.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tools/command/json_lines.h"

namespace lynceus::tools {

/// Shares, 0..1. `accuracy` is one-versus-rest.
struct ClassFigures {
  double accuracy = 0, precision = 0, recall = 0, f1 = 0;
};

class PipesConfusion {
 public:
  void add(const std::string& actual, const std::string& diagnosed, int times = 1);
  void add(const PipesConfusion& other);

  int total() const;
  int count(const std::string& actual, const std::string& diagnosed) const;
  /// The truth's kinds, in the order normal, damaged, missing, no_pipe, unreadable.
  std::vector<std::string> kinds() const;
  std::vector<std::string> diagnosed_kinds() const;
  ClassFigures of(const std::string& kind) const;
  ClassFigures macro() const;
  double accuracy() const;  ///< correct / all
  /// Wilson's 95 % interval of accuracy().
  std::pair<double, double> interval() const;
  /// confusion, per_class, macro_f1, accuracy …
  Json json() const;

 private:
  std::map<std::string, std::map<std::string, int>> counts_;
};

/// The patent's own matrices: 208 pictures of the laboratory, 124 of the field.
PipesConfusion patent_laboratory();
PipesConfusion patent_field();

}  // namespace lynceus::tools
