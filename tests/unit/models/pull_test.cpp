// How a network comes into the folder: from a folder and from the web, right or not at all.
#include <filesystem>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/gst.h"
#include "base/log.h"
#include "pipeline/models/sha256.h"
#include "tests/support/answering_server.h"
#include "tests/support/catch.h"
#include "tests/support/temp_folder.h"
#include "tests/unit/models/a_network.h"
#include "tools/models/fetch.h"
#include "tools/models/store.h"

namespace lynceus::test {
namespace {

using tools::Origins;

const models::ModelFile kFile{"tiny.onnx", 17, kSum, ""};

struct Quiet {
  Quiet() {
    log::capture([](std::string_view) {});
  }
  ~Quiet() { log::capture({}); }
};

std::string trouble(const std::string& folder, const Origins& origins) {
  try {
    tools::pull(kFile, folder, origins);
  } catch (const Error& error) {
    return error.what();
  }
  return "pulled";
}

bool no_web() {
  if (gst::have_element("souphttpsrc")) return false;
  WARN("skipped: no souphttpsrc");
  return true;
}

TEST_CASE("from a folder: what is right is put in its place, what is not leaves nothing") {
  const TempFolder from, to;
  const Origins origins{from.path(), {"http://127.0.0.1:9/never-asked"}};
  REQUIRE(trouble(to.path(), origins) == "models: " + (from / "tiny.onnx") + ": No such file or directory");
  for (const auto& [text, why] : {std::pair{kBytes + "!", "more than the 17 bytes it has"},
                                  std::pair{std::string("short"), "less than the 17 bytes it has"},
                                  std::pair{std::string("no network at ALL"), "other bytes, by their SHA-256"}}) {
    write_file(from / "tiny.onnx", text);
    REQUIRE(trouble(to.path(), origins) == "models: " + (from / "tiny.onnx") + ": " + why);
    REQUIRE(std::filesystem::is_empty(to.path()));
  }
  write_file(from / "tiny.onnx", kBytes);
  write_file(to / "tiny.onnx", "an older one");
  REQUIRE(trouble(to.path(), origins) == "pulled");
  REQUIRE(std::filesystem::file_size(to / "tiny.onnx") == 17);
  REQUIRE(std::distance(std::filesystem::directory_iterator(to.path()), std::filesystem::directory_iterator()) == 1);
}

TEST_CASE("a folder that cannot be written is said to be so") {
  const TempFolder from;
  write_file(from / "tiny.onnx", kBytes);
  const std::string nowhere = from / "none";
  REQUIRE(trouble(nowhere, {from.path(), {}}) ==
          "models: " + nowhere + "/.tiny.onnx.part: cannot be written: No such file or directory");
}

TEST_CASE("from the web: mirrors in their order, until one has it") {
  if (no_web()) return;
  const Quiet quiet;
  const TempFolder to;
  AnsweringServer gone("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  AnsweringServer wrong(http_ok("no network at ALL")), right(http_ok(kBytes));
  REQUIRE(trouble(to.path(), {"", {gone.url("a"), wrong.url("b/"), right.url("c")}}) == "pulled");
  REQUIRE(gone.requests() == 1);
  REQUIRE(wrong.requests() == 1);
  REQUIRE(right.requests() == 1);
  REQUIRE(models::sum_of_file(to / "tiny.onnx", 100)->sha256 == kSum);

  const TempFolder empty;
  const std::string said = trouble(empty.path(), {"", {gone.url("a"), wrong.url("b")}});
  REQUIRE(said.find("HTTP 404") != std::string::npos);
  REQUIRE(said.find("other bytes, by their SHA-256") != std::string::npos);
  REQUIRE(std::filesystem::is_empty(empty.path()));
}

TEST_CASE("the web may send more, less, or somewhere else") {
  if (no_web()) return;
  const Quiet quiet;
  const TempFolder to;
  AnsweringServer endless(http_ok(std::string(std::size_t{4} << 20, 'x')));
  REQUIRE(trouble(to.path(), {"", {endless.url("a")}}).find("more than the 17 bytes it has") != std::string::npos);
  AnsweringServer broken("HTTP/1.1 200 OK\r\nContent-Length: 17\r\nConnection: close\r\n\r\nno net");
  REQUIRE(trouble(to.path(), {"", {broken.url("a")}}) != "pulled");
  AnsweringServer right(http_ok(kBytes));
  AnsweringServer elsewhere("HTTP/1.1 302 Found\r\nLocation: " + right.url("a/tiny.onnx") +
                            "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  REQUIRE(trouble(to.path(), {"", {elsewhere.url("a")}}).find("HTTP 302, a redirect, which is not followed") !=
          std::string::npos);
  REQUIRE(right.requests() == 0);
  REQUIRE(std::filesystem::is_empty(to.path()));
}

TEST_CASE("the password of a mirror is told to nobody but the mirror") {
  if (no_web()) return;
  const Quiet quiet;
  const TempFolder to;
  AnsweringServer gone("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  std::string mirror = gone.url("secret-path?token=hunter33");
  mirror.insert(mirror.find("127."), "joe:hunter22@");
  const std::string said = trouble(to.path(), {"", {mirror}});
  REQUIRE(said.find("hunter") == std::string::npos);
  REQUIRE(said.find("HTTP 404") != std::string::npos);
}

}  // namespace
}  // namespace lynceus::test
