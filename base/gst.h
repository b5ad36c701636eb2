// RAII for the foreign handles of GLib and GStreamer. Each type owns exactly one reference.
#pragma once

#include <gst/gst.h>

#include <memory>
#include <string>

namespace lynceus::gst {

struct Unref {
  void operator()(GstObject* p) const { gst_object_unref(p); }
  void operator()(GstElement* p) const { gst_object_unref(p); }
  void operator()(GstBus* p) const { gst_object_unref(p); }
  void operator()(GstPad* p) const { gst_object_unref(p); }
  void operator()(GstCaps* p) const { gst_caps_unref(p); }
  void operator()(GstSample* p) const { gst_sample_unref(p); }
  void operator()(GstBuffer* p) const { gst_buffer_unref(p); }
  void operator()(GstMessage* p) const { gst_message_unref(p); }
  void operator()(GstElementFactory* p) const { gst_object_unref(p); }
  void operator()(GError* p) const { g_error_free(p); }
  void operator()(gchar* p) const { g_free(p); }
};

template <class T>
using Ptr = std::unique_ptr<T, Unref>;

using ElementPtr = Ptr<GstElement>;
using BusPtr = Ptr<GstBus>;
using PadPtr = Ptr<GstPad>;
using CapsPtr = Ptr<GstCaps>;
using SamplePtr = Ptr<GstSample>;
using BufferPtr = Ptr<GstBuffer>;
using MessagePtr = Ptr<GstMessage>;
using ErrorPtr = Ptr<GError>;
using TextPtr = Ptr<gchar>;

/// gst_init once, with GStreamer's log handler routed into our redacting sink. Thread: any; idempotent.
void init();

/// True when this element can be made here.
bool have_element(const char* factory);

}  // namespace lynceus::gst
