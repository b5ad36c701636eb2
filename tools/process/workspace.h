// A folder of this run's own, gone with it. Thread: bound to its owner.
//
//   const Workspace here("demo");   write(here.file("lynceus.yaml"));
#pragma once

#include <string>

namespace lynceus::tools {

class Workspace {
 public:
  /// `command`: whose it is, for the folder's name and for errors. Throws Error (Exit::fatal).
  explicit Workspace(const std::string& command);
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  std::string file(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace lynceus::tools
