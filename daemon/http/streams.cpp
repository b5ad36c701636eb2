// What a connection sends for longer: pictures, events, files.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "daemon/api/file_part.h"
#include "daemon/api/problem.h"
#include "daemon/http/connection.h"

namespace lynceus::daemon::http {
namespace {

namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using Steady = std::chrono::steady_clock;

constexpr std::string_view kBoundary = "lynceus";
constexpr milliseconds kPictureStep{20};     // how often a waiting viewer looks for a new picture
constexpr milliseconds kRepeatAfter{5'000};  // a still camera's picture is sent again: a viewer that left is noticed
constexpr int kSendBuffer = 256 * 1024;      // small, or seconds of old pictures would wait in the kernel
constexpr milliseconds kEventStep{250};      // how often observations are looked for
constexpr milliseconds kHeartbeat{15'000};   // a silent listener that left is noticed; proxies keep the connection
constexpr std::size_t kFileStep = 128 * 1024;

std::string_view view_of(const Jpeg& jpeg) {
  return {reinterpret_cast<const char*>(jpeg.bytes.data()), jpeg.bytes.size()};
}

Response picture_response(const Jpeg& jpeg) {
  Response response;
  response.type = "image/jpeg";
  response.body = std::string(view_of(jpeg));
  response.headers = {{"Cache-Control", "no-store"}, {"Lynceus-Captured-At", rfc3339(jpeg.captured)}};
  return response;
}

Response no_picture(const PictureAnswer& wanted) {
  Response response = problem(503, "there is no picture of " + wanted.camera + " (" + wanted.view + ") yet");
  response.headers.emplace_back("Retry-After", "1");
  return response;
}

/// An open file; the name may go meanwhile.
class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) {
    struct stat facts {};
    if (fd_ >= 0 && ::fstat(fd_, &facts) == 0 && S_ISREG(facts.st_mode)) {
      good_ = true;
      size_ = static_cast<std::uint64_t>(facts.st_size);
    }
  }
  ~OpenFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  bool good() const { return good_; }
  std::uint64_t size() const { return size_; }
  std::size_t read(std::uint64_t at, std::vector<char>& into) const {
    const ssize_t got = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(at));
    return got > 0 ? static_cast<std::size_t>(got) : 0;
  }

 private:
  const int fd_;
  bool good_ = false;
  std::uint64_t size_ = 0;
};

}  // namespace

Task<void> Connection::pause(milliseconds time) {
  asio::steady_timer timer(executor(), time);
  ErrorCode error;
  co_await timer.async_wait(into(error));
}

Task<bool> Connection::send_bytes(std::string_view bytes) {
  wire_.expires_after(state_->settings.write_timeout);
  ErrorCode error;
  const auto buffer = asio::buffer(bytes.data(), bytes.size());
  co_await asio::async_write(wire_, buffer, into(error));
  if (error == beast::error::timeout) state_->dropped("slow");
  co_return !error;
}

/// The header of an answer without an end.
Task<bool> Connection::begin_stream(std::string_view type) {
  ErrorCode error;
  wire_.socket().set_option(asio::socket_base::send_buffer_size(kSendBuffer), error);
  Response response;
  response.type = std::string(type);
  response.headers = {{"Cache-Control", "no-store"}, {"Connection", "close"}};
  bhttp::response<bhttp::empty_body> header(bhttp::status::ok, 11);
  set_fields(header, response);
  state_->answered(200);
  bhttp::response_serializer<bhttp::empty_body> serializer(header);
  wire_.expires_after(state_->settings.write_timeout);
  co_await bhttp::async_write_header(wire_, serializer, into(error));
  co_return !error;
}

Task<JpegPtr> Connection::first_picture(const PictureAnswer& wanted) {
  const auto until = Steady::now() + state_->settings.picture_wait;
  JpegPtr jpeg = state_->pictures.newest(wanted.camera, wanted.view);
  while (!jpeg && Steady::now() < until) {
    co_await pause(kPictureStep);
    jpeg = state_->pictures.newest(wanted.camera, wanted.view);
  }
  co_return jpeg;
}

Task<bool> Connection::send_picture(const PictureAnswer& wanted, Terms terms) {
  const JpegPtr jpeg = co_await first_picture(wanted);
  Response response = jpeg ? picture_response(*jpeg) : no_picture(wanted);
  if (!jpeg || !wanted.stream) co_return co_await write(std::move(response), terms);
  if (state_->viewers >= state_->settings.viewers) {
    Response full = problem(503, "too many viewers");
    co_return co_await write(std::move(full), terms);
  }
  const Counted viewer(state_->viewers);
  co_await stream_pictures(wanted);
  co_return false;
}

