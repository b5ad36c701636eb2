#include "pipeline/ingest/typed_stream.h"

#include <chrono>
#include <fstream>
#include <future>
#include <string>

#include "base/gst.h"
#include "pipeline/ingest/gst_session.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"

using namespace lynceus::ingest;
using namespace std::chrono_literals;
namespace gst = lynceus::gst;

namespace {

/// Bytes whose kind is found at once and which an element takes that reads a file where it likes (in pull mode).
void write_avi(const std::string& path) {
  std::ofstream(path) << "RIFF" << std::string("\0\x10\0\0", 4) << "AVI LIST" << std::string(4096, '\0');
}

struct Added {
  GstElement* pipeline;
  std::promise<bool> skipped;
};

/// On the streaming thread, between adding an element and bringing it up: here comes whoever changes the bin's state.
void change_state(GstBin*, GstElement* element, gpointer data) {
  auto& added = *static_cast<Added*>(data);
  auto changed = std::async(std::launch::async, [&] { gst_element_set_state(added.pipeline, GST_STATE_PLAYING); });
  const bool done = changed.wait_for(20s) == std::future_status::ready;
  added.skipped.set_value(done && GST_STATE(element) == GST_STATE_NULL);
}

}  // namespace

TEST_CASE("a pipeline that changes its state while a stream is taken apart waits for nobody") {
  gst::init();
  const lynceus::test::TempFolder folder;
  write_avi(folder / "a.avi");
  const PipelinePtr pipeline = make_pipeline();
  GstElement* source = make_element("filesrc");
  g_object_set(source, "location", (folder / "a.avi").c_str(), nullptr);
  append_typed_stream(
      GST_BIN(pipeline.get()), source, [](GstPad*, const Codec&) {}, [](const Failure&) {});
  Added added{pipeline.get(), {}};
  auto skipped = added.skipped.get_future();
  g_signal_connect(pipeline.get(), "element-added", G_CALLBACK(change_state), &added);

  gst_element_set_state(pipeline.get(), GST_STATE_READY);
  const gst::PadPtr found(gst_element_get_static_pad(source, "src"));
  const gst::PadPtr peer(gst_pad_get_peer(found.get()));
  const gst::ElementPtr typefind(gst_pad_get_parent_element(peer.get()));
  gst_element_set_state(typefind.get(), GST_STATE_PAUSED);  // its thread starts, as the first of the pipeline

  REQUIRE(skipped.wait_for(60s) == std::future_status::ready);
  CHECK(skipped.get());
  gst_element_set_state(pipeline.get(), GST_STATE_NULL);
}
