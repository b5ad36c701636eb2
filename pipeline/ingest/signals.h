// GObject signal handlers that hold what they stand on: a shared_ptr copied into the closure and let go with it.
#pragma once

#include <gst/gst.h>

#include <memory>

#include "pipeline/ingest/held.h"

namespace lynceus::ingest {

/// The handler's last argument makes a `Held<T>`.
template <class T>
void connect(GstElement* element, const char* signal, GCallback handler, const std::shared_ptr<T>& context) {
  const auto done = [](gpointer held, GClosure*) { let_go<T>(held); };
  g_signal_connect_data(element, signal, handler, hold(context), done, GConnectFlags{});
}

}  // namespace lynceus::ingest
