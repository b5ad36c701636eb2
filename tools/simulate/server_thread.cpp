#include "tools/simulate/server_thread.h"

#include <future>
#include <utility>

namespace lynceus::tools {
namespace {

constexpr guint kCleaning_s = 5;

}  // namespace

ServerThread::ServerThread(std::shared_ptr<Channel> channel)
    : channel_(std::move(channel)), context_(g_main_context_new()), loop_(g_main_loop_new(context_, FALSE)) {
  gst::init();
  GSource* cleaning = g_timeout_source_new_seconds(kCleaning_s);
  g_source_set_callback(
      cleaning,
      [](gpointer self) -> gboolean {
        if (auto& server = static_cast<ServerThread*>(self)->server_) server->forget_lost_sessions();
        return G_SOURCE_CONTINUE;
      },
      this, nullptr);
  g_source_attach(cleaning, context_);
  g_source_unref(cleaning);
  thread_ = std::jthread([this] {
    g_main_context_push_thread_default(context_);
    g_main_loop_run(loop_);
    g_main_context_pop_thread_default(context_);
  });
}

ServerThread::~ServerThread() {
  close();
  run_there([this] { g_main_loop_quit(loop_); });
  thread_.join();
  g_main_loop_unref(loop_);
  g_main_context_unref(context_);
}

void ServerThread::run_there(std::function<void()> work) {
  std::packaged_task<void()> task(std::move(work));
  auto done = task.get_future();
  GSource* source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  g_source_set_callback(
      source,
      [](gpointer data) -> gboolean {
        (*static_cast<std::packaged_task<void()>*>(data))();
        return G_SOURCE_REMOVE;
      },
      &task, nullptr);
  g_source_attach(source, context_);
  g_source_unref(source);
  done.get();
}

int ServerThread::open(const RtspSettings& settings) {
  int port = 0;
  run_there([&] {
    server_.reset();
    server_ = std::make_unique<RtspServer>(settings, channel_, context_);
    port = server_->port();
  });
  return port;
}

void ServerThread::close() {
  run_there([this] { server_.reset(); });
}

}  // namespace lynceus::tools
