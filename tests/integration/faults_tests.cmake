# Real daemons against cameras that go wrong.

lynceus_test(integration_faults
  SOURCES daemon_run.cpp faults_stage.cpp faults_test.cpp
  LIBS nlohmann_json::nlohmann_json SERIAL TIMEOUT 240)
lynceus_test(integration_hostile
  SOURCES daemon_run.cpp go_corpus.cpp hostile_daemon.cpp hostile_test.cpp loopback_server.cpp rtsp_impostor.cpp
  LIBS lynceus_picture nlohmann_json::nlohmann_json TIMEOUT 400)
foreach(test integration_faults integration_hostile)
  target_compile_definitions(${test} PRIVATE LYNCEUS_BUILD_DIR="${CMAKE_BINARY_DIR}")
  add_dependencies(${test} lynceus lynceusd plugin_health)
endforeach()
