// What a callback of GStreamer stands on: a shared_ptr on the heap, for as long as the library holds on to it.
//
// Making, using and letting go are ordered by locks of GLib, which are futexes of its own and unknown to
// ThreadSanitizer. These types tell it of that order and of no other: two uses at one time are still a race if they do
// not lock. In any other build that is nothing. Thread: Held any; each at the time the library calls.
//
//   gst_bus_set_sync_handler(bus, hear, hold(flow), let_go<Flow>);
//   GstBusSyncReply hear(GstBus*, GstMessage* message, gpointer data) { Held<Flow>(data)->on_message(message); … }
#pragma once

#include <glib.h>

#include <memory>
#include <utility>

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace lynceus::ingest {

namespace order {
#if defined(__SANITIZE_THREAD__)
inline void before(void* place) { __tsan_release(place); }
inline void after(void* place) { __tsan_acquire(place); }
#else
inline void before(void*) {}
inline void after(void*) {}
#endif
}  // namespace order

template <class T>
struct Holder {
  std::shared_ptr<T> value;
  char made = 0, used = 0;  // places that stand for the order, never written
};

template <class T>
gpointer hold(std::shared_ptr<T> value) {
  auto* holder = new Holder<T>{std::move(value)};
  order::before(&holder->made);
  return holder;
}

template <class T>
void let_go(gpointer data) {
  auto* holder = static_cast<Holder<T>*>(data);
  order::after(&holder->made);
  order::after(&holder->used);
  delete holder;
}

/// One use, in a callback.
template <class T>
class Held {
 public:
  explicit Held(gpointer data) : holder_(*static_cast<Holder<T>*>(data)) { order::after(&holder_.made); }
  ~Held() { order::before(&holder_.used); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  T* operator->() const { return holder_.value.get(); }
  T& operator*() const { return *holder_.value; }
  const std::shared_ptr<T>& shared() const { return holder_.value; }

 private:
  Holder<T>& holder_;
};

}  // namespace lynceus::ingest
