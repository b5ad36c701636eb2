// Pictures one after another, none dropped, at the reader's pace: for `lynceus analyze` and tests.
// Opens images (JPEG, PNG, TIFF, BMP), folders and globs of them, video files, and live URLs. Thread: one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugins/sdk/frame.h"

namespace lynceus::ingest {

/// One picture and what to call it.
struct Picture {
  std::string input;  ///< the path given, or found in the folder
  std::int64_t frame = 0;
  double time_s = 0;
  sdk::FramePtr picture;
};

class Reader {
 public:
  virtual ~Reader() = default;
  /// The next picture; nothing at the end. Throws Error (Exit::unreadable) for a picture or stream that cannot be read;
  /// next() may be called again and goes on with what follows.
  virtual std::optional<Picture> next() = 0;
  virtual bool is_video() const = 0;
  virtual double fps() const = 0;  ///< 0: unknown
};

enum class InputKind { image, folder, video, live };
InputKind kind_of(const std::string& input);

/// Throws Error (Exit::unreadable).
std::unique_ptr<Reader> open_reader(const std::string& input);

/// The pictures of a folder in natural order (2 before 10).
std::vector<std::string> pictures_of(const std::string& folder);

}  // namespace lynceus::ingest
