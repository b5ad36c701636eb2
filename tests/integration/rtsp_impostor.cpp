#include "tests/integration/rtsp_impostor.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <sstream>
#include <utility>

namespace lynceus::test {
namespace {

using namespace std::chrono_literals;

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const auto& text : texts) all += text;
  return all;
}

std::string base64(const std::string& bytes) {
  static constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += i + k > bytes.size() ? '=' : kLetters[group >> (18 - 6 * k) & 63];
  }
  return out;
}

/// What the payloads of an input are said to be; the daemon decodes these three.
std::string encoding_of(const std::string& name) {
  if (has(name, "265")) return "H265/90000";
  if (has(name, "mjpeg")) return "JPEG/90000";
  return "H264/90000";
}

std::string description(const std::string& encoding, const std::string& more = {}) {
  const std::string type = encoding.starts_with("JPEG") ? "26" : "96";
  return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=x\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n" + more + "m=video 0 RTP/AVP " +
         type + "\r\na=rtpmap:" + type + " " + encoding + "\r\na=control:track0\r\n";
}

std::string header_name(const std::string& input) {
  constexpr std::array<std::pair<const char*, const char*>, 6> kNames{{{"FuzzKeyMgmt", "KeyMgmt"},
                                                                       {"FuzzTransports", "Transport"},
                                                                       {"FuzzRTPInfo", "RTP-Info"},
                                                                       {"FuzzAuth", "WWW-Authenticate"},
                                                                       {"FuzzRange", "Range"},
                                                                       {"FuzzSession", "Session"}}};
  for (const auto& [part, name] : kNames) {
    if (has(input, part)) return name;
  }
  return "X-Other";
}

std::string interleaved(int channel, const std::string& packet) {
  std::string frame{'$', static_cast<char>(channel)};
  frame += static_cast<char>(packet.size() >> 8);
  frame += static_cast<char>(packet.size() & 0xff);
  return frame + packet;
}

std::string rtp(const std::string& payload, unsigned number, bool marker, bool jpeg) {
  std::string packet{'\x80', static_cast<char>((jpeg ? 26 : 96) | (marker ? 0x80 : 0))};
  packet += static_cast<char>(number >> 8);
  packet += static_cast<char>(number & 0xff);
  const std::uint32_t stamp = number * 3600;
  for (const int shift : {24, 16, 8, 0}) packet += static_cast<char>(stamp >> shift & 0xff);
  return packet + "abcd" + payload;
}

struct Request {
  std::string method, url, number;
};

/// Empty method: the client has gone, or has nothing to say.
Request read_request(Peer& peer, std::chrono::milliseconds within) {
  std::istringstream head(peer.receive_until("\r\n\r\n", within));
  Request request;
  head >> request.method >> request.url;
  for (std::string line; std::getline(head, line);) {
    if (line.starts_with("CSeq:")) request.number = line.substr(5, line.find('\r') - 5);
  }
  return request;
}

/// One connection with one input in its place.
class Conversation {
 public:
  Conversation(Peer& peer, const CorpusInput& input, Place place) : peer_(peer), input_(input), place_(place) {}

