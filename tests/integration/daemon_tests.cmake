lynceus_test(integration_daemon_http SOURCES daemon_http_test.cpp http_server_test.cpp LIBS lynceus_http Boost::boost LABELS sanitize)

lynceus_test(integration_daemon
  SOURCES daemon_run.cpp daemon_test.cpp daemon_plugins_test.cpp daemon_metrics_test.cpp
          daemon_crash_test.cpp daemon_inference_test.cpp daemon_privacy_test.cpp daemon_settings_test.cpp
  LIBS lynceus_picture nlohmann_json::nlohmann_json LABELS sanitize TIMEOUT 180)
target_compile_definitions(integration_daemon PRIVATE LYNCEUS_BUILD_DIR="${CMAKE_BINARY_DIR}")
add_dependencies(integration_daemon lynceusd test_plugins plugin_health)

lynceus_test(integration_http_prometheus SOURCES daemon_run.cpp http_prometheus_test.cpp LIBS nlohmann_json::nlohmann_json TIMEOUT 180)
target_compile_definitions(integration_http_prometheus PRIVATE LYNCEUS_BUILD_DIR="${CMAKE_BINARY_DIR}")
add_dependencies(integration_http_prometheus lynceusd lynceus plugin_health)
