# Real daemons against cameras that go wrong.

lynceus_test(integration_faults
  SOURCES daemon_run.cpp faults_stage.cpp faults_test.cpp
  LIBS nlohmann_json::nlohmann_json SERIAL TIMEOUT 240)
target_compile_definitions(integration_faults PRIVATE LYNCEUS_BUILD_DIR="${CMAKE_BINARY_DIR}")
add_dependencies(integration_faults lynceus lynceusd plugin_health)