  /// True when the input was sent.
  bool answer(const Request& request) {
    if (const auto own = place_of_method(request.method); own && *own == place_)
      return peer_.send(joined(input_.texts));
    if (place_ == Place::header) return answer_with_header(request), true;
    if (request.method == "DESCRIBE") return describe(request);
    if (request.method == "SETUP")
      return answer(request, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nSession: 1\r\n"), false;
    answer(request, "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\nSession: 1\r\n");
    return request.method == "PLAY" && play();
  }

 private:
  static std::optional<Place> place_of_method(const std::string& method) {
    if (method == "OPTIONS") return Place::options;
    if (method == "DESCRIBE") return Place::describe;
    if (method == "SETUP") return Place::setup;
    if (method == "PLAY") return Place::play;
    return std::nullopt;
  }

  void answer(const Request& request, const std::string& headers, const std::string& body = {},
              const std::string& status = "200 OK") {
    peer_.send("RTSP/1.0 " + status + "\r\nCSeq:" + request.number + "\r\n" + headers +
               (body.empty() ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") + "\r\n" + body);
  }

  void answer_with_header(const Request& request) {
    const std::string name = header_name(input_.name);
    const bool describes = request.method == "DESCRIBE";
    const bool refuses = describes && name == "WWW-Authenticate";
    std::string headers = name + ": " + joined(input_.texts) + "\r\n";
    if (describes) headers += "Content-Type: application/sdp\r\n";
    if (request.method == "SETUP" && name != "Transport")
      headers += "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n";
    answer(request, headers, describes ? description("H264/90000") : "", refuses ? "401 Unauthorized" : "200 OK");
  }

  bool describe(const Request& request) {
    std::string body = description(encoding_of(input_.name));
    if (place_ == Place::sdp) body = joined(input_.texts);
    if (place_ == Place::media)
      body = description("H264/90000", joined(input_.texts) + "\r\n") + joined(input_.texts) + "\r\n";
    if (place_ == Place::key) body += "a=key-mgmt:mikey " + base64(joined(input_.texts)) + "\r\n";
    answer(request, "Content-Type: application/sdp\r\nContent-Base: " + request.url + "/\r\n", body);
    return place_ == Place::sdp || place_ == Place::media || place_ == Place::key;
  }

  bool play() {
    const bool jpeg = encoding_of(input_.name).starts_with("JPEG");
    unsigned number = 1;
    for (int round = 0; round < 20; ++round) {
      for (const auto& text : input_.texts) {
        ++number;
        if (place_ == Place::rtp) peer_.send(interleaved(0, rtp(text, number, number % 2 == 0, jpeg)));
        if (place_ == Place::rtcp) peer_.send(interleaved(1, text));
        if (place_ == Place::raw) peer_.send(text);
      }
    }
    return true;
  }

  Peer& peer_;
  const CorpusInput& input_;
  const Place place_;
};

}  // namespace

Place place_of(const CorpusInput& input) {
  const std::string& name = input.name;
  if (has(name, "FuzzDecoder") || has(name, "EqualsDTS")) return Place::rtp;
  if (name.starts_with("format_")) return Place::media;
  if (name.starts_with("headers_") || name.starts_with("auth_")) return Place::header;
  if (name.starts_with("mikey_")) return Place::key;
  if (name.starts_with("rtcp")) return Place::rtcp;
  if (has(name, "FuzzInterleavedFrame")) return Place::raw;
  if (name.starts_with("base_")) return Place::describe;
  return Place::sdp;
}

RtspImpostor::RtspImpostor(std::vector<CorpusInput> inputs)
    : inputs_(std::move(inputs)), played_(inputs_.size() * kPlaces), server_([this](Peer& peer) { serve(peer); }) {}

std::string RtspImpostor::url(std::size_t input, Place place) const {
  return "rtsp://127.0.0.1:" + std::to_string(server_.port()) + "/" + std::to_string(input) + "/" +
         std::to_string(static_cast<int>(place));
}

void RtspImpostor::serve(Peer& peer) {
  bool sent = false;
  for (;;) {
    const Request request = read_request(peer, sent ? 500ms : 10s);  // one that has got its input need not wait long
    std::istringstream path(request.url.substr(std::min(request.url.size(), request.url.find('/', 7) + 1)));
    std::size_t input = 0;
    int place = 0;
    char slash = 0;
    if (!(path >> input >> slash >> place) || input >= inputs_.size() || place < 0 || place >= int{kPlaces}) return;
    if (!Conversation(peer, inputs_[input], static_cast<Place>(place)).answer(request)) continue;
    if (!std::exchange(sent, true)) ++played_[slot(input, static_cast<Place>(place))];
  }
}

}  // namespace lynceus::test