Task<void> Connection::stream_pictures(const PictureAnswer& wanted) {
  if (!co_await begin_stream("multipart/x-mixed-replace; boundary=lynceus")) co_return;
  const auto interval = std::chrono::duration_cast<milliseconds>(std::chrono::duration<double>(1 / wanted.fps));
  std::uint64_t shown = 0;
  auto due = Steady::now();
  auto last = due;
  for (;;) {
    const auto now = Steady::now();
    const JpegPtr jpeg = now >= due ? state_->pictures.newest(wanted.camera, wanted.view) : nullptr;
    if (now >= due && !jpeg && now - last > kRepeatAfter) co_return;  // the camera went
    if (jpeg && (jpeg->version != shown || now - last > kRepeatAfter)) {
      if (!co_await send_part(jpeg)) co_return;
      shown = jpeg->version;
      last = now;
      due = std::max(due + interval, now);  // late: the next one is due now, what was missed is not made up for
    }
    const auto wait = std::chrono::duration_cast<milliseconds>(due - Steady::now());
    co_await pause(std::max(wait, kPictureStep));
  }
}

Task<bool> Connection::send_part(JpegPtr jpeg) {
  const std::string head = "--" + std::string(kBoundary) +
                           "\r\nContent-Type: image/jpeg\r\nContent-Length: " + std::to_string(jpeg->bytes.size()) +
                           "\r\nLynceus-Captured-At: " + rfc3339(jpeg->captured) + "\r\n\r\n";
  const std::array<asio::const_buffer, 3> parts{
      asio::buffer(head), asio::buffer(jpeg->bytes.data(), jpeg->bytes.size()), asio::buffer("\r\n", 2)};
  wire_.expires_after(state_->settings.write_timeout);
  ErrorCode error;
  co_await asio::async_write(wire_, parts, into(error));
  if (error == beast::error::timeout) state_->dropped("slow");
  co_return !error;
}

Task<bool> Connection::send_events(const EventsAnswer& answer, Terms terms) {
  if (state_->viewers >= state_->settings.viewers) {
    Response full = problem(503, "too many listeners");
    co_return co_await write(std::move(full), terms);
  }
  const Counted listener(state_->viewers);
  if (!co_await begin_stream("text/event-stream")) co_return false;
  const auto waker = std::make_shared<Waker>(executor(), state_->gate);
  answer.feed->on_more([wake = waker->handle()] { wake(nullptr); });
  auto last = Steady::now();
  for (;;) {
    std::optional<std::string> text = answer.feed->next();
    if (!text) {
      state_->dropped("slow");
      co_return false;
    }
    if (text->empty() && Steady::now() - last > kHeartbeat) *text = ":\n\n";
    if (text->empty()) {
      co_await waker->wait(kEventStep);
      continue;
    }
    if (!co_await send_bytes(*text)) co_return false;
    last = Steady::now();
  }
}

Task<bool> Connection::send_file(const FileAnswer& wanted, Terms terms) {
  const OpenFile file(wanted.path);
  if (!file.good()) {
    Response gone = problem(404, "the file is not there any more");
    co_return co_await write(std::move(gone), terms);
  }
  FilePart part = part_of(wanted, file.size());
  if (part.head.status == 416) co_return co_await write(std::move(part.head), terms);
  bhttp::response<bhttp::empty_body> header(static_cast<bhttp::status>(part.head.status), terms.version);
  set_fields(header, part.head);
  header.keep_alive(terms.keep_alive);
  header.content_length(part.end - part.begin);
  state_->answered(part.head.status);
  bhttp::response_serializer<bhttp::empty_body> serializer(header);
  wire_.expires_after(state_->settings.write_timeout);
  ErrorCode error;
  co_await bhttp::async_write_header(wire_, serializer, into(error));
  if (error || terms.head) co_return !error && terms.keep_alive;
  std::vector<char> piece;
  for (std::uint64_t at = part.begin; at < part.end;) {
    piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(kFileStep, part.end - at)));
    const std::size_t got = file.read(at, piece);
    if (got == 0 || !co_await send_bytes({piece.data(), got})) co_return false;  // cut off under our hands
    at += got;
  }
  co_return terms.keep_alive;
}

}  // namespace lynceus::daemon::http
