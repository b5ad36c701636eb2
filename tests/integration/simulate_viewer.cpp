#include "tests/integration/simulate_viewer.h"

#include <cstdint>
#include <functional>
#include <numeric>
#include <string_view>

namespace lynceus::test {

Viewer::Viewer(const std::string& url, const std::string& protocols) {
  gst::init();
  pipeline_.reset(
      gst_parse_launch(("rtspsrc name=src latency=0 protocols=" + protocols +
                        " ! decodebin ! videoconvert ! video/x-raw,format=GRAY8 ! appsink name=out sync=false")
                           .c_str(),
                       nullptr));
  const gst::ElementPtr source(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "src"));
  g_object_set(source.get(), "location", url.c_str(), nullptr);
  const gst::ElementPtr sink(gst_bin_get_by_name(GST_BIN(pipeline_.get()), "out"));
  GstAppSinkCallbacks callbacks{};
  callbacks.new_sample = on_sample;
  gst_app_sink_set_callbacks(GST_APP_SINK(sink.get()), &callbacks, this, nullptr);
  const gst::BusPtr bus(gst_element_get_bus(pipeline_.get()));
  gst_bus_set_sync_handler(bus.get(), on_message, this, nullptr);
  gst_element_set_state(pipeline_.get(), GST_STATE_PLAYING);
}

Viewer::~Viewer() { gst_element_set_state(pipeline_.get(), GST_STATE_NULL); }

GstBusSyncReply Viewer::on_message(GstBus*, GstMessage* message, gpointer self) {
  if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR || GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS) {
    auto* viewer = static_cast<Viewer*>(self);
    std::lock_guard lock(viewer->mutex_);
    viewer->seen_.ended = true;
    viewer->changed_.notify_all();
  }
  gst_message_unref(message);
  return GST_BUS_DROP;
}

GstFlowReturn Viewer::on_sample(GstAppSink* sink, gpointer self) {
  const gst::SamplePtr sample(gst_app_sink_pull_sample(sink));
  if (sample) static_cast<Viewer*>(self)->look(sample.get());
  return GST_FLOW_OK;
}

void Viewer::look(GstSample* sample) {
  GstMapInfo map;
  GstBuffer* buffer = gst_sample_get_buffer(sample);
  if (!buffer || !gst_buffer_map(buffer, &map, GST_MAP_READ)) return;
  const auto hash = std::hash<std::string_view>{}({reinterpret_cast<const char*>(map.data), map.size});
  const auto sum = std::accumulate(map.data, map.data + map.size, std::uint64_t{0});
  {
    std::lock_guard lock(mutex_);
    ++seen_.frames;
    seen_.repeats += hash == before_;
    before_ = hash;
    seen_.mean_luma = map.size ? static_cast<int>(sum / map.size) : 0;
    const GstStructure* caps = gst_caps_get_structure(gst_sample_get_caps(sample), 0);
    gst_structure_get_int(caps, "width", &seen_.width);
    gst_structure_get_int(caps, "height", &seen_.height);
  }
  gst_buffer_unmap(buffer, &map);
  changed_.notify_all();
}

bool Viewer::wait(std::chrono::seconds within, const std::function<bool(const Seen&)>& so) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, within, [&] { return so(seen_); });
}

Seen Viewer::seen() const {
  std::lock_guard lock(mutex_);
  return seen_;
}

}  // namespace lynceus::test
