# Real daemons that get another configuration while cameras run.

lynceus_test(integration_reload
  SOURCES daemon_run.cpp reload_test.cpp
  LIBS nlohmann_json::nlohmann_json TIMEOUT 180)
target_compile_definitions(integration_reload PRIVATE LYNCEUS_BUILD_DIR="${CMAKE_BINARY_DIR}")
add_dependencies(integration_reload lynceus lynceusd test_plugins plugin_health)
