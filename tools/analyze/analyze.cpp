#include "tools/analyze/analyze.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "tools/analyze/line.h"
#include "tools/analyze/output.h"
#include "tools/analyze/plan.h"
#include "tools/analyze/restamped.h"
#include "tools/analyze/session.h"
#include "tools/analyze/setup.h"
#include "tools/command/arguments.h"
#include "tools/command/progress.h"

namespace lynceus::tools {
namespace {

const Usage kUsage{
    "analyze",
    "PLUGIN INPUT…",
    "Runs one plugin on images, folders or globs of images, video files, rtsp:// URLs, v4l2:///dev/videoN:\n"
    "one JSON object a frame on stdout. Exit 3 when some input could not be read.",
    {{"--config", "FILE",
      "take options from this file: of a camera, with its zones and ground, or the plugin's section alone"},
     {"--camera", "ID", "which camera of the file (the first that runs the plugin)"},
     {"--set", "KEY=VALUE", "one option of the plugin, value as JSON; may be repeated"},
     {"--out", "DIR", "write annotated pictures, views and videos there"},
     {"--limit", "N", "end after N frames in all"},
     {"--sequence", "", "pictures of a folder, or files given, follow each other in time"},
     {"--stills", "", "pictures have nothing to do with each other"},
     {"--plugins", "DIR", "folder of the plugins (beside the program, else the installed one)"},
     {"--models", "DIR", "folder of the models (likewise)"},
     {"--verbose", "", "log lines on stderr"},
     {"--json", "", "accepted; it is JSON anyway"}},
    "lynceus analyze health --set frozen_after=10s --out /tmp/seen yard.mp4",
    2};

constexpr int kMostUnreadable = 10'000;

Relation relation_of(const Arguments& args) {
  if (args.has("--sequence") && args.has("--stills"))
    throw Error(Exit::usage, "analyze", "--stills", "or --sequence, not both");
  if (args.has("--sequence")) return Relation::sequence;
  return args.has("--stills") ? Relation::stills : Relation::by_kind;
}

SetupRequest request_of(const Arguments& args) {
  SetupRequest request;
  request.plugin = args.rest()[0];
  request.config = args.text("--config").value_or("");
  request.camera = args.text("--camera").value_or("");
  request.sets = args.all("--set");
  request.plugins_dir = args.text("--plugins").value_or("");
  request.models_dir = args.text("--models").value_or("");
  return request;
}

/// Goes through the jobs; what cannot be read or analysed is said and passed over.
class Run {
 public:
  Run(const Setup& setup, std::optional<Output>& output, std::int64_t limit, std::int64_t expected)
      : setup_(setup), output_(output), left_(limit), progress_(std::min(limit, expected)) {}

  void job(const Job& job) {
    std::unique_ptr<Session> session;  // of a sequence
    std::int64_t frame = 0;
    for (const std::string& input : job.inputs) {
      if (left_ == 0) break;
      try {
        read(job, input, session, frame);
      } catch (const Error& error) {
        if (error.exit() != Exit::unreadable) throw;
        complain(error);
      }
    }
    if (output_) output_->finish();
  }
  int exit_code() const { return static_cast<int>(worst_); }

 private:
  void read(const Job& job, const std::string& input, std::unique_ptr<Session>& session, std::int64_t& frame) {
    const auto reader = ingest::open_reader(input);
    if (output_) output_->begin(input, job.kind, reader->fps());
    int unreadable = 0;  // in a row
    while (left_ != 0) {
      std::optional<ingest::Picture> picture;
      try {
        picture = reader->next();
      } catch (const Error& error) {
        if (error.exit() != Exit::unreadable) throw;
        complain(error);
        if (++unreadable > kMostUnreadable) return;
        continue;
      }
      if (!picture) return;
      unreadable = 0;
      if (job.still || !session) session = std::make_unique<Session>(setup_, job.still);
      if (job.inputs.size() > 1 || (job.kind == ingest::InputKind::folder && asked_for(job))) restamp(*picture, frame);
      const bool counts = !job.still || job.kind == ingest::InputKind::video;
      show(*picture, counts ? frame : 0, *session);
      ++frame;
      if (!job.still && session->disabled()) return;
    }
  }

  /// A sequence for no other reason than --sequence: nobody knows its frame rate.
  bool asked_for(const Job& job) const { return !job.still && !setup_.plugin->info().folder_is_sequence; }

  void show(const ingest::Picture& picture, std::int64_t frame, Session& session) {
    --left_;
    const auto report = session.process(picture.picture);
    if (report) {
      progress_.clear();
      print_line(frame_line(picture, frame, *report));
      if (output_) output_->write(picture, frame, *report);
    } else {
      complain(Error(Exit::fatal, "analyze", picture.input, session.why()));
    }
    progress_.step();
  }

  void complain(const Error& error) {
    progress_.clear();
    std::fprintf(stderr, "lynceus: %s\n", log::redact(error.what()).c_str());
    if (worst_ != Exit::fatal) worst_ = error.exit();
  }

  const Setup& setup_;
  std::optional<Output>& output_;
  std::int64_t left_;
  Progress progress_;
  Exit worst_ = Exit::done;
};

}  // namespace

int run_analyze(std::span<const std::string> given) {
  const Arguments args(kUsage, given);
  if (args.help()) return 0;
  if (!args.has("--verbose")) log::capture([](std::string_view) {});
  constexpr double kMany = 1e15;
  const auto limit = std::int64_t(args.number("--limit", kMany, 1, kMany));
  const Relation relation = relation_of(args);
  const Setup setup = make_setup(request_of(args));
  const auto jobs = plan_jobs(std::span(args.rest()).subspan(1), relation, setup.plugin->info().folder_is_sequence);
  std::optional<Output> output;
  if (const auto folder = args.text("--out")) output.emplace(*folder);
  Run run(setup, output, limit, expected_pictures(jobs));
  for (const Job& job : jobs) run.job(job);
  return run.exit_code();
}

}  // namespace lynceus::tools
