#include "pipeline/host/plugin_host.h"

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/error.h"
#include "plugins/sdk/note.h"
#include "tests/support/catch.h"
#include "tests/unit/host/captured_log.h"
#include "tests/unit/host/plugin_files.h"

namespace lynceus::host {
namespace {

const std::string older_sdk = "built for sdk 0, this is sdk " + std::to_string(LYNCEUS_SDK_VERSION);

using test::CapturedLog;
using test::OwnFolder;
using test::test_plugin;

/// Why this one file is refused; empty when it is loaded.
std::string why_refused(const std::string& file) {
  const CapturedLog quiet;
  PluginHost host;
  host.load_file(file);
  return host.refused().empty() ? "" : host.refused().front().why;
}

TEST_CASE("the built-in plugins load from their folder") {
  const CapturedLog quiet;
  PluginHost host;
  host.load_directory(LYNCEUS_PLUGINS);
  for (const std::string& name : PluginHost::built_in_names()) {
    INFO(name);
    REQUIRE(host.find(name) != nullptr);
    REQUIRE(host.find(name)->info().name == name);
  }
  REQUIRE(host.find("no such plugin") == nullptr);
  REQUIRE(host.refused().empty());
}

TEST_CASE("a plugin built for another sdk or OpenCV is refused with what differs") {
  REQUIRE(why_refused(test_plugin("old_sdk")) == older_sdk);
  REQUIRE(why_refused(test_plugin("other_opencv")).find("built for opencv 3.4, this is opencv 4.") == 0);
}

TEST_CASE("no code of a refused plugin runs") {
  const OwnFolder folder;
  const std::string witness = folder.file("witness");
  ::setenv("LYNCEUS_TEST_WITNESS", witness.c_str(), 1);
  REQUIRE(why_refused(test_plugin("writes_when_opened")) == older_sdk);
  ::unsetenv("LYNCEUS_TEST_WITNESS");
  REQUIRE_FALSE(std::filesystem::exists(witness));
}

TEST_CASE("what is no plugin is refused") {
  const OwnFolder folder;
  folder.write("lynceus_text.so",
               "a text of more than sixty-four characters, the size of an ELF header, and then some\n");
  REQUIRE(why_refused(folder.file("lynceus_text.so")) == "not a shared library (no ELF signature)");
  REQUIRE(why_refused(test_plugin("no_note")) == "has no plugin note (not built with LYNCEUS_PLUGIN)");
  REQUIRE(why_refused(folder.file("lynceus_absent.so")) == "No such file or directory");
}

TEST_CASE("a plugin under another name is refused") {
  const OwnFolder folder;
  folder.add(test_plugin("teller"), "lynceus_other.so");
  folder.add(test_plugin("teller"), "teller.so");
  REQUIRE(why_refused(folder.file("lynceus_other.so")) == "its note names the plugin 'teller'");
  REQUIRE(why_refused(folder.file("teller.so")) == "its name is not lynceus_<plugin>.so");
}

TEST_CASE("a plugin with a wrong option table is refused") {
  REQUIRE(why_refused(test_plugin("wrong_table")) == "its option 'speed' has a default of another type");
}

TEST_CASE("a plugin file that others may write to is refused") {
  const OwnFolder folder;
  folder.add(test_plugin("teller"), "lynceus_teller.so");
  std::filesystem::permissions(folder.file("lynceus_teller.so"), std::filesystem::perms(0664));
  REQUIRE(why_refused(folder.file("lynceus_teller.so")) == "others may write there (chmod go-w)");
}

TEST_CASE("the second plugin of a name is refused") {
  const CapturedLog quiet;
  const OwnFolder folder;
  folder.add(test_plugin("teller"), "lynceus_teller.so");
  PluginHost host;
  host.load_file(test_plugin("teller"));
  host.load_file(folder.file("lynceus_teller.so"));
  REQUIRE(host.catalogue().size() == 1);
  REQUIRE(host.refused().size() == 1);
  REQUIRE(host.refused().front().why == "another file has this plugin");
}

TEST_CASE("bad files of a folder are refused, with one line each, and the rest is loaded") {
  const CapturedLog lines;
  const OwnFolder folder;
  for (const char* name : {"teller", "listener", "old_sdk", "no_note"}) {
    folder.add(test_plugin(name), "lynceus_" + std::string(name) + ".so");
  }
  folder.write("lynceus_text.so", "no library");
  folder.write("readme.txt", "not looked at");
  PluginHost host;
  host.load_directory(folder.path());
  REQUIRE(host.find("teller") != nullptr);
  REQUIRE(host.find("listener") != nullptr);
  REQUIRE(host.catalogue().size() == 2);
  REQUIRE(host.refused().size() == 3);
  REQUIRE(lines.count("plugins: refused") == 3);
  REQUIRE(lines.count(older_sdk) == 1);
}

TEST_CASE("a folder that is missing, a file or open to others is an error") {
  const OwnFolder folder;
  PluginHost host;
  const auto why = [&](const std::string& path) {
    try {
      host.load_directory(path);
      return std::string();
    } catch (const Error& error) {
      REQUIRE(error.exit() == Exit::bad_config);
      return std::string(error.what());
    }
  };
  REQUIRE(why(folder.file("absent")) == "plugin directory: " + folder.file("absent") + ": No such file or directory");
  folder.write("file", "");
  REQUIRE(why(folder.file("file")) == "plugin directory: " + folder.file("file") + ": not a directory");
  for (const int mode : {0775, 0757, 0777}) {
    std::filesystem::permissions(folder.path(), static_cast<std::filesystem::perms>(mode));
    REQUIRE(why(folder.path()) == "plugin directory: " + folder.path() + ": others may write there (chmod go-w)");
  }
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  REQUIRE(why(folder.path()).empty());
}

/// Gives what it is told to.
class FakeLoader final : public PluginLoader {
 public:
  const sdk::Plugin* load(const std::string& file) override {
    if (file == "number") throw 7;
    throw std::runtime_error("no file " + file);
  }
};

TEST_CASE("whatever a loader throws is a refusal") {
  const CapturedLog quiet;
  PluginHost host(std::make_unique<FakeLoader>());
  host.load_file("number");
  host.load_file("x");
  REQUIRE(host.refused().size() == 2);
  REQUIRE(host.refused()[0].why == "it threw something that is no std::exception");
  REQUIRE(host.refused()[1].why == "no file x");
}

}  // namespace
}  // namespace lynceus::host
