// GObject signal handlers that hold what they stand on: a shared_ptr copied into the closure and let go with it.
#pragma once

#include <gst/gst.h>

#include <memory>

namespace lynceus::ingest {

/// The handler's last argument is a `std::shared_ptr<T>*`.
template <class T>
void connect(GstElement* element, const char* signal, GCallback handler, const std::shared_ptr<T>& context) {
  const auto let_go = [](gpointer held, GClosure*) { delete static_cast<std::shared_ptr<T>*>(held); };
  g_signal_connect_data(element, signal, handler, new std::shared_ptr<T>(context), let_go, GConnectFlags{});
}

}  // namespace lynceus::ingest
