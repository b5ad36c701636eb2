#include "base/gst.h"

#include <atomic>
#include <mutex>

#include "base/clock.h"
#include "base/log.h"

namespace lynceus::gst {
namespace {

double now_s() { return std::chrono::duration<double>(system_clock().now().time_since_epoch()).count(); }

/// GStreamer's own words quote URLs with their credentials; they pass through our sink, which redacts.
void on_gst_message(GstDebugCategory* category, GstDebugLevel level, const gchar*, const gchar*, gint, GObject*,
                    GstDebugMessage* message, gpointer) {
  static std::mutex mutex;
  static log::Limiter limiter(0.1);
  {
    std::lock_guard lock(mutex);
    if (!limiter.allow(now_s())) return;
  }
  const auto ours = level <= GST_LEVEL_ERROR ? log::Level::warning : log::Level::debug;
  const gchar* text = gst_debug_message_get(message);
  log::write(ours, "gstreamer", text ? text : "", {{"category", gst_debug_category_get_name(category)}});
}

void on_glib_message(const gchar* domain, GLogLevelFlags level, const gchar* message, gpointer) {
  const bool serious = (level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) != 0;
  log::write(serious ? log::Level::warning : log::Level::debug, "glib", message ? message : "",
             {{"domain", domain ? domain : ""}});
}

}  // namespace

void init() {
  static std::once_flag once;
  std::call_once(once, [] {
    gst_debug_remove_log_function(gst_debug_log_default);
    gst_init(nullptr, nullptr);
    gst_debug_remove_log_function(gst_debug_log_default);
    gst_debug_add_log_function(on_gst_message, nullptr, nullptr);
    g_log_set_default_handler(on_glib_message, nullptr);
  });
}

bool have_element(const char* factory) {
  init();
  GstElementFactory* found = gst_element_factory_find(factory);
  if (!found) return false;
  gst_object_unref(found);
  return true;
}

}  // namespace lynceus::gst
