#include "pipeline/ingest/url.h"

#include "pipeline/ingest/local_path.h"
#include "pipeline/ingest/source_settings.h"
#include "tests/support/catch.h"

using lynceus::ingest::local_path;
using lynceus::ingest::parse_url;
using lynceus::ingest::redacted;

TEST_CASE("credentials leave the address") {
  const auto url = parse_url("RTSP://joe:p%40s%2Fs@10.0.0.7:554/main?channel=1&x=a%20b");
  REQUIRE(url);
  REQUIRE(url->scheme == "rtsp");
  REQUIRE(url->user == "joe");
  REQUIRE(url->password == "p@s/s");
  REQUIRE(url->address == "10.0.0.7:554");
  REQUIRE(url->bare() == "rtsp://10.0.0.7:554/main?channel=1&x=a%20b");
  REQUIRE(url->query().at("channel") == "1");
  REQUIRE(url->query().at("x") == "a b");
}

TEST_CASE("passwords as vendors write them") {
  struct Row {
    const char *text, *password, *bare;
  };
  for (const Row& row :
       {Row{"rtsp://u:a@b@host/x", "a@b", "rtsp://host/x"}, Row{"rtsp://u:a/b@host/x", "a/b", "rtsp://host/x"},
        Row{"rtsp://u:@host/x", "", "rtsp://host/x"}, Row{"rtsp://[fe80::1]:554/x@2", "", "rtsp://[fe80::1]:554/x@2"},
        Row{"rtsp://host:554/x@2", "", "rtsp://host:554/x@2"}, Row{"rtsp://u:100%@host/", "100%", "rtsp://host/"}}) {
    const auto url = parse_url(row.text);
    REQUIRE(url);
    CHECK(url->password == row.password);
    CHECK(url->bare() == row.bare);
  }
}

TEST_CASE("what is no address") {
  REQUIRE_FALSE(parse_url("/videos/a.mp4"));
  REQUIRE_FALSE(parse_url("://x"));
  REQUIRE_FALSE(parse_url(""));
  REQUIRE(parse_url("rtsp://"));
  REQUIRE(parse_url("rtsp://")->address.empty());
  REQUIRE(parse_url("rtsp://@")->address.empty());
  REQUIRE(parse_url("rtsp://:"));
}

TEST_CASE("an address is shown without its secrets") {
  REQUIRE(redacted("rtsp://joe:secret@cam/main") == "rtsp://cam/main");
  REQUIRE(redacted("http://cam/shot.jpg?user=joe&PassWord=hunter2&res=hd") ==
          "http://cam/shot.jpg?user=joe&PassWord=***&res=hd");
  REQUIRE(redacted("http://cam/x?api%5Fkey=1234#f") == "http://cam/x?api%5Fkey=***#f");
  REQUIRE(redacted("http://cam/x?pwd") == "http://cam/x?pwd");
  REQUIRE(redacted("sim://lobby?fps=10") == "sim://lobby?fps=10");
  REQUIRE(redacted("/videos/a.mp4") == "/videos/a.mp4");
}

TEST_CASE("local paths") {
  REQUIRE(local_path("/a/b.mp4") == "/a/b.mp4");
  REQUIRE(local_path("file:///a/b%20c.mp4") == "/a/b c.mp4");
  REQUIRE(local_path("file://localhost/a") == "/a");
  REQUIRE(local_path("file://clips/a.mp4") == "clips/a.mp4");
  REQUIRE(local_path("v4l2:///dev/video0") == "/dev/video0");
}
