// rtsps:// with a certificate nobody vouches for: refused, unless the camera's settings say that any will do.
#include <gio/gio.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/gst.h"
#include "base/log.h"
#include "pipeline/ingest/camera_source.h"
#include "tests/integration/ingest_rtsp_server.h"
#include "tests/support/catch.h"
#include "tests/unit/ingest/recorder.h"

using namespace lynceus;
using ingest::SourceSettings;
using ingest::TransportState;
using test::Recorder;
using test::RtspServer;

namespace {

template <class T, void (*free)(T*)>
struct Free {
  void operator()(T* object) const { free(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY, EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509, X509_free>>;
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

/// Certificate and key of 127.0.0.1, signed by itself, good for a day.
std::string self_signed() {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  REQUIRE(key);
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 86400);
  X509_set_pubkey(certificate.get(), key.get());
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  REQUIRE(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0);

  const std::unique_ptr<BIO, FreeBio> text(BIO_new(BIO_s_mem()));
  REQUIRE(PEM_write_bio_X509(text.get(), certificate.get()) == 1);
  REQUIRE(PEM_write_bio_PKCS8PrivateKey(text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(text.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

TEST_CASE("a certificate nobody vouches for is refused, and taken when verify_tls is off") {
  gst::init();
  const auto launch =
      RtspServer::launch("x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25", "rtph264pay");
  if (!launch || !g_tls_backend_supports_tls(g_tls_backend_get_default())) {
    WARN("skipped: no x264enc or no TLS for GLib (package glib-networking)");
    return;
  }
  RtspServer::Settings encrypted{*launch};
  encrypted.certificate = self_signed();
  const RtspServer server(encrypted);
  log::set_level(log::Level::error);  // it is quiet where it passes
  SourceSettings settings;
  settings.detect = server.url();
  {
    Recorder recorder;
    const auto source = ingest::make_source("cam", settings, system_clock(), recorder, &recorder);
    source->start();
    REQUIRE(recorder.state(TransportState::offline));
    INFO(source->status().reason);
    CHECK(source->status().reason.find("certificate is not trusted") != std::string::npos);
    CHECK(source->counters().frames_received == 0);
    source->stop();
  }
  settings.verify_tls = false;
  Recorder recorder;
  const auto source = ingest::make_source("cam", settings, system_clock(), recorder, &recorder);
  source->start();
  CHECK(recorder.more_frames(5));
  source->stop();
}
