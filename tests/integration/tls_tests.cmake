lynceus_test(integration_tls SOURCES ingest_rtsp_server.cpp ingest_tls_test.cpp
  LIBS lynceus_ingest PkgConfig::GST_RTSP_SERVER PkgConfig::GIO OpenSSL::Crypto OpenCV::core)
